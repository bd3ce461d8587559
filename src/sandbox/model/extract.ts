import { evaluate, findExpression } from './arithmetic.ts';

/** What a text names that a tool argument could be, read once. `numbers` are handed out in order. */
export interface Facts {
  text: string;
  chinese: boolean;
  quoted: string[];
  code: string[];
  numbers: number[];
  paths: string[];
  urls: string[];
  emails: string[];
  dates: string[];
  places: string[];
  names: string[];
  expression: string | undefined;
}

/** Finds the facts of a text; the text is bounded by the caller. */
export function findFacts(text: string, chinese: boolean): Facts {
  const urls = all(text, /https?:\/\/[^\s"'`<>()，。]+/g).map((url) => url.replace(/[.,;:!?]+$/, ''));
  const bare = text.replace(/https?:\/\/[^\s"'`<>()，。]+/g, ' ');
  return {
    text,
    chinese,
    quoted: all(text, /"([^"\n]{1,400})"|“([^”\n]{1,400})”|「([^」\n]{1,400})」|(?<![\w])'([^'\n]{1,400})'(?!\w)/g),
    code: all(text, /`([^`\n]{1,400})`/g),
    numbers: all(bare.replace(/(\d),(?=\d{3}\b)/g, '$1'), /(?<![\w.])-?\d+(?:\.\d+)?(?![\w])/g).map(Number),
    paths: all(
      bare,
      /(?:^|[\s"'`(（“])((?:~|\.{1,2})?\/[\w.\-/]{1,300}|[\w-]{1,100}(?:\/[\w.-]{1,100}){1,10}|[\w-]{1,100}\.[A-Za-z]{1,5}\d?)(?=$|[\s"'`),.;:?!，。）”])/gm,
    ).map((path) => path.replace(/\.$/, '')),
    urls,
    emails: all(text, /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g),
    dates: all(text, /\b\d{4}-\d{2}-\d{2}(?:T[\d:.]{5,12}Z?)?\b/g),
    places: chinese ? chinesePlaces(text) : englishPlaces(text),
    names: all(text, /(?<=[a-z,]\s)([A-Z][a-z]{1,20}(?:\s[A-Z][a-z]{1,20}){0,2})/g),
    expression: numericExpression(text),
  };
}

function numericExpression(text: string): string | undefined {
  const found = findExpression(text);
  return found !== undefined && evaluate(found) !== undefined ? found : undefined;
}

/** The first group that matched of each hit, without repeats. */
function all(text: string, pattern: RegExp): string[] {
  const found = new Set<string>();
  for (const match of text.matchAll(pattern)) {
    const value = match.slice(1).find((group) => group !== undefined) ?? match[0];
    if (value.trim() !== '') found.add(value.trim());
    if (found.size >= 64) break;
  }
  return [...found];
}

const place = "[A-Z][\\p{L}'.-]{1,30}(?:\\s(?:of\\s)?[A-Z][\\p{L}'.-]{1,30}){0,3}";
const placeList = new RegExp(
  `\\b(?:in|at|for|of|from|to|near|between|around)\\s+(?:the\\s+)?(${place}(?:,\\s*[A-Z]{2}\\b|,\\s*[A-Z][\\p{L}]{1,20}(?=,|\\?|$))?(?:(?:\\s*,\\s*|\\s+and\\s+|\\s*,\\s*and\\s+|\\s+or\\s+)${place}){0,8})`,
  'gu',
);
const notPlaces = new Set([
  'Celsius',
  'Fahrenheit',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
  'English',
  'Chinese',
  'French',
  'JSON',
]);

function englishPlaces(text: string): string[] {
  const lists = all(text, placeList);
  return lists
    .flatMap((list) => list.split(/\s*,\s*and\s+|\s+and\s+|\s+or\s+|\s*,(?!\s*[A-Z]{2}\b)\s*/))
    .map((each) => each.replace(/[.']+$/, ''))
    .filter((each) => !notPlaces.has(each) && !/^[A-Z]{3}$/.test(each));
}

const chineseCities =
  /(北京|上海|广州|深圳|杭州|南京|成都|重庆|武汉|西安|天津|苏州|长沙|青岛|厦门|大连|香港|澳门|台北|新加坡|东京|首尔|纽约|伦敦|巴黎|柏林|悉尼|洛杉矶|旧金山|莫斯科)/g;

function chinesePlaces(text: string): string[] {
  const cities = all(text, chineseCities);
  return cities.length > 0 ? cities : all(text, /([\p{Script=Han}]{2,4}(?:市|省|县|区))/gu);
}
