import { createHash } from 'node:crypto';

/** How many refused turns are remembered. */
const capacity = 1_000;

/** Codes by which moderation refuses an input (error-code page, 400-DataInspectionFailed). */
const moderationCodes = new Set(['data_inspection_failed', 'DataInspectionFailed']);

/** True for the code of a refusal by moderation. */
export function isModerationCode(code: string): boolean {
  return moderationCodes.has(code);
}

/** The user turns for which moderation refused a request, by digest: no text is kept. The oldest are forgotten first. */
export class FlaggedTurns {
  readonly #digests = new Set<string>();

  note(text: string): void {
    const digest = digestOf(text);
    this.#digests.delete(digest);
    this.#digests.add(digest);
    const [oldest] = this.#digests;
    if (this.#digests.size > capacity && oldest !== undefined) this.#digests.delete(oldest);
  }

  has(text: string): boolean {
    return this.#digests.size > 0 && this.#digests.has(digestOf(text));
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
