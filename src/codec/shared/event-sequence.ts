import type { UpstreamFailure } from '../../domain/gateway-error.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { FinishReason, StreamEvent } from '../../domain/stream-event.ts';
import type { Usage } from '../../domain/usage.ts';
import { closingEvent, deltaEvent, hasWholeArguments, mayYield, newBlock } from './answer-block.ts';
import type { Block } from './answer-block.ts';
import { brokenStream, invalidFrame } from './failure.ts';
import { toolCallId } from './ids.ts';
import { jsonText } from './json-text.ts';

/** What a reader knows about a tool call when it starts; absent where the upstream left it out. */
export interface ToolCallStart {
  key: string;
  id?: string | undefined;
  name?: string | undefined;
}

/**
 * Builds a well-formed event list out of what an upstream sends in whatever order: blocks never overlap, indexes count
 * from 0, every block that was opened is closed, a finish reason comes once, nothing follows an error.
 * Readers tell it what they saw and take the events.
 */
export class EventSequence {
  #events: StreamEvent[] = [];
  /** Blocks that are not closed, in order; the first is live unless it is a tool call without a name. */
  #blocks: Block[] = [];
  #open = false;
  #index = 0;
  #id = '';
  #toolCalls = 0;
  #started = false;
  #finish: { reason: FinishReason; stopSequence?: string } | undefined;
  #ended = false;

  /** The events since the last call. */
  take(): StreamEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get finishSeen(): boolean {
    return this.#finish !== undefined;
  }

  get sawToolCall(): boolean {
    return this.#toolCalls > 0;
  }

