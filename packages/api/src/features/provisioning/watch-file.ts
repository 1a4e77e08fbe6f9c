import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock, Log, Timer } from '@switchyard/core/kernel';

/** Editors write in several steps: what happens within this time is one change. */
const settleMs = 150;

/**
 * Calls `onChange` after something happened in the folder of `path`. The folder is watched, because editors and
 * configuration maps replace a file instead of writing it. Returns how to stop; a folder that cannot be watched is
 * logged, and nothing more.
 */
export function watchFile(
  path: string,
  dependencies: { readonly clock: Clock; readonly log: Log },
  onChange: () => void,
): () => void {
  const { clock, log } = dependencies;
  const folder = dirname(path);
  let timer: Timer | undefined;
  let watcher: FSWatcher | undefined;
  const explain = (error: unknown) =>
    log.warn(
      { folder, error: String(error) },
      'the folder of the configuration file cannot be watched; reload by SIGHUP or reloadConfiguration',
    );
  try {
    watcher = watch(folder, { persistent: false }, () => {
      timer?.cancel();
      timer = clock.startTimer(settleMs, onChange);
    });
    watcher.on('error', explain);
  } catch (error) {
    explain(error);
  }
  return () => {
    timer?.cancel();
    watcher?.close();
  };
}
