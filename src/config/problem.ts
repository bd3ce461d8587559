import type { Origin } from './origin.ts';

/** One thing that is wrong, or worth a warning, with the place a person has to go to. */
export interface Problem {
  /** Relative to the working directory when it lies inside. */
  file?: string;
  /** From 1. */
  line?: number;
  /** From 1. */
  column?: number;
  /** Where the value came from when that is no file position: a variable or a command line option. */
  source?: string;
  /** The setting's name as written in YAML, for example `server.port`; empty for the file as a whole. */
  path: string;
  /** Continues the path: `must be a whole number from 0 to 65535`. */
  message: string;
  /** What was found, ready to show: quoted, shortened, secrets masked. */
  badValue?: string;
  /** What to do, as a sentence. */
  suggestion?: string;
  /** Further settings that have a part in it. */
  others?: readonly Place[];
}

/** Where a person finds a setting. */
export type Place = Pick<Problem, 'file' | 'line' | 'column' | 'source' | 'path'>;

/** Thrown when a configuration cannot be used. Its message is the whole printed list and holds no secret. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The part of a problem that says where, from where a value came. */
export function placeOf(origin: Origin): Omit<Place, 'path'> {
  switch (origin.kind) {
    case 'file':
      return { file: origin.file, line: origin.line, column: origin.column };
    case 'environment':
      return {
        source: origin.file === undefined ? `environment variable ${origin.name}` : `${origin.name} in ${origin.file}`,
      };
    case 'option':
      return { source: origin.flag };
    case 'default':
      return {};
  }
}

/** One problem as a compiler prints it, with further places and the advice on indented lines of their own. */
export function formatProblem(problem: Problem): string {
  const found = problem.badValue === undefined ? '' : `, not ${problem.badValue}`;
  const others = (problem.others ?? []).map((other) => `See also ${placeText(other)}`);
  const more = [...others, ...(problem.suggestion === undefined ? [] : [problem.suggestion])];
  const head = [placeText(problem), problem.message + found].filter((part) => part !== '').join(': ');
  return head + more.map((line) => `\n    ${line}`).join('');
}

/** `config.yaml:3:14: providers.bailian.plan`; '' for a place that nobody knows. */
function placeText(place: Place): string {
  const where = place.file === undefined ? place.source : positionOf(place);
  return [where, place.path].filter((part) => part !== undefined && part !== '').join(': ');
}

/** All problems, one after the other, in the order they were found. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}

function positionOf({ file, line, column }: Place): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}
