import type { Protocol } from '../../../src/domain/protocol.ts';
import type { ClientPackage } from './install.ts';

/** What an agent is pointed at. */
export interface Place {
  /** The gateway, `http://127.0.0.1:PORT`. */
  url: string;
  model: string;
  prompt: string;
}

/** A command whose output is not in the prompt: only a shell can have made it. */
export interface ShellCommand {
  text: string;
  output: RegExp;
}

/** One way in which an agent is set up. */
export interface Surface {
  name: string;
  /** The route its requests must arrive on. */
  protocol: Protocol;
  args(place: Place): string[];
  env(place: Place): Record<string, string>;
  /** Files of its home, by their path below it. */
  home(place: Place): Record<string, string>;
  /** Requests of the run, those of a tool round trip: from, to. */
  requests: readonly [number, number];
}

/** A coding agent at one version. */
export interface Agent {
  name: string;
  client: ClientPackage;
  command: ShellCommand;
  surfaces: readonly Surface[];
}

/** What the agents are asked to run. */
export const sum: ShellCommand = { text: 'expr 4711 + 1', output: /\b4712\b/ };

/** An open gateway takes any key; the agents want one. */
export const key = 'any-key';
