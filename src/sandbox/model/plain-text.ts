import type { ModelEntry } from '../../catalogue/models.ts';
import { evaluate, findExpression } from './arithmetic.ts';
import type { Prompt } from './prompt.ts';
import type { CurrentRequest } from './request-text.ts';
import { topicOf, titleOf } from './topic.ts';
import { lookUp } from '../../wire/dispatch.ts';

/** The text that answers a request without tools: the first writer that knows what to say, else a few words on the topic. */
export function plainAnswer(request: CurrentRequest, prompt: Prompt): string {
  for (const write of writers) {
    const text = write(request, prompt);
    if (text !== undefined) return text;
  }
  return aboutTopic(request);
}

/** A text of about so many words on the topic, for answers of a given length. */
export function longText(
  request: CurrentRequest,
  atLeastTokens: number,
  countTokens: (text: string) => number,
): string {
  const opening = aboutTopic(request);
  const sentences = request.chinese ? chineseSentences : englishSentences;
  const perRound = countTokens(sentences.join(' '));
  const rounds = Math.ceil(Math.max(0, atLeastTokens) / Math.max(1, perRound)) + 1;
  const joiner = request.chinese ? '' : ' ';
  return [opening, ...Array.from({ length: rounds }, () => sentences.join(joiner))].join(joiner);
}

type Writer = (request: CurrentRequest, prompt: Prompt) => string | undefined;

const writers: readonly Writer[] = [
  title,
  echo,
  whoAreYou,
  recalledName,
  countTo,
  letterCount,
  words,
  comparison,
  arithmetic,
  greeting,
  thanks,
  seenMedia,
];

/** Agents name conversations with a call of its own. */
function title(request: CurrentRequest, prompt: Prompt): string | undefined {
  const system = prompt.turns.find((turn) => turn.role === 'system')?.text.slice(0, 4_000) ?? '';
  const asked = /title generator|generate (?:a|an)?\s?(?:short |brief |concise )*title|生成.{0,10}标题/i;
  if (!asked.test(system) && !/^generate a (?:short |brief |concise )*title/i.test(request.text)) return undefined;
  return titleOf(request.text.replace(/^generate a [^\n:]{0,60}(?:title)[^\n:]{0,60}:?\s*/i, ''), request.chinese);
}

