import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@switchyard/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkNode } from './check-machine.ts';
import { doctor } from './doctor.ts';
import type { DoctorCheck } from './doctor-check.ts';
import { recordSurroundings } from './recorded-surroundings.ts';

let simulator: Simulator;
let folder: string;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  simulator = await startSimulator({ speed: Number.POSITIVE_INFINITY, requireKeys: true });
});
afterAll(() => simulator.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-doctor-'));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(folder, { recursive: true });
});

const dataDir = () => join(folder, 'data');

async function run(environment: Record<string, string> = {}, args: readonly string[] = [], timeoutMs = 5_000) {
  const surroundings = recordSurroundings({ PORT: '0', ...environment }, folder);
  const code = await doctor(args, surroundings, { defaultDataDir: dataDir(), timeoutMs });
  return { code, text: surroundings.text(), errorText: surroundings.errorText() };
}

/** The checks by their ids. */
async function check(environment: Record<string, string> = {}, timeoutMs?: number) {
  const { code, text } = await run(environment, ['--json'], timeoutMs);
  const { checks, isWell } = JSON.parse(text) as { checks: readonly DoctorCheck[]; isWell: boolean };
  expect(isWell).toBe(code === 0);
  for (const { status, remedy } of checks) if (status === 'failed') expect(remedy).toMatch(/\w/);
  return {
    code,
    text,
    of: (id: string) => checks.find((candidate) => candidate.id === id),
    ids: checks.map(({ id }) => id),
  };
}

const writeFile = (text: string) => writeFileSync(join(folder, 'switchyard.yaml'), text);
const listen = async (server: Server | ReturnType<typeof createServer>): Promise<number> => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closers.push(() => new Promise((closed) => server.close(closed)));
  return (server.address() as AddressInfo).port;
};

