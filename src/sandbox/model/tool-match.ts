import type { PromptTool } from './prompt.ts';
import { nameWords } from './schema-strings.ts';
import { lookUp } from '../../wire/dispatch.ts';

/** Words of tool names that say nothing about what is asked. */
const emptyWords = new Set(
  'get set query fetch find search list read write edit run create update delete remove make do tool function current data info information task agent ask user question plan skill note message send use call exec execute for by of the a an in on to and or with from useful when you want know specific return returns given this that is are it its such as if not only be can will should which used using name value input output string number json text file files'.split(
    ' ',
  ),
);

/** Words that users say for what a tool calls otherwise. */
const synonyms: Record<string, string[]> = {
  weather: [
    'temperature',
    'forecast',
    'rain',
    'raining',
    'rainy',
    'sunny',
    'snow',
    'hot',
    'cold',
    'warm',
    'umbrella',
    '天气',
    '气温',
    '下雨',
    '温度',
  ],
  temperature: ['hot', 'cold', 'warm', 'weather', '气温', '天气'],
  forecast: ['weather', '天气'],
  time: ['clock', 'hour', 'now', 'date', '时间', '几点', '现在'],
  date: ['today', 'day', '日期', '今天', '几号'],
  stock: ['share', 'shares', '股票', '股价'],
  price: ['cost', 'costs', 'much', '价格', '多少钱'],
  exchange: ['currency', 'convert', '汇率'],
  currency: ['exchange', 'convert', '汇率', '货币'],
  calculate: ['calculation', 'compute', 'plus', 'minus', 'times', '计算', '算'],
  calculator: ['calculate', 'compute', 'plus', 'minus', 'times', 'multiply', 'divide', '计算', '算'],
  math: ['calculate', 'compute', 'plus', 'minus', 'times', '计算'],
  add: ['plus', 'sum', '加'],
  multiply: ['times', 'product', '乘'],
  translate: ['translation', '翻译'],
  translator: ['translate', 'translation', '翻译'],
  search: ['look', '搜索', '查找'],
  news: ['headlines', '新闻'],
  email: ['mail', '邮件'],
  flight: ['flights', 'fly', '航班', '机票'],
  hotel: ['hotels', '酒店'],
  image: ['picture', 'photo', 'draw', '图片', '画'],
  joke: ['funny', '笑话'],
  random: ['dice', 'roll', '随机'],
  order: ['订单'],
  location: ['where', '位置'],
};

/** The tool that fits a text best, when its score reaches the least; the first of equals. */
export function bestTool(text: string, tools: readonly PromptTool[], least: number): PromptTool | undefined {
  const words = wordsOf(text);
  let best: { tool: PromptTool; score: number } | undefined;
  for (const tool of tools.slice(0, 200)) {
    const score = scoreOf(tool, text, words);
    if (score >= least && score > (best?.score ?? -1)) best = { tool, score };
  }
  return best?.tool;
}

/** The tools that the text tells to use by their name. */
export function mentionedTools(text: string, tools: readonly PromptTool[]): PromptTool[] {
  return tools.slice(0, 200).filter((tool) => isMentioned(text, tool.name));
}

/** A question about a tool is no order to use it. */
const asksAbout =
  /^(?:what|how|why|when|which|does|do|is|are|can|explain|describe|list)\b|^(?:什么|为什么|怎么|如何|解释)/i;

function isMentioned(text: string, name: string): boolean {
  const position = text.toLowerCase().indexOf(name.toLowerCase());
  if (name.length < 2 || position === -1) return false;
  const before = text.slice(Math.max(0, position - 24), position);
  const after = text.slice(position + name.length, position + name.length + 12);
  if (/\w$/.test(before) || /^\w/.test(after)) return false;
  const ordered =
    /(?:\b(?:use|using|call|invoke|run|execute|with|via)\s+(?:the\s+|a\s+|your\s+)?|调用|使用|用)\s*[`"'“]?$/i.test(
      before,
    );
  const isTool = /^[`"'”]?\s*(?:tool|function|工具|函数)/i.test(after);
  // A name that is no ordinary word needs no more than to be ordered; `Read` or `task` must be called a tool.
  return (isTool && (ordered || !asksAbout.test(text))) || (ordered && /[_\d-]|[a-z][A-Z]|^mcp/.test(name));
}

/** 3 for each word of the name that the text has, 1 for each of the description. */
function scoreOf(tool: PromptTool, text: string, words: ReadonlySet<string>): number {
  const name = nameWords(tool.name);
  const named = name.filter((word) => !emptyWords.has(word) && hits(word, text, words)).length;
  const imperative = startsWith(text, name[0]) ? 3 : 0;
  const described = new Set(
    nameWords(tool.description.slice(0, 600)).filter((word) => word.length > 2 && !emptyWords.has(word)),
  );
  const shared = [...described].filter((word) => !name.includes(word) && words.has(stem(word))).length;
  return named * 3 + imperative + Math.min(3, shared + chineseOverlap(tool.description, text));
}

function hits(word: string, text: string, words: ReadonlySet<string>): boolean {
  if (words.has(stem(word))) return true;
  return (lookUp(synonyms, word) ?? []).some((each) =>
    /\p{Script=Han}/u.test(each) ? text.includes(each) : words.has(stem(each)),
  );
}

/** "Search for ..." begins with the verb that the tool is named after. */
function startsWith(text: string, verb: string | undefined): boolean {
  const first = /^(?:please\s+|can you\s+|could you\s+)?([a-z]+)/i.exec(text.trim())?.[1]?.toLowerCase();
  return (
    verb !== undefined &&
    first === verb &&
    first.length > 2 &&
    !['get', 'run', 'use', 'ask', 'do', 'make', 'set'].includes(first)
  );
}

function wordsOf(text: string): Set<string> {
  return new Set(nameWords(text.slice(0, 4_000)).map(stem));
}

function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:ies|es|s|ing|ed)$/, '') : word;
}

/** How many two-character Chinese words the description and the text share. */
function chineseOverlap(description: string, text: string): number {
  const pairs = new Set<string>();
  for (const run of text.match(/\p{Script=Han}{2,40}/gu) ?? []) {
    for (let start = 0; start + 2 <= run.length; start += 1) pairs.add(run.slice(start, start + 2));
  }
  const empty = new Set([
    '查询',
    '获取',
    '使用',
    '一个',
    '这个',
    '可以',
    '什么',
    '怎么',
    '如何',
    '信息',
    '用户',
    '工具',
    '今天',
    '现在',
    '当前',
  ]);
  return [...pairs].filter((pair) => !empty.has(pair) && description.includes(pair)).length;
}
