import { asArray, asString, isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import type {
  AnswerFormat,
  AnswerLimits,
  MediaKind,
  Prompt,
  PromptTool,
  PromptTurn,
  ToolWish,
} from '../model/prompt.ts';
import { segment, type Segment } from '../usage.ts';
import { contentText, functionOf, parameter, toolCallsOf, wholeNumber, type ChatCall } from './body.ts';
import { stopTexts } from './sampling-rules.ts';
import { effortTokens } from './thinking-rules.ts';
import { chosenName } from './tool-rules.ts';
import { lookUp } from '../../wire/dispatch.ts';

/** The model's view of a chat call, and the same input in stretches for counting and caching. */
export function readPrompt(call: ChatCall): { prompt: Prompt; segments: Segment[] } {
  const tools = call.tools.map(readTool);
  const prompt: Prompt = {
    model: call.model,
    turns: call.messages.map(readTurn),
    tools,
    toolWish: readWish(call),
    parallelCalls: call.body.parallel_tool_calls === true,
    format: readFormat(parameter(call.body, 'response_format')),
    thinking: { on: call.thinking, budget: thinkingBudget(call) },
    limits: readLimits(call),
    stop: stopTexts(call),
    choices: wholeNumber(parameter(call.body, 'n')) ?? 1,
  };
  return { prompt, segments: [...toolSegments(call.tools), ...call.messages.flatMap(messageSegments)] };
}

function readTool(tool: JsonObject): PromptTool {
  const { name, description, parameters } = functionOf(tool);
  return {
    name: asString(name) ?? '',
    description: asString(description) ?? '',
    schema: isObject(parameters) ? parameters : {},
  };
}

function readTurn(message: JsonObject): PromptTurn {
  const text = contentText(message.content);
  if (message.role === 'system') return { role: 'system', text };
  if (message.role === 'tool' || message.role === 'function') {
    return { role: 'tool', callId: asString(message.tool_call_id), text };
  }
  if (message.role === 'user') return { role: 'user', text, media: mediaIn(message.content) };
  const calls = toolCallsOf(message).map((call) => ({
    id: asString(call.id) ?? '',
    name: asString(functionOf(call).name) ?? '',
    argumentsJson: asString(functionOf(call).arguments) ?? '',
  }));
  return { role: 'assistant', text, reasoning: asString(message.reasoning_content) ?? '', calls };
}

const mediaKinds: Readonly<Record<string, MediaKind>> = {
  image_url: 'image',
  video: 'video',
  video_url: 'video',
  input_audio: 'audio',
};

function mediaIn(content: JsonValue | undefined): MediaKind[] {
  return asArray(content).flatMap((part) => {
    const kind = isObject(part) ? lookUp(mediaKinds, asString(part.type)) : undefined;
    return kind === undefined ? [] : [kind];
  });
}

function readWish({ body }: ChatCall): ToolWish {
  const choice = parameter(body, 'tool_choice');
  const name = chosenName(choice);
  if (name !== undefined) return { type: 'tool', name };
  return choice === 'none' || choice === 'required' ? { type: choice } : { type: 'auto' };
}

function readFormat(format: JsonValue | undefined): AnswerFormat {
  if (!isObject(format)) return { type: 'text' };
  const schema = isObject(format.json_schema) ? format.json_schema.schema : undefined;
  if (format.type === 'json_schema' && isObject(schema)) return { type: 'json-schema', schema };
  return { type: format.type === 'json_object' ? 'json-object' : 'text' };
}

function thinkingBudget({ body, model }: ChatCall): number {
  const effort = asString(parameter(body, 'reasoning_effort'));
  const byEffort = model.reasoningEffort === null ? undefined : lookUp(effortTokens, effort);
  return wholeNumber(parameter(body, 'thinking_budget')) ?? byEffort ?? model.maxThinkingBudget ?? Infinity;
}

/** Families whose `max_tokens` bounds thinking and answer together; elsewhere it bounds the answer (chat page). */
const countsThinking = /^(deepseek-v4|glm-5\.3|qwen4)/;

function readLimits({ body, model }: ChatCall): AnswerLimits {
  const maxTokens = wholeNumber(parameter(body, 'max_tokens')) ?? Infinity;
  const maxCompletion = wholeNumber(parameter(body, 'max_completion_tokens')) ?? Infinity;
  const most = model.maxOutputTokens ?? Infinity;
  if (countsThinking.test(model.id)) return { answer: most, total: Math.min(maxTokens, maxCompletion) };
  return { answer: Math.min(maxTokens, most), total: maxCompletion };
}

function toolSegments(tools: readonly JsonObject[]): Segment[] {
  return tools.map((tool, index) =>
    segment({
      role: 'tools',
      text: JSON.stringify(functionOf(tool)),
      opens: index === 0,
      marked: isObject(tool.cache_control),
    }),
  );
}

/** One stretch for a text, one for each part of a list, with the calls and the thinking of an assistant at the end. */
function messageSegments(message: JsonObject): Segment[] {
  const role = asString(message.role) ?? '';
  const onMessage = isObject(message.cache_control);
  const parts = Array.isArray(message.content) ? message.content.filter(isObject) : [message];
  const stretches = parts.map((part, index) =>
    segment({
      role,
      text: part === message ? contentText(message.content) : (asString(part.text) ?? ''),
      media: part === message || part.type === undefined || part.type === 'text' ? 0 : 1,
      opens: index === 0,
      marked: isObject(part.cache_control) || (onMessage && index === parts.length - 1),
    }),
  );
  const calls = toolCallsOf(message);
  if (calls.length > 0)
    stretches.push(
      segment({ role, text: JSON.stringify(calls.map(functionOf)), opens: stretches.length === 0, marked: false }),
    );
  return stretches;
}
