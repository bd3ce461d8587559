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
}

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
export function placeOf(origin: Origin): Pick<Problem, 'file' | 'line' | 'column' | 'source'> {
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

/** One problem as a compiler prints it, with the advice on a second, indented line. */
export function formatProblem(problem: Problem): string {
  const place = problem.file === undefined ? problem.source : positionOf(problem);
  const found = problem.badValue === undefined ? '' : `, not ${problem.badValue}`;
  const head = [place, problem.path, problem.message + found].filter((part) => part !== undefined && part !== '');
  const advice = problem.suggestion === undefined ? '' : `\n    ${problem.suggestion}`;
  return head.join(': ') + advice;
}

/** All problems, one after the other, in the order they were found. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join('\n');
}

function positionOf(problem: Problem): string {
  return [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
}