  /** Opens the answer; later calls do nothing, some vendors repeat the opening. */
  start(id: string, model: string, created?: number): void {
    if (this.#started || this.#ended) return;
    this.#started = true;
    this.#id = id;
    this.#events.push(created === undefined ? { type: 'start', id, model } : { type: 'start', id, model, created });
  }

  text(text: string): void {
    if (text !== '') this.#append(this.#tail('text'), text);
  }

  thinking(text: string): void {
    if (text !== '') this.#append(this.#tail('thinking'), text);
  }

  /** Opens a thinking block although it may stay without text: a signature may be all that comes. */
  openThinking(): void {
    this.#tail('thinking');
  }

  /** Adds to the signature of the thinking block that is being received; ignored outside of one. */
  signature(signature: string): void {
    const last = this.#blocks.at(-1);
    if (last?.kind === 'thinking') last.signature += signature;
  }

  /** A whole block of thinking that only its own model can read. */
  redactedThinking(data: string): void {
    const block = newBlock('thinking');
    block.redacted = data;
    block.done = true;
    this.#blocks.push(block);
    this.#advance();
  }

  toolCall(start: ToolCallStart): void {
    const block = newBlock('tool-call');
    block.key = start.key;
    block.name = start.name ?? '';
    block.id = start.id ?? '';
    this.#toolCalls += 1;
    this.#blocks.push(block);
    this.#advance();
  }

  /** The name (and id) of a call whose first frame had none. */
  nameToolCall(key: string, name: string, id: string): void {
    const block = this.#find(key);
    if (block === undefined || block.name !== '') return;
    block.name = name;
    if (block.id === '') block.id = id;
    this.#advance();
  }

  /** More arguments of an open call. For a call that is closed they are dropped: it was closed because they were complete. */
  toolArguments(key: string, text: string): void {
    const block = text === '' ? undefined : this.#find(key);
    if (block) this.#append(block, text);
  }

  /** Arguments that came as an object. */
  toolInput(key: string, input: JsonObject): void {
    const text = jsonText(input);
    if (text === undefined) this.fail(invalidFrame());
    else this.toolArguments(key, text);
  }

  /** A block is complete: the tool call of this key, else the last block. */
  closeBlock(key?: string): void {
    const block = (key === undefined ? undefined : this.#find(key)) ?? this.#blocks.at(-1);
    if (block === undefined) return;
    block.done = true;
    this.#advance();
  }

  usage(usage: Usage): void {
    if (!this.#ended) this.#events.push({ type: 'usage', usage });
  }

  /** Notes why the answer stopped; the first reason counts. The event goes out with `end`. */
  finish(reason: FinishReason, stopSequence?: string): void {
    this.#finish ??= stopSequence === undefined ? { reason } : { reason, stopSequence };
  }

  /** Closes what is open and says why the answer stopped. `finish` must have been called. */
  end(): void {
    if (this.#ended || this.#finish === undefined) return;
    while (this.#blocks.length > 0 && !this.#ended) this.#close();
    if (this.#ended) return;
    this.start('', '');
    this.#ended = true;
    const { reason, stopSequence } = this.#finish;
    const truth = this.#trueReason(reason);
    this.#events.push(
      stopSequence === undefined ? { type: 'finish', reason: truth } : { type: 'finish', reason: truth, stopSequence },
    );
  }

  /**
   * Several vendors say "stop" at the end of an answer that calls tools, and agents would not run the calls; the reverse
   * would make them wait for a call that never came.
   */
  #trueReason(reason: FinishReason): FinishReason {
    if (reason === 'stop' && this.#toolCalls > 0) return 'tool-calls';
    return reason === 'tool-calls' && this.#toolCalls === 0 ? 'stop' : reason;
  }

  /** The answer failed: nothing may follow. */
  fail(failure: UpstreamFailure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.push({ type: 'error', failure });
  }

  /** True when the answer calls tools and no call is cut, so that a missing finish reason does no harm. */
  get toolCallsComplete(): boolean {
    return this.#toolCalls > 0 && this.#blocks.every((block) => block.kind !== 'tool-call' || hasWholeArguments(block));
  }

  #find(key: string): Block | undefined {
    return this.#blocks.findLast((block) => block.kind === 'tool-call' && block.key === key);
  }

  /** The last block when it is of this kind, else a new one. */
  #tail(kind: 'text' | 'thinking'): Block {
    const last = this.#blocks.at(-1);
    if (last?.kind === kind && !last.done) return last;
    const block = newBlock(kind);
    this.#blocks.push(block);
    return block;
  }

  #append(block: Block, text: string): void {
    if (this.#ended) return;
    block.pending += text;
    if (block.kind === 'tool-call') block.argumentsJson += text;
    if (block === this.#blocks[0]) this.#send(block);
    else this.#advance();
  }

  /** Closes the leading blocks that are complete, then sends what the new first block holds. */
  #advance(): void {
    let first = this.#blocks[0];
    while (first !== undefined && !this.#ended && (first.done || (this.#blocks.length > 1 && mayYield(first)))) {
      this.#close();
      first = this.#blocks[0];
    }
    if (first !== undefined && !this.#ended) this.#send(first);
  }

  #send(block: Block): void {
    if (!this.#open) {
      if (block.kind === 'tool-call' && block.name === '') return;
      this.#open = true;
      this.start('', '');
      this.#events.push(this.#opening(block));
    }
    if (block.pending === '') return;
    this.#events.push(deltaEvent(block, this.#index));
    block.pending = '';
  }

  #opening(block: Block): StreamEvent {
    const index = this.#index;
    if (block.kind === 'text') return { type: 'text-start', index };
    if (block.kind === 'thinking') return { type: 'thinking-start', index };
    const id = block.id === '' ? toolCallId(this.#id, index, block.name) : block.id;
    return { type: 'tool-call-start', index, id, name: block.name };
  }

  /** Closes the first block. A call that never got a name cannot be told to any client: the answer fails. */
  #close(): void {
    const block = this.#blocks.shift();
    if (block === undefined) return;
    this.#send(block);
    if (!this.#open) {
      this.fail(brokenStream('upstream_invalid_tool_call', 'The upstream sent a tool call without a name.'));
      return;
    }
    this.#events.push(closingEvent(block, this.#index));
    this.#open = false;
    this.#index += 1;
  }
}
