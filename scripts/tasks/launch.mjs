import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { inRepository, pinnedNode, repositoryRoot } from './repository.mjs';

/** Node keeps compiled modules here: more than a second less for every start but the first. */
export const compileCache = inRepository('node_modules', '.switchyard', 'compile-cache');

/**
 * Runs `switchyard start` under the pinned Node with this terminal, forwards signals to it, and answers its exit code.
 * The channel between the two lets the server notice when this process was killed, so that nothing is left running.
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
export function launch(args) {
  return new Promise((resolve) => {
    const child = spawn(
      pinnedNode(),
      ['--disable-warning=ExperimentalWarning', 'apps/switchyard/src/main.ts', 'start', ...args],
      {
        cwd: repositoryRoot,
        env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      },
    );
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal));
    }
    child.once('error', (error) => {
      process.stderr.write(
        `Switchyard could not be started (${error.message}): delete node_modules and run npm start again.\n`,
      );
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
