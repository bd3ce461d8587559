import { parseJson } from '../../domain/json.ts';
import type { StreamEvent } from '../../domain/stream-event.ts';

/** A block of the answer. The first one that is not closed is sent as it comes; those after it wait in `pending`. */
export interface Block {
  kind: 'text' | 'thinking' | 'tool-call';
  /** Tool calls: the upstream's own handle of the call. */
  key: string;
  id: string;
  name: string;
  /** What waits to be sent. */
  pending: string;
  /** Tool calls: all arguments so far. */
  argumentsJson: string;
  /** The upstream has closed it. */
  done: boolean;
  signature: string;
  redacted: string;
}

/** A block of which nothing is known yet. */
export function newBlock(kind: Block['kind']): Block {
  return { kind, key: '', id: '', name: '', pending: '', argumentsJson: '', done: false, signature: '', redacted: '' };
}

/** What waits in the block, as its next delta. */
export function deltaEvent(block: Block, index: number): StreamEvent {
  if (block.kind === 'text') return { type: 'text-delta', index, text: block.pending };
  if (block.kind === 'thinking') return { type: 'thinking-delta', index, text: block.pending };
  return { type: 'tool-call-delta', index, argumentsJson: block.pending };
}

/** The end of the block, with what belongs to it as a whole. */
export function closingEvent(block: Block, index: number): StreamEvent {
  if (block.kind === 'text') return { type: 'text-end', index };
  if (block.kind === 'tool-call') return { type: 'tool-call-end', index };
  return {
    type: 'thinking-end',
    index,
    ...(block.signature === '' ? undefined : { signature: block.signature }),
    ...(block.redacted === '' ? undefined : { redacted: block.redacted }),
  };
}

/**
 * Whether the next block may start although the upstream did not close this one. A call may once its arguments are one
 * whole JSON object; until then frames of several calls may alternate, and the later calls wait.
 */
export function mayYield(block: Block): boolean {
  return block.kind !== 'tool-call' || hasWholeArguments(block);
}

/** The arguments so far are one whole JSON object. */
export function hasWholeArguments(block: Block): boolean {
  return block.argumentsJson.trimEnd().endsWith('}') && parseJson(block.argumentsJson) !== undefined;
}
