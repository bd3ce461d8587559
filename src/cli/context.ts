import { isatty } from 'node:tty';
import type { Variables } from '../config/environment.ts';
import { readEnvironment } from '../config/environment.ts';
import type { SignalSource } from '../config/watch.ts';
import type { Screen } from './terminal-text.ts';

/** What a command may touch of the process; a test gives its own. */
export interface CliContext {
  cwd: string;
  env: Variables;
  write: (text: string) => void;
  writeError: (text: string) => void;
  /** How standard output shows text. */
  screen: Screen;
  input: StandardInput;
  signals: SignalSource;
  /** Ends the process at once, without waiting for anything. */
  exit: (code: number) => void;
}

/** What is piped in or typed. */
export interface StandardInput {
  isTerminal: boolean;
  /** The text in pieces, until its end. */
  read: () => AsyncIterable<string>;
}

/** The real process. */
export function processContext(): CliContext {
  const hadTerminal = isatty(1);
  // The terminal of a process whose window was closed is no terminal any more.
  const terminalIsGone = () => hadTerminal && !isatty(1);
  const env = readEnvironment();
  return {
    cwd: process.cwd(),
    env,
    screen: screenOf(hadTerminal, env),
    input: { isTerminal: isatty(0), read: () => process.stdin.setEncoding('utf8') },
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    signals: withoutHangUps(process, { terminalIsGone, stop: () => void process.kill(process.pid, 'SIGTERM') }),
    exit: (code) => process.exit(code),
  };
}

/** Colours only for a terminal whose user wants them (no-color.org). */
function screenOf(isTerminal: boolean, env: Variables): Screen {
  const plain = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  const columns = isTerminal ? process.stdout.columns : Number(env['COLUMNS']);
  return { columns: columns >= 40 ? columns : 80, colours: isTerminal && !plain };
}

/**
 * SIGHUP has two meanings: a service manager asks to read the configuration again, and the system says that the terminal
 * window was closed. The second is a request to stop.
 */
export function withoutHangUps(
  signals: SignalSource,
  { terminalIsGone, stop }: { terminalIsGone: () => boolean; stop: () => void },
): SignalSource {
  const wrapped = new Map<() => void, () => void>();
  return {
    on: (signal, listener) => {
      if (signal !== 'SIGHUP') return signals.on(signal, listener);
      const onHangUp = () => (terminalIsGone() ? stop() : listener());
      wrapped.set(listener, onHangUp);
      return signals.on(signal, onHangUp);
    },
    off: (signal, listener) => {
      const registered = signal === 'SIGHUP' ? wrapped.get(listener) : listener;
      return registered === undefined ? undefined : signals.off(signal, registered);
    },
  };
}
