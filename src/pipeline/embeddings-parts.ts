import type { Codec } from '../domain/codec.ts';
import { asObject, parseJson } from '../domain/json.ts';
import type { JsonObject } from '../domain/json.ts';
import type { AnswerFacts } from '../domain/pass-through.ts';
import { addUsage } from '../domain/usage.ts';
import { mergeEmbeddings } from '../fit/embeddings-batch.ts';
import { collectBody } from '../upstream/response-body.ts';
import type { UpstreamResponse } from '../upstream/transport.ts';
import { badAnswer } from './translate.ts';

/** Parts under way at the same time. */
const concurrency = 4;

/** All parts together: 2,048 texts of 2,048 numbers each are about 90 MB. */
const answersLimit = 128 * 1024 * 1024;

export interface EmbeddingsPartsOptions {
  bodies: readonly Buffer[];
  codec: Codec;
  signal: AbortSignal;
  /** Sends one part; rejects with a GatewayError. */
  send(body: Buffer): Promise<UpstreamResponse>;
  /** Told of each change of the number of calls that count. */
  onCalls(calls: number): void;
}

/** The parts of one request at one target, with what came of them: after a failure only the rest is sent again. */
export class EmbeddingsParts {
  /** Of the parts answered so far. */
  readonly facts: AnswerFacts = { finished: false, adjusted: new Set(), producedBytes: 0 };
  readonly #options: EmbeddingsPartsOptions;
  readonly #answers: (JsonObject | undefined)[];
  #first: UpstreamResponse | undefined;
  #calls = 0;
  #held = 0;

  constructor(options: EmbeddingsPartsOptions) {
    this.#options = options;
    this.#answers = options.bodies.map(() => undefined);
  }

  /** Calls that were answered, and those that were under way when the client left. */
  get calls(): number {
    return this.#calls;
  }

  /**
   * Sends what has no answer yet, in order, a few at a time. After a failure no more are begun; it is thrown once those
   * under way have ended. Resolves with the answer to the first part, whose headers stand for all.
   */
  async complete(): Promise<UpstreamResponse> {
    const waiting = [...this.#answers.keys()].filter((index) => this.#answers[index] === undefined).values();
    const failures: unknown[] = [];
    const work = async (): Promise<void> => {
      for (const index of waiting) {
        if (failures.length > 0) return;
        await this.#ask(index).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    if (failures.length > 0) throw failures[0];
    if (!this.#first) throw new Error('A request without parts');
    return this.#first;
  }

  /** The answers as one. */
  merged(): JsonObject {
    return mergeEmbeddings(this.#answers.filter((answer) => answer !== undefined));
  }

  async #ask(index: number): Promise<void> {
    const { bodies, send, signal } = this.#options;
    const body = bodies[index];
    if (!body) return;
    this.#count(1);
    try {
      const response = await send(body);
      await this.#keep(index, response);
      if (index === 0) this.#first = response;
    } catch (error) {
      // The provider works on what it was asked, whether or not somebody still waits for the answer.
      if (!signal.aborted) this.#count(-1);
      throw error;
    }
  }

  async #keep(index: number, response: UpstreamResponse): Promise<void> {
    const bytes = await collectBody(response.body, answersLimit - this.#held);
    const answer = asObject(parseJson(bytes.toString('utf8')));
    if (!answer) throw badAnswer();
    this.#held += bytes.length;
    this.#answers[index] = answer;
    const { id, usage } = this.#options.codec.readFacts(answer);
    if (usage) this.facts.usage = addUsage(this.facts.usage, usage);
    if (index === 0 && id !== undefined) this.facts.id = id;
  }

  #count(change: 1 | -1): void {
    this.#calls += change;
    this.#options.onCalls(this.#calls);
  }
}
