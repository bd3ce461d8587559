import type { JsonObject, JsonValue } from '../domain/json.ts';
import { contentText, messagesOf, toolCallsOf } from './messages.ts';
import type { FitRule } from './rule.ts';

/** From this many equal rounds on the model is taken to be stuck; the platform's own guard comes a little later. */
const fewestRounds = 3;

/** An assistant message with its calls, and the results that follow it. */
interface Round {
  messages: JsonObject[];
  /** Name and arguments of the calls; '' when there are none. */
  key: string;
}

/** `Repetitive tool calls detected in the conversation history. ...` (error-code page; QwenLM/qwen-code#5019). */
export const loopBreaker: FitRule = {
  id: 'loop-breaker',
  doc:
    `When the same call was repeated ${fewestRounds} times or more without a break, only its last round is sent, and its result tells the model ` +
    'how often it made the call and asks for another way.',
  protocols: ['openai-chat'],
  enabledByDefault: false,
  apply({ document, provider }) {
    if (provider.catalogued !== true) return false;
    const messages = messagesOf(document).map(({ message }) => message);
    if (messages.filter((message) => message['tool_calls'] !== undefined).length < fewestRounds) return false;
    const rounds = roundsOf(messages);
    const shortened = rounds.flatMap((round, index) => shorten(round, index, rounds));
    if (shortened.length === rounds.reduce((sum, { messages }) => sum + messages.length, 0)) return false;
    document.set(['messages'], shortened);
    return true;
  },
};

function roundsOf(messages: readonly JsonObject[]): Round[] {
  const rounds: Round[] = [];
  for (const message of messages) {
    const current = rounds.at(-1);
    if (message['role'] === 'tool' && current) current.messages.push(message);
    else rounds.push({ messages: [message], key: keyOf(message) });
  }
  return rounds;
}

function keyOf(message: JsonObject): string {
  const calls = toolCallsOf(message);
  return calls.length === 0 ? '' : JSON.stringify(calls.map((call) => call['function'] ?? null));
}

/** Nothing of a round that is repeated by the next one, the last of a long run with a hint, others as they are. */
function shorten(round: Round, index: number, rounds: readonly Round[]): JsonObject[] {
  if (round.key === '') return round.messages;
  let first = index;
  while (rounds[first - 1]?.key === round.key) first--;
  let end = index;
  while (rounds[end + 1]?.key === round.key) end++;
  const count = end - first + 1;
  if (count < fewestRounds) return round.messages;
  return index === end ? withHint(round.messages, count) : [];
}

function withHint(messages: readonly JsonObject[], count: number): JsonObject[] {
  const last = messages.at(-1);
  if (!last || last['role'] !== 'tool') return [...messages];
  const hint =
    `Note: this call was made ${count} times in a row with the same arguments. ` +
    'Do not make it again; use what is known, try another way, or say what is missing.';
  const text: JsonValue = `${contentText(last['content'])}\n\n${hint}`;
  return [...messages.slice(0, -1), { ...last, content: text }];
}
