import type { StreamWriterOptions } from '../../domain/codec.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { StreamEvent } from '../../domain/stream-event.ts';
import { foldAnswer } from '../shared/fold.ts';
import type { AnswerBlock } from '../shared/fold.ts';
import { toolInput } from './tool-input.ts';
import { stopReasonOf } from './stream-writer.ts';
import { writeUsage } from './usage.ts';

/** A `message` from the events of an answer. Throws GatewayError when they hold a failure or never finish. */
export function writeResponse(events: readonly StreamEvent[], options: StreamWriterOptions): JsonObject {
  const answer = foldAnswer(events);
  const { reason, stopSequence = null } = answer.finish;
  return {
    id: answer.id || `msg_${options.requestId}`,
    type: 'message',
    role: 'assistant',
    model: options.model,
    content: answer.blocks.map(writeBlock).filter((block) => block !== undefined),
    stop_reason: stopReasonOf[reason],
    stop_sequence: stopSequence,
    usage: writeUsage(answer.usage),
  };
}

/** Undefined for a block that the stream writer would not open either: one without any content. */
function writeBlock(block: AnswerBlock): JsonObject | undefined {
  if (block.type === 'text') return block.text === '' ? undefined : { type: 'text', text: block.text };
  if (block.type === 'tool-call') {
    return { type: 'tool_use', id: block.id, name: block.name, input: toolInput(block.argumentsJson).input };
  }
  if (block.redacted !== undefined) return { type: 'redacted_thinking', data: block.redacted };
  const { text, signature = '' } = block;
  return text === '' && signature === '' ? undefined : { type: 'thinking', thinking: text, signature };
}
