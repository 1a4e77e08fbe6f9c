import { expect, it } from 'vitest';
import { explainFailure } from './explain-failure.mjs';

it.each([
  ['', 127, 'npm', /npm was not found: install Node\.js 20/],
  ['npm error code ENOTFOUND\nnpm error network request failed', 1, 'npm', /registry cannot be reached.*HTTPS_PROXY/],
  ['ERR_PNPM_META_FETCH_FAIL GET failed', 1, 'npm', /registry cannot be reached/],
  ['Error: ENOSPC: no space left on device, write', 1, 'npm', /disk is full: free about 2 GB/],
  ["Error: EACCES: permission denied, mkdir 'node_modules'", 1, 'npm', /make this folder writable/],
  ['ERR_PNPM_OUTDATED_LOCKFILE  Cannot install', 1, 'npm', /pnpm-lock\.yaml does not fit/],
  [
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    134,
    'node',
    /not enough memory/,
  ],
  ['', 130, 'npm', /interrupted: run the same command again/],
  ['Type error: x', 1, 'node', /exit code 1: the output above says why/],
])('%s (%i) is one sentence with a remedy', (output, exitCode, program, sentence) => {
  const text = explainFailure(output, exitCode, program);
  expect(text).toMatch(sentence);
  expect(text.split('\n')).toHaveLength(1);
});
