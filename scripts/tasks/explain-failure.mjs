/** Signs of a cause in a program's output, and the sentence that helps. The first match wins. */
const causes = [
  {
    pattern: /ENOSPC|no space left/i,
    remedy: 'The disk is full: free about 2 GB and run the same command again.',
  },
  {
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE|OUTDATED_LOCKFILE|frozen-lockfile.*not up to date/i,
    remedy:
      'pnpm-lock.yaml does not fit the package.json files: restore both from version control, or renew the lockfile.',
  },
  {
    pattern: /EACCES|EPERM|EROFS|permission denied|read-only file system/i,
    remedy: 'A file could not be written: make this folder writable for your user, or clone it to another place.',
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENETUNREACH|ERR_PNPM_META_FETCH_FAIL|network (error|timeout)|fetch failed|dns error|error sending request/i,
    remedy:
      'The package registry cannot be reached: check the network, HTTPS_PROXY and `npm config get registry`, then run the same command again; what is already downloaded is kept.',
  },
  {
    pattern: /heap out of memory|SIGKILL|Killed|ENOMEM/,
    remedy:
      'There was not enough memory: close other programs (about 2 GB must be free) and run the same command again.',
  },
];

/**
 * One sentence that says what to do after a program failed.
 * @param {string} output what the program wrote
 * @param {number} exitCode 127 means that it does not exist
 * @param {string} program
 */
export function explainFailure(output, exitCode, program) {
  if (exitCode === 127) {
    return program.startsWith('npm')
      ? 'npm was not found: install Node.js 20 or newer together with npm (https://nodejs.org), then run this again.'
      : `${program} was not found: delete node_modules and run this again.`;
  }
  if (exitCode === 130 || exitCode === 143) return 'It was interrupted: run the same command again to go on.';
  const cause = causes.find(({ pattern }) => pattern.test(output));
  return cause?.remedy ?? `It ended with exit code ${exitCode}: the output above says why.`;
}
