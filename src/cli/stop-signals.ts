import type { CliContext } from './context.ts';

/** The exit codes a shell expects of a program that a signal ended. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

const signalNames = ['SIGINT', 'SIGTERM'] as const;

export interface StopSignals {
  /** Resolves with the first signal; from then on a second one ends the process at once. */
  stopped: Promise<'SIGINT' | 'SIGTERM'>;
  /** Until this is called there is nothing to finish, and a signal ends the process at once. */
  ready(): void;
  dispose(): void;
}

/** Ctrl-C and SIGTERM: the first asks to stop, the second does not ask. */
export function watchStopSignals(context: CliContext): StopSignals {
  const { promise, resolve } = Promise.withResolvers<'SIGINT' | 'SIGTERM'>();
  const state = { ready: false, asked: false };
  const listeners = signalNames.map((name) => {
    const listener = () => {
      if (!state.ready || state.asked) {
        context.exit(exitCodes[name]);
        return;
      }
      state.asked = true;
      resolve(name);
    };
    context.signals.on(name, listener);
    return { name, listener };
  });
  return {
    stopped: promise,
    ready: () => {
      state.ready = true;
    },
    dispose: () => {
      for (const { name, listener } of listeners) context.signals.off(name, listener);
    },
  };
}
