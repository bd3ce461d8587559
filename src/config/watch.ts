import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { dirname } from 'node:path';
import type { AtelierConfig } from '../domain/settings.ts';
import type { LoadedConfig } from './load.ts';
import { settingEntries } from './schema.ts';
import { valueAt } from './setting.ts';
import { readTextFile } from './text-file.ts';

/** Where signals come from; `process`, or an emitter in a test. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** Calls back when something in a folder changes; the returned function ends it. Throws when it cannot watch. */
export type FolderWatcher = (folder: string, onEvent: () => void, onError: (error: Error) => void) => () => void;

export interface ConfigChange {
  loaded: LoadedConfig;
  /** Setting paths that differ but take effect only after a restart. */
  needRestart: string[];
}

export interface WatchOptions {
  /** What runs now. */
  current: LoadedConfig;
  /** Reads and validates again; throws what is wrong. */
  load: () => LoadedConfig;
  /** Puts the new configuration into service; when it throws, the old one counts as kept. */
  onChange: (change: ConfigChange) => Promise<void> | void;
  /** A bad configuration, which changes nothing, or a folder that cannot be watched. */
  onError: (error: unknown) => void;
  /** SIGHUP was received but nothing differs. */
  onUnchanged?: () => void;
  signals: SignalSource;
  watchFolder?: FolderWatcher;
}

export interface ConfigWatcher {
  /** Reads again now, whether or not a file changed; resolves when the change is in service. Never rejects. */
  reload(): Promise<void>;
  /** What is in service now. */
  current(): LoadedConfig;
  /** Ends watching; a change that is being put into service is finished first. */
  close(): Promise<void>;
}

/** Editors write in several steps, and some replace the file; one reading after they are done is enough. */
const settleMs = 150;

/** A folder tells nothing when it cannot be watched, was replaced by another, or is a share that another machine writes. */
const lookEveryMs = 5_000;

/**
 * Reloads on SIGHUP and when a watched file has other content than before. Folders are watched, not files, since an
 * editor that renames a new file over the old one, or a mounted secret that swaps a link, would end a file's watch.
 * What no event tells is found by a look every 5 seconds, and what changed between the reading of `current` and now by a
 * reading at once.
 */
export function watchConfig(options: WatchOptions): ConfigWatcher {
  const state: WatchState = { current: options.current, seen: '', last: Promise.resolve() };
  let timer: NodeJS.Timeout | undefined;

  // One after the other: a second change waits until the first is in service.
  const enqueue = (asked: boolean): Promise<void> => {
    state.last = state.last.then(() => reloadOnce(options, state, asked));
    return state.last;
  };
  const look = () => {
    timer = undefined;
    if (fingerprint(state.current.watched) !== state.seen) void enqueue(false);
  };
  const onEvent = () => {
    timer ??= setTimeout(look, settleMs);
  };
  const onSignal = () => void enqueue(true);

  options.signals.on('SIGHUP', onSignal);
  const folders = new Set(options.current.watched.map((path) => dirname(path)));
  const stops = [...folders].map((folder) => tryWatch(options, folder, onEvent));
  const regular = setInterval(onEvent, lookEveryMs).unref();
  void enqueue(false);
  return {
    reload: () => enqueue(true),
    current: () => state.current,
    close: async () => {
      clearTimeout(timer);
      clearInterval(regular);
      options.signals.off('SIGHUP', onSignal);
      for (const stop of stops) stop();
      await state.last;
    },
  };
}

interface WatchState {
  current: LoadedConfig;
  seen: string;
  last: Promise<void>;
}

async function reloadOnce(options: WatchOptions, state: WatchState, asked: boolean): Promise<void> {
  // Taken before reading: a write in between is then seen as one more change, not missed.
  state.seen = fingerprint(state.current.watched);
  try {
    const loaded = options.load();
    if (sameOutcome(loaded, state.current)) {
      if (asked) options.onUnchanged?.();
      return;
    }
    await options.onChange({ loaded, needRestart: restartNeeded(state.current.config, loaded.config) });
    state.current = loaded;
  } catch (error) {
    options.onError(error);
  }
}

function tryWatch(options: WatchOptions, folder: string, onEvent: () => void): () => void {
  try {
    return (options.watchFolder ?? watchFolder)(folder, onEvent, options.onError);
  } catch (error) {
    options.onError(error);
    return () => {};
  }
}

const watchFolder: FolderWatcher = (folder, onEvent, onError) => {
  const watcher = watch(folder, { persistent: false }, onEvent);
  watcher.on('error', onError);
  return () => watcher.close();
};

/** Settings that differ and that a running server cannot change, as paths in YAML. */
export function restartNeeded(before: AtelierConfig, after: AtelierConfig): string[] {
  const changed = settingEntries.filter(
    ({ meta, keys }) => meta.restart && valueAt(before, keys) !== valueAt(after, keys),
  );
  return changed.map(({ path }) => path);
}

/** A new warning counts as a change as well: it answers what somebody just wrote into the file. */
function sameOutcome(left: LoadedConfig, right: LoadedConfig): boolean {
  const outcome = ({ config, warnings }: LoadedConfig) =>
    JSON.stringify([config, warnings.map(({ path, message }) => [path, message])]);
  return outcome(left) === outcome(right);
}

/** Tells two states of the files apart without keeping their contents, which hold keys. */
function fingerprint(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(JSON.stringify(readTextFile(path)));
  return hash.digest('hex');
}
