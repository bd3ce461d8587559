import type { StreamWriterOptions } from '../../domain/codec.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { StreamEvent } from '../../domain/stream-event.ts';
import { foldAnswer } from '../shared/fold.ts';
import type { AnswerBlock } from '../shared/fold.ts';
import { finishReasonOf } from './stream-writer.ts';
import { writeUsage } from './usage.ts';

/** A `chat.completion` from the events of an answer. Throws GatewayError when they hold a failure or never finish. */
export function writeResponse(events: readonly StreamEvent[], options: StreamWriterOptions): JsonObject {
  const answer = foldAnswer(events);
  const body: JsonObject = {
    id: answer.id || `chatcmpl-${options.requestId}`,
    object: 'chat.completion',
    created: answer.created ?? options.now,
    model: options.model,
    choices: [
      {
        index: 0,
        message: writeMessage(answer.blocks),
        logprobs: null,
        finish_reason: finishReasonOf[answer.finish.reason],
      },
    ],
  };
  if (answer.usage !== undefined) body['usage'] = writeUsage(answer.usage);
  return body;
}

function writeMessage(blocks: readonly AnswerBlock[]): JsonObject {
  const calls = blocks.filter((block) => block.type === 'tool-call');
  const content = textOf(blocks, 'text');
  const thinking = textOf(blocks, 'thinking');
  const message: JsonObject = { role: 'assistant', content: content === '' && calls.length > 0 ? null : content };
  if (thinking !== '') message['reasoning_content'] = thinking;
  if (calls.length > 0) {
    message['tool_calls'] = calls.map(({ id, name, argumentsJson }) => ({
      id,
      type: 'function',
      function: { name, arguments: argumentsJson === '' ? '{}' : argumentsJson },
    }));
  }
  return message;
}

function textOf(blocks: readonly AnswerBlock[], type: 'text' | 'thinking'): string {
  return blocks.map((block) => (block.type === type ? block.text : '')).join('');
}