function echo({ text }: CurrentRequest): string | undefined {
  const asked =
    /^(?:please\s+)?(?:say|repeat|reply|respond|answer|return|output|print|write)(?:\s+(?:back|only|just|exactly|with|the (?:word|phrase|text)|this|after me|verbatim))*\s*:?\s*["'“`]([^"'”`]{1,2000})["'”`][.!]?(?:\s*(?:and nothing else|only)\.?)?$/i.exec(
      text,
    ) ??
    /^(?:please\s+)?(?:reply|respond|answer)\s+(?:(?:only|just|exactly)\s+)*with\s+(?:(?:only|just|exactly)\s*:?\s+)*(?:the (?:single )?(?:word|text|phrase)\s+)?:?\s*(\S.{0,200}?)(?:\s+(?:and nothing else|only))?[.!]?$/i.exec(
      text,
    ) ??
    /^(?:please\s+)?(?:say|repeat)\s*(?:exactly|after me)?\s*[:：]\s*(\S.{0,2000})$/is.exec(text) ??
    /^(?:请)?(?:只)?(?:说|重复|回复|回答|输出)\s*[:：]?\s*["'“「『]([^"'”」』]{1,2000})["'”」』][。]?$/.exec(text);
  return asked?.[1];
}

const owners: Record<string, { name: string; maker: string; chineseName: string; chineseMaker: string }> = {
  deepseek: { name: 'DeepSeek', maker: 'DeepSeek', chineseName: 'DeepSeek', chineseMaker: '深度求索' },
  'zhipu-ai': { name: 'GLM', maker: 'Z.ai', chineseName: 'GLM', chineseMaker: '智谱' },
  'moonshot-ai': { name: 'Kimi', maker: 'Moonshot AI', chineseName: 'Kimi', chineseMaker: '月之暗面' },
  'mini-max': { name: 'MiniMax', maker: 'MiniMax', chineseName: 'MiniMax', chineseMaker: '稀宇科技' },
};
const qwen = { name: 'Qwen', maker: 'Alibaba Cloud', chineseName: '通义千问', chineseMaker: '阿里云' };

function whoAreYou({ text, chinese }: CurrentRequest, { model }: Prompt): string | undefined {
  if (
    !/\bwho are you\b|\bwhat(?:'s| is) your name\b|\bintroduce yourself\b|你是谁|你叫什么|介绍一下你自己|自我介绍/i.test(
      text,
    )
  )
    return undefined;
  const who = ownerOf(model);
  return chinese
    ? `我是${who.chineseName}，由${who.chineseMaker}开发的大语言模型。`
    : `I am a large language model from ${who.maker}. My name is ${who.name}.`;
}

function ownerOf(model: ModelEntry): typeof qwen {
  return lookUp(owners, model.owner) ?? qwen;
}

function recalledName({ text, chinese }: CurrentRequest, prompt: Prompt): string | undefined {
  if (!/\b(?:what(?:'s| is)|do you (?:know|remember)) my name\b|我叫什么|我的名字/i.test(text)) return undefined;
  const said = prompt.turns.findLast((turn) => turn.role === 'user' && namedIn(turn.text) !== undefined);
  const name = said === undefined ? undefined : namedIn(said.text);
  if (name === undefined) return chinese ? '您还没有告诉我您的名字。' : 'You have not told me your name yet.';
  return chinese ? `您的名字是${name}。` : `Your name is ${name}.`;
}

function namedIn(text: string): string | undefined {
  return (
    /\b(?:my name is|i am called|call me)\s+([\p{L}'-]{1,40})/iu.exec(text.slice(0, 4_000))?.[1] ??
    /我叫([\p{Script=Han}A-Za-z]{1,10})/u.exec(text.slice(0, 4_000))?.[1]
  );
}

const maxCount = 1_000;

function countTo({ text }: CurrentRequest): string | undefined {
  const match =
    /(?:count|list|write|print)(?: the)?(?: numbers)?(?: from)?\s+(\d{1,5})\s+(?:to|through|until)\s+(\d{1,5})|(?:count)\s+(?:up )?to\s+(\d{1,5})|从(\d{1,5})数到(\d{1,5})/i.exec(
      text,
    );
  if (match === null) return undefined;
  const from = Number(match[1] ?? match[4] ?? 1);
  const to = Number(match[2] ?? match[3] ?? match[5] ?? from);
  const length = Math.min(maxCount, Math.abs(to - from) + 1);
  return Array.from({ length }, (_, index) => from + Math.sign(to - from) * index).join(', ');
}

const numberWords: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};
const greetings = [
  'Hello.',
  'Hello there.',
  'Hello there, friend.',
  'Hello, how are you?',
  'Hello, how are you today?',
  'Hello there, how are you today?',
];

function words({ text }: CurrentRequest): string | undefined {
  const match = /\bin (?:exactly )?(one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) words?\b/i.exec(text);
  if (match?.[1] === undefined) return undefined;
  const count = lookUp(numberWords, match[1].toLowerCase()) ?? Number(match[1]);
  const greeting = /\b(?:hello|hi|greet)\b/i.test(text) ? greetings[count - 1] : undefined;
  if (greeting !== undefined) return greeting;
  const source = [...topicOf(text, false).split(' '), ...englishSentences.join(' ').split(' ')];
  return `${source
    .slice(0, Math.max(1, count))
    .join(' ')
    .replace(/[.,…]+$/, '')}.`;
}

function letterCount({ text, chinese }: CurrentRequest): string | undefined {
  const match =
    /how many (?:times does )?["'“]?([a-z])["'”]?(?:'?s)?\b[^\n]{0,40}?\bin (?:the word )?["'“]?([a-z]{2,40})/i.exec(
      text,
    );
  const [, letter, word] = match ?? [];
  if (letter === undefined || word === undefined) return undefined;
  const count = word.toLowerCase().split(letter.toLowerCase()).length - 1;
  return chinese ? `${word} 里有 ${count} 个 ${letter}。` : `There are ${count} "${letter}" in "${word}".`;
}

function comparison({ text, chinese }: CurrentRequest): string | undefined {
  if (!/\b(?:larger|bigger|greater|smaller|less)\b|谁大|哪个大|更大|更小|哪个小/i.test(text)) return undefined;
  const [first, second] = (text.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  if (first === undefined || second === undefined) return undefined;
  const small = /\b(?:smaller|less)\b|更小|哪个小/i.test(text);
  const [winner, other] = first > second !== small ? [first, second] : [second, first];
  if (chinese) return `${winner} 比 ${other} ${small ? '小' : '大'}。`;
  return `${winner} is ${small ? 'smaller' : 'larger'} than ${other}.`;
}

function arithmetic({ text, chinese }: CurrentRequest): string | undefined {
  const expression = findExpression(text);
  const value = expression === undefined ? undefined : evaluate(expression);
  if (expression === undefined || value === undefined) return undefined;
  const line = `${expression
    .replace(/\s+/g, '')
    .replace(/([+\-*/%^])/g, ' $1 ')
    .trim()} = ${value}`;
  return chinese ? `${line}。` : `${line}.`;
}

function greeting({ text, chinese }: CurrentRequest): string | undefined {
  if (
    !/^(?:say\s+)?(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings|ping|你好|您好|嗨|早上好|晚上好|在吗)(?:[\s,!.?，！。？~]|there|world|$)/i.test(
      text,
    ) ||
    text.length > 40
  )
    return undefined;
  return chinese ? '你好！有什么我可以帮您的吗？' : 'Hello! How can I help you today?';
}

function thanks({ text, chinese }: CurrentRequest): string | undefined {
  if (!/^(?:thanks|thank you|谢谢|多谢)/i.test(text) || text.length > 40) return undefined;
  return chinese ? '不客气！还有什么需要帮忙的吗？' : 'You are welcome! Is there anything else I can help with?';
}

function seenMedia(request: CurrentRequest): string | undefined {
  const { media, chinese } = request;
  const last = media.at(-1);
  if (last === undefined) return undefined;
  if (chinese)
    return `我收到了 ${media.length} 个${{ image: '图片', video: '视频', audio: '音频' }[last]}。${aboutTopic(request)}`;
  return `I received ${media.length} ${last}${media.length > 1 ? ' items' : ''}. ${aboutTopic(request)}`;
}

function aboutTopic({ text, chinese }: CurrentRequest): string {
  const topic = topicOf(text, chinese);
  if (topic === '') return chinese ? '请告诉我您想了解什么。' : 'Please tell me what you would like to know.';
  if (chinese) return `关于“${topic}”：这是一个简短的回答。如需更多细节，请告诉我您最关心的方面。`;
  return `Here is a short answer about "${topic}". Tell me which part matters most to you and I will go into detail.`;
}

const englishSentences = [
  'The first thing to look at is what is already known.',
  'From there each step follows from the one before it.',
  'A small example makes the idea easier to see.',
  'Exceptions exist, and they are worth naming one by one.',
  'In short, the result depends on the details of the case.',
];
const chineseSentences = [
  '首先来看已知的情况。',
  '接下来每一步都建立在前一步之上。',
  '一个小例子可以让思路更清楚。',
  '也存在例外，值得逐一说明。',
  '总之，结果取决于具体情况。',
];
