import { spawn } from 'node:child_process';
import { repositoryRoot, toolEnvironment } from './repository.mjs';

/**
 * @typedef {object} CommandResult
 * @property {number} exitCode 0 when all went well; 127 when the program does not exist
 * @property {string} output everything it wrote, standard output and standard error interleaved
 */

/**
 * Runs a program to its end without standard input and keeps what it writes.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, onOutput?: (chunk: string) => void, shell?: boolean,
 *   uid?: number, gid?: number, timeoutMs?: number }} [options]
 * @returns {Promise<CommandResult>}
 */
export function runCommand(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? repositoryRoot,
      env: toolEnvironment(options.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: options.shell ?? false,
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
    });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      const text = chunk.toString('utf8');
      output += text;
      options.onOutput?.(text);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const forward = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
    process.once('SIGINT', forward);
    process.once('SIGTERM', forward);
    const finish = (/** @type {number} */ exitCode) => {
      process.removeListener('SIGINT', forward);
      process.removeListener('SIGTERM', forward);
      resolve({ exitCode, output });
    };
    child.once('error', (error) => {
      output += `${error.message}\n`;
      finish(/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT' ? 127 : 126);
    });
    child.once('close', (code, signal) => finish(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** npm as a program: `npm.cmd` needs a shell on Windows. */
export const npmProgram = process.platform === 'win32' ? 'npm.cmd' : 'npm';
export const npmNeedsShell = process.platform === 'win32';
