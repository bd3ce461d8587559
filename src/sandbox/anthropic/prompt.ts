import { asString, isObject, type JsonObject } from '../../domain/json.ts';
import { lookUp } from '../../wire/dispatch.ts';
import { effortTokens } from '../chat/thinking-rules.ts';
import type { AnswerFormat, Prompt, PromptTool, PromptTurn, ToolWish } from '../model/prompt.ts';
import { segment, type Segment } from '../usage.ts';
import { mediaOf } from './block-rules.ts';
import { blocksOf, blocksOfType, resultText, type MessagesCall } from './body.ts';

/** The model's view of a messages call, and the same input in stretches for counting and caching. */
export function readMessagesPrompt(call: MessagesCall): { prompt: Prompt; segments: Segment[] } {
  const { body, model, messages } = call;
  const system = blocksOf(body.system ?? []);
  const prompt: Prompt = {
    model,
    turns: [...system.map(systemTurn), ...messages.flatMap(readTurns)],
    tools: call.tools.map(readTool),
    toolWish: readWish(body),
    parallelCalls: !(isObject(body.tool_choice) && body.tool_choice.disable_parallel_tool_use === true),
    format: readFormat(body),
    thinking: { on: call.thinking, budget: thinkingBudget(call) },
    limits: {
      answer: Math.min(numberOr(body.max_tokens, Infinity), model.maxOutputTokens ?? Infinity),
      total: Infinity,
    },
    stop: Array.isArray(body.stop_sequences) ? body.stop_sequences.map(String) : [],
    choices: 1,
  };
  const tools = call.tools.map((tool, index) =>
    segment({ role: 'tools', text: toolText(tool), opens: index === 0, marked: isMarked(tool) }),
  );
  const stretches = system.map((block, index) => blockSegment('system', block, index === 0));
  return { prompt, segments: [...tools, ...stretches, ...messages.flatMap(messageSegments)] };
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function systemTurn(block: JsonObject): PromptTurn {
  return { role: 'system', text: asString(block.text) ?? '' };
}

function textOf(message: JsonObject): string {
  return blocksOfType(message, 'text')
    .map((block) => asString(block.text) ?? '')
    .join('\n');
}

/** One turn, or a turn for each tool result. Text beside results goes on with the request: it is context, not a new one. */
function readTurns(message: JsonObject): PromptTurn[] {
  const text = textOf(message);
  if (message.role === 'system') return [{ role: 'system', text }];
  if (message.role === 'assistant') return [assistantTurn(message, text)];
  const results = blocksOfType(message, 'tool_result').map((block): PromptTurn => ({
    role: 'tool',
    callId: asString(block.tool_use_id),
    text: resultText(block),
  }));
  if (results.length === 0) return [{ role: 'user', text, media: mediaOf(message) }];
  return text === '' ? results : [...results, { role: 'system', text }];
}

function assistantTurn(message: JsonObject, text: string): PromptTurn {
  const calls = blocksOfType(message, 'tool_use').map(({ id, name, input }) => ({
    id: asString(id) ?? '',
    name: asString(name) ?? '',
    argumentsJson: JSON.stringify(input ?? {}),
  }));
  return { role: 'assistant', text, reasoning: '', calls };
}

function readTool(tool: JsonObject): PromptTool {
  const { name, description, input_schema: schema } = tool;
  return {
    name: asString(name) ?? '',
    description: asString(description) ?? '',
    schema: isObject(schema) ? schema : {},
  };
}

function readWish({ tool_choice: choice }: JsonObject): ToolWish {
  if (!isObject(choice)) return { type: 'auto' };
  if (choice.type === 'tool') return { type: 'tool', name: asString(choice.name) ?? '' };
  if (choice.type === 'any') return { type: 'required' };
  return { type: choice.type === 'none' ? 'none' : 'auto' };
}

function readFormat({ output_config: config }: JsonObject): AnswerFormat {
  const format = isObject(config) ? config.format : undefined;
  return isObject(format) && isObject(format.schema)
    ? { type: 'json-schema', schema: format.schema }
    : { type: 'text' };
}

function thinkingBudget({ body, model }: MessagesCall): number {
  const effort = isObject(body.output_config) ? asString(body.output_config.effort) : undefined;
  const byEffort = model.reasoningEffort === null ? undefined : lookUp(effortTokens, effort);
  const budget = isObject(body.thinking) && body.thinking.type === 'enabled' ? body.thinking.budget_tokens : undefined;
  return numberOr(budget, byEffort ?? model.maxThinkingBudget ?? Infinity);
}

function isMarked(block: JsonObject): boolean {
  return isObject(block.cache_control);
}

function toolText({ name, description, input_schema: schema }: JsonObject): string {
  return JSON.stringify({ name, description, schema });
}

function blockSegment(role: string, block: JsonObject, opens: boolean): Segment {
  return segment({
    role,
    text: blockText(block),
    media: block.type === 'image' || block.type === 'video' ? 1 : 0,
    opens,
    marked: isMarked(block),
  });
}

/** What the model reads of a block. Replayed thinking is not read again. */
function blockText(block: JsonObject): string {
  if (block.type === 'text') return asString(block.text) ?? '';
  if (block.type === 'tool_use') return JSON.stringify({ name: block.name, input: block.input });
  return block.type === 'tool_result' ? resultText(block) : '';
}

function messageSegments(message: JsonObject): Segment[] {
  const role = asString(message.role) ?? '';
  const blocks = blocksOf(message.content).filter((block) => block.type !== 'thinking');
  return blocks.map((block, index) => blockSegment(role, block, index === 0));
}
