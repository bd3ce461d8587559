import type { Variables } from '../config/environment.ts';
import { readEnvironment } from '../config/environment.ts';
import type { SignalSource } from '../config/watch.ts';

/** What a command may touch of the process; a test gives its own. */
export interface CliContext {
  cwd: string;
  env: Variables;
  write: (text: string) => void;
  writeError: (text: string) => void;
  signals: SignalSource;
  /** Ends the process at once, without waiting for anything. */
  exit: (code: number) => void;
}

/** The real process. */
export function processContext(): CliContext {
  return {
    cwd: process.cwd(),
    env: readEnvironment(),
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    signals: process,
    exit: (code) => process.exit(code),
  };
}
