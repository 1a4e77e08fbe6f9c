import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { templateVariable } from './fill-from-template.ts';
import { startStack } from './start-stack.ts';

/**
 * Playwright's global setup: starts Switchyard once on a new folder with an owner and keeps what that made. Stacks with
 * an owner begin with a copy: making a database takes many times longer. Removed by the answered function.
 */
export default async function createDataDirTemplate(): Promise<() => void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-e2e-template-'));
  const remove = () => rmSync(dataDir, { recursive: true, force: true });
  try {
    const stack = await startStack({ dataDir });
    const exitCode = await stack.stop();
    if (exitCode !== 0) throw new Error(`Switchyard ended with exit code ${exitCode}:\n${stack.output()}`);
  } catch (error) {
    remove();
    throw error;
  }
  process.env[templateVariable] = dataDir;
  return remove;
}
