import type { JsonObject } from '../../domain/json.ts';

/** How many distinct paths are named before the rest is only counted: the list goes into a response header. */
const limit = 40;

/** Names that may appear in a header as they are. */
const plainName = /^[\w.[\]=-]{1,64}$/;

/** Collects what a translation leaves out or changes, each path pattern once. */
export class DropList {
  readonly #paths = new Set<string>();

  /** `path` is dotted, list positions as `[]`: `tools[].defer_loading`. */
  add(path: string): void {
    if (this.#paths.size < limit) this.#paths.add(path);
  }

  /** Adds `prefix` + `name` where a stranger chose the name: what cannot stand in a header is written as `?`. */
  addNamed(prefix: string, name: string): void {
    this.add(prefix + (plainName.test(name) ? name : '?'));
  }

  /** Adds every member that carries a value and is not among the known names. */
  addUnknown(object: JsonObject, known: ReadonlySet<string>, prefix: string): void {
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (value !== undefined && value !== null && !known.has(key)) this.addNamed(prefix, key);
    }
  }

  list(): string[] {
    return [...this.#paths];
  }
}
