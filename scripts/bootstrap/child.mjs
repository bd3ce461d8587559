import { spawn } from 'node:child_process';

/**
 * How a child process ended; `missing`: the program does not exist; `interrupted`: this process was told to stop meanwhile.
 * @typedef {{ code: number | null, signal: NodeJS.Signals | null, missing: boolean, interrupted: boolean }} End
 */

/** @type {NodeJS.Signals[]} */
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program to its end. While it runs, signals sent to this process are passed on and do not end it: the child decides.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<End>}
 */
export function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    let interrupted = false;
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      interrupted = true;
      if (isFromTerminal(signal)) return;
      child.kill(signal);
    };
    const settle = () => {
      for (const signal of forwarded) process.off(signal, forward);
    };
    for (const signal of forwarded) process.on(signal, forward);
    child.once('error', (error) => {
      settle();
      if ('code' in error && error.code === 'ENOENT') resolve({ code: null, signal: null, missing: true, interrupted });
      else reject(error);
    });
    child.once('exit', (code, signal) => {
      settle();
      resolve({ code, signal, missing: false, interrupted });
    });
  });
}

/**
 * Ends this process as its child ended, so that callers see the same code or signal.
 * @param {End} end
 */
export function exitLike({ code, signal }) {
  if (signal !== null) process.kill(process.pid, signal);
  else process.exit(code ?? 1);
}

/**
 * Ctrl-C goes to every process of the terminal's foreground group, the child included: passing it on would make it two,
 * and a second one means "stop at once" to a server that is finishing its requests.
 * @param {NodeJS.Signals} signal
 */
function isFromTerminal(signal) {
  return signal === 'SIGINT' && [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}
