import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../scripts/tasks/free-port.mjs';
import { spawnSwitchyard } from '../stack/start-stack.ts';
import { expect, test } from '../stack/test.ts';

/** Starts with these settings, waits for the end, answers what was printed and the exit code. */
async function runToEnd(env: Record<string, string>): Promise<{ output: string; exitCode: number | null }> {
  const { process: child, output } = spawnSwitchyard(env);
  await once(child, 'exit');
  return { output: output().trim(), exitCode: child.exitCode };
}

/** Exactly one line, so that nobody has to search for it in a stack trace. */
const isOneSentence = (output: string) => output.split('\n').length === 1;

test.describe('what keeps it from starting is said in one sentence', () => {
  let folder: string;
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'switchyard-e2e-errors-'));
  });
  test.afterEach(() => rmSync(folder, { recursive: true }));

  test('a busy port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { output, exitCode } = await runToEnd({ PORT: String(port), SWITCHYARD_DATA_DIR: folder });
    other.close();
    expect(output).toBe(
      `Port ${port} is used by another program: stop that one, or start with another port, for example PORT=${port + 1} npm start.`,
    );
    expect(exitCode).toBe(1);
  });

  test('a second instance on the same data folder', async ({ stack }) => {
    const port = await findFreePort();
    const { output, exitCode } = await runToEnd({ PORT: String(port), SWITCHYARD_DATA_DIR: stack.dataDir });
    expect(output).toContain(`already running on ${stack.dataDir} as process ${stack.process.pid} at http://`);
    expect(isOneSentence(output)).toBe(true);
    expect(exitCode).toBe(1);
  });

  test('a data folder that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { output, exitCode } = await runToEnd({ SWITCHYARD_DATA_DIR: join(folder, 'file/data') });
    expect(output).toContain('cannot be used: a part of the path is a file. Set SWITCHYARD_DATA_DIR');
    expect(isOneSentence(output)).toBe(true);
    expect(exitCode).toBe(1);
  });

  test('settings that cannot be used, all at once', async () => {
    const { output, exitCode } = await runToEnd({
      PORT: 'many',
      SWITCHYARD_SIMULATOR: 'maybe',
      SWITCHYARD_DATA_DIR: folder,
    });
    expect(output).toContain('PORT is "many"');
    expect(output).toContain('SWITCHYARD_SIMULATOR is "maybe"');
    expect(exitCode).toBe(1);
  });
});
