import type { WrittenRequest } from '../../domain/codec.ts';
import type { Conversation, ResponseFormat, Thinking, Tool, ToolChoice, Turn } from '../../domain/conversation.ts';
import { asObject } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import { DropList } from '../shared/dropped.ts';
import { samplingMembers } from './schema.ts';
import { writeText, writeTurns } from './write-turns.ts';

/** Anthropic requires `max_tokens`. When the client set no cap this one is written: every current model can give as much. */
export const defaultMaxTokens = 8192;

/** Anthropic's least thinking budget. */
const leastBudget = 1024;

/** Thinking budgets for the efforts that other protocols name; also what "on" alone means. */
const budgetOfEffort: ReadonlyMap<string, number> = new Map([
  ['minimal', 1024],
  ['low', 2048],
  ['medium', 8192],
  ['high', 16_384],
  ['xhigh', 32_768],
  ['max', 32_768],
]);

/** Sampling and other members without a place in a Messages request, with their names as clients know them. */
const inexpressible = [
  ['presence_penalty', ({ sampling }: Conversation) => sampling.presencePenalty],
  ['frequency_penalty', ({ sampling }: Conversation) => sampling.frequencyPenalty],
  ['repetition_penalty', ({ sampling }: Conversation) => sampling.repetitionPenalty],
  ['seed', ({ sampling }: Conversation) => sampling.seed],
  ['n', ({ choices }: Conversation) => (choices === 1 ? undefined : choices)],
] as const;

/** A conversation as a Messages request. */
export function writeRequest(conversation: Conversation): WrittenRequest {
  const dropped = new DropList();
  const { system, stop, stream, sampling, userId } = conversation;
  const body: JsonObject = { model: conversation.model };
  const budget = writeThinking(conversation, body, dropped);
  body['max_tokens'] = maxTokens(conversation, budget, dropped);
  const instructions = system.flatMap(writeText);
  if (instructions.length > 0) body['system'] = instructions;
  body['messages'] = writeTurns(conversation.turns, dropped);
  if (stream) body['stream'] = true;
  if (stop.length > 0) body['stop_sequences'] = [...stop];
  for (const [wire, neutral] of samplingMembers) {
    if (sampling[neutral] !== undefined) body[wire] = sampling[neutral];
  }
  writeTools(conversation, body, dropped);
  if (userId !== undefined) body['metadata'] = { user_id: userId };
  if (conversation.responseFormat !== undefined) writeFormat(conversation.responseFormat, body, dropped);
  for (const [name, read] of inexpressible) if (read(conversation) !== undefined) dropped.add(name);
  return { body, dropped: dropped.list() };
}

/** The budget counts towards the cap, so a default cap leaves room for both. */
function maxTokens({ maxOutputTokens }: Conversation, budget: number, dropped: DropList): number {
  if (maxOutputTokens !== undefined) return maxOutputTokens;
  const cap = defaultMaxTokens + budget;
  dropped.add(`max_tokens=${cap}`);
  return cap;
}

/** Writes `thinking` and the effort; returns the budget that was written, 0 for none. */
function writeThinking(conversation: Conversation, body: JsonObject, dropped: DropList): number {
  const { thinking, turns, maxOutputTokens } = conversation;
  if (thinking === undefined) return 0;
  const { mode, effort } = thinking;
  if (mode === 'off') {
    body['thinking'] = { type: 'disabled' };
    return 0;
  }
  if (lacksSignedThinking(turns)) {
    dropped.add('thinking');
    return 0;
  }
  if (mode === 'adaptive') {
    body['thinking'] = { type: 'adaptive' };
    if (effort !== undefined) body['output_config'] = { effort };
    return 0;
  }
  const budget = budgetWithin(wantedBudget(thinking), maxOutputTokens);
  if (budget < leastBudget) {
    dropped.add('thinking');
    return 0;
  }
  if (thinking.budgetTokens !== budget) dropped.add(`thinking.budget_tokens=${budget}`);
  body['thinking'] = { type: 'enabled', budget_tokens: budget };
  return budget;
}

function wantedBudget({ budgetTokens, effort = 'medium' }: Thinking): number {
  return Math.max(leastBudget, budgetTokens ?? budgetOfEffort.get(effort) ?? defaultMaxTokens);
}

/** Anthropic wants the budget below the cap; half of a small cap stays for the answer. */
function budgetWithin(budget: number, cap: number | undefined): number {
  if (cap === undefined || budget < cap) return budget;
  return Math.max(Math.floor(cap / 2), Math.min(leastBudget, cap - 1));
}

/**
 * With thinking on, the assistant turn whose tools were just answered must begin with its signed thinking. A history from
 * another protocol has no signatures, and Anthropic refuses the request unless thinking is off for this turn.
 */
function lacksSignedThinking(turns: readonly Turn[]): boolean {
  const last = turns.findLast((turn) => turn.role === 'assistant');
  const answered = turns.at(-1);
  if (last?.role !== 'assistant' || answered?.role !== 'user') return false;
  if (!answered.parts.some((part) => part.type === 'tool-result')) return false;
  return !last.parts.some((part) => part.type === 'thinking' && (part.signature ?? part.redacted) !== undefined);
}

function writeTools({ tools, toolChoice, parallelToolCalls }: Conversation, body: JsonObject, dropped: DropList): void {
  if (tools.length === 0) {
    if (toolChoice !== undefined && toolChoice.type !== 'auto' && toolChoice.type !== 'none')
      dropped.add('tool_choice');
    return;
  }
  body['tools'] = tools.map((tool) => writeTool(tool));
  const isSerial = parallelToolCalls === false && toolChoice?.type !== 'none';
  if (toolChoice === undefined && !isSerial) return;
  const choice = writeToolChoice(toolChoice ?? { type: 'auto' });
  body['tool_choice'] = isSerial ? { ...choice, disable_parallel_tool_use: true } : choice;
}

/** `strict` is left out when false: only newer models know the member. */
function writeTool({ name, description, parameters, strict, cacheControl }: Tool): JsonObject {
  const wire: JsonObject = { name };
  if (description !== undefined) wire['description'] = description;
  wire['input_schema'] = inputSchema(parameters);
  if (strict) wire['strict'] = true;
  if (cacheControl !== undefined) wire['cache_control'] = cacheControl;
  return wire;
}

/** OpenAI takes `{}` or nothing for a tool without arguments, Anthropic wants an object schema. */
function inputSchema(parameters: JsonObject | undefined): JsonObject {
  if (parameters === undefined) return { type: 'object', properties: {} };
  return parameters['type'] === undefined ? { type: 'object', ...parameters } : parameters;
}

function writeToolChoice(choice: ToolChoice): JsonObject {
  if (choice.type === 'tool') return { type: 'tool', name: choice.name };
  return { type: choice.type === 'required' ? 'any' : choice.type };
}

function writeFormat(format: ResponseFormat, body: JsonObject, dropped: DropList): void {
  if (format.type === 'json-object') {
    dropped.add('response_format');
    return;
  }
  body['output_config'] = {
    ...asObject(body['output_config']),
    format: { type: 'json_schema', schema: format.schema },
  };
}
