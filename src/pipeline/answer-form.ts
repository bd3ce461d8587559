import type { AnswerFacts } from '../domain/pass-through.ts';
import type { PipelineDependencies } from './dependencies.ts';
import type { ClientSink, Sent } from './stages.ts';

/** One answer on its way to the client: what came, where it goes, what is learnt on the way. */
export interface AnswerForm {
  sent: Sent;
  sink: ClientSink;
  facts: AnswerFacts;
  headers: Record<string, string>;
  dependencies: PipelineDependencies;
}

/** The largest whole answer that is held to be translated or looked at. */
export const answerLimit = 64 * 1024 * 1024;

/** Headers of an event stream; nginx and its kin must not hold frames back. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

/** Commits to status 200, unless a keep-alive has done so. */
export function startStream({ sink, headers }: AnswerForm): void {
  if (!sink.started) sink.start(200, { ...headers, ...eventStreamHeaders });
}
