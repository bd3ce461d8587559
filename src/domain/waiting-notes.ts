/** What a process that ended without its store had noted. */
export interface LeftNotes<Note> {
  /** The id of that process. */
  process: string;
  /** Oldest first; may hold the same note twice. */
  notes: readonly Note[];
  /** Adds to what was left, for whoever must begin again. Rejects when it is not handed to the operating system. */
  add(note: Note): Promise<void>;
}

/**
 * What waits in memory for a store that is away, noted where it outlives the process. Nobody waits for a note: it is handed
 * to the operating system some milliseconds later, and what cannot be noted is named and fails nothing.
 */
export interface WaitingNotes<Note> {
  /** The id of this process. */
  readonly process: string;
  /** Why notes are not kept now; undefined while all is well. */
  readonly problem: string | undefined;
  note(note: Note): void;
  /** Resolves when everything noted so far is handed over, or cannot be. */
  written(): Promise<void>;
  /** Nothing waits any more: what was noted is forgotten. */
  clear(): void;
  /**
   * Gives `bring` what each process that has ended had left, and forgets it when `bring` resolves (to how much that was).
   * Resolves to the sum; rejects with the first rejection, and what is left stays for the next time.
   */
  bringLeft(bring: (left: LeftNotes<Note>) => Promise<number>): Promise<number>;
  /** Waits for what is under way; what was not cleared is left for the next process. */
  close(): Promise<void>;
}
