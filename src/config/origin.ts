/** Where an effective value came from. */
export type Origin =
  | { kind: 'default' }
  /** `file` when a `.env` file set the variable. */
  | { kind: 'environment'; name: string; file?: string }
  | { kind: 'file'; file: string; line: number; column: number }
  | { kind: 'option'; flag: string };

/** A value that one source offers for a setting, not yet chosen among the sources. */
export interface Candidate {
  value: unknown;
  origin: Origin;
}

/** What one source offers: setting paths as written in YAML, for example `server.port`. */
export type Layer = Map<string, Candidate>;

/** Short, for the comment behind a printed value: `default`, `env PORT`, `config.yaml:3`, `--port`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'environment':
      return `env ${origin.name}${origin.file === undefined ? '' : ` (${origin.file})`}`;
    case 'file':
      return `${origin.file}:${origin.line}`;
    case 'option':
      return origin.flag;
  }
}