describe('switchyard doctor', () => {
  it('on a fresh machine finds nothing to mend, makes nothing, and says what comes', async () => {
    const { code, text } = await run();
    expect(code).toBe(0);
    expect(text).toMatch(/✓ Node\.js/);
    expect(text).toMatch(/✓ Data folder +.*will be made at the start/);
    expect(text).toMatch(/– Configuration +No switchyard\.yaml here/);
    expect(text).toMatch(/– Providers +None is set up/);
    expect(text).toMatch(/Everything that is set up works\.$/);
    expect(existsSync(dataDir())).toBe(false);
  });

  it('tests the keys of all providers of file and environment at once', async () => {
    const { openai, anthropic, google } = simulator.baseUrls;
    writeFile(`version: 1
providers:
  - {id: openai-eu, type: openai, display_name: OpenAI Europe, base_url: "${openai}", api_key: "\${EU_KEY}", allow_private_network: true}
  - {id: rejected, type: anthropic, base_url: "${anthropic}", api_key: {env: BAD_KEY}, allow_private_network: true}
  - {id: keyless, type: openai, base_url: "${openai}", api_key: "\${NOT_SET}", allow_private_network: true}
  - {id: resting, type: openai, enabled: false}
`);
    const { code, of, ids, text } = await check({
      EU_KEY: 'sk-eu-hunter2',
      BAD_KEY: 'sk-invalid-hunter2',
      GEMINI_API_KEY: 'gk-hunter2',
      GEMINI_BASE_URL: google,
    });
    expect(code).toBe(1);
    expect(ids.filter((id) => id.startsWith('provider'))).toEqual([
      'provider:openai-eu',
      'provider:rejected',
      'provider:keyless',
      'provider:resting',
      'provider:google',
    ]);
    expect(of('provider:openai-eu')).toMatchObject({
      title: 'OpenAI Europe',
      status: 'passed',
      message: expect.stringMatching(/lists \d+ models/),
    });
    // The vendor's own words, and the variable to change.
    expect(of('provider:rejected')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('invalid x-api-key'),
      remedy: 'Check BAD_KEY.',
    });
    expect(of('provider:keyless')).toMatchObject({
      status: 'failed',
      message: 'It has no key.',
      remedy: 'Set NOT_SET where Switchyard is started.',
    });
    expect(of('provider:resting')?.status).toBe('skipped');
    expect(of('provider:google')?.status).toBe('passed');
    expect(text).not.toContain('hunter2');
  });

  it('does not wait for a silent provider, nor for one after the other', async () => {
    const silent = createServer(() => {});
    const sockets: { destroy(): void }[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    closers.push(() => sockets.forEach((socket) => void socket.destroy()));
    const port = await listen(silent);
    const entry = (id: string) =>
      `  - {id: ${id}, type: custom, base_url: "http://127.0.0.1:${port}/v1", allow_private_network: true}\n`;
    writeFile(`version: 1\nproviders:\n${['a', 'b', 'c', 'd', 'e'].map(entry).join('')}`);
    const startMs = performance.now();
    const { of } = await check({}, 300);
    expect(of('provider:e')).toMatchObject({
      status: 'failed',
      message: `127.0.0.1:${port} has not answered within 0.3 s.`,
      remedy: 'Check the network, proxy and address (switchyard.yaml:7).',
    });
    // One after the other would take 1.5 s and more.
    expect(performance.now() - startMs).toBeLessThan(1_400);
  });

  it('names the line of an address where nobody listens', async () => {
    writeFile(
      'version: 1\nproviders:\n  - {id: gone, type: custom, base_url: "http://127.0.0.1:9", allow_private_network: true}\n',
    );
    expect((await check()).of('provider:gone')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('switchyard.yaml:3'),
    });
  });

  it('reports a file with errors and leads to validate', async () => {
    writeFile('version: 1\nprovders: []\n');
    const { code, of } = await check();
    expect(code).toBe(1);
    expect(of('configuration')).toMatchObject({
      status: 'failed',
      message:
        'switchyard.yaml has 1 error, the first in line 2: "provders" is not a known field at the top of the file.',
      remedy: 'Run: switchyard validate switchyard.yaml',
    });
    expect(of('providers')?.message).toBe('Not tested, because the configuration cannot be used.');
  });

  it('reports every setting that cannot be used', async () => {
    const { code, text } = await run({ PORT: 'x', SWITCHYARD_SECRET: 'short' });
    expect(code).toBe(1);
    expect(text).toMatch(/✗ Settings +PORT is "x"/);
    expect(text).toMatch(/✗ Settings +SWITCHYARD_SECRET is too short/);
    expect(text).toMatch(/2 problems to mend\.$/);
  });

  it('tells a running Switchyard from another program on its port', async () => {
    const statuses: Record<string, string> = { '/healthz': 'ok', '/readyz': 'ready' };
    const alike = createHttpServer((request, response) =>
      response.end(JSON.stringify({ status: statuses[request.url ?? ''] })),
    );
    const stranger = createHttpServer((_, response) => response.end('hello'));
    const [own, foreign] = [await listen(alike), await listen(stranger)];
    expect((await check({ PORT: `${own}` })).of('port')).toMatchObject({
      status: 'passed',
      message: `A running Switchyard has ${own}.`,
    });
    expect((await check({ PORT: `${foreign}` })).of('port')).toMatchObject({
      status: 'failed',
      message: `${foreign} is used by another program.`,
      remedy: `Stop that one, or set PORT, for example PORT=${foreign + 1}.`,
    });
  });

  it('says why the data folder cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const name of ['file', 'file/below']) {
      expect((await check({ SWITCHYARD_DATA_DIR: join(folder, name) })).of('data-folder')).toMatchObject({
        status: 'failed',
        remedy: 'Set SWITCHYARD_DATA_DIR to a folder that your user can write.',
      });
    }
  });

  it('reaches the database as the server would, and shows no password', async () => {
    const { of, text } = await check({ DATABASE_URL: 'postgresql://me:hunter2@127.0.0.1:9/db' });
    expect(of('database')).toMatchObject({
      status: 'failed',
      message: expect.stringMatching(/^Postgres at 127\.0\.0\.1:9\/db cannot be used: .*ECONNREFUSED/),
      remedy: 'Check that the server runs, and host and port in DATABASE_URL.',
    });
    expect(of('secret')?.status).toBe('skipped');
    expect(text).not.toContain('hunter2');
  });

  it('answers 2 for wrong use', async () => {
    expect(await run({}, ['--fix'])).toMatchObject({
      code: 2,
      text: '',
      errorText: expect.stringContaining('Usage: switchyard doctor'),
    });
  });
});

it('an old Node is a failure with the way out', () => {
  expect(checkNode('22.3.0')).toMatchObject({ status: 'failed', remedy: expect.stringContaining('npm start') });
  expect(checkNode('24.0.0').status).toBe('passed');
});
