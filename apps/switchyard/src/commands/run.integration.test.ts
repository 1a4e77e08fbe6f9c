import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@switchyard/core/kernel/system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askGraph, type GraphData } from './graph-connection.ts';
import { run } from './run.ts';

const key = 'sk-test-0123456789abcdef0123456789abcdef';
const configuration = `version: 1
workflows:
  greet:
    inputs: { who: { type: string }, words: { type: number, default: 5 } }
    steps:
      - { id: draft, type: prompt, title: Write it, models: [{ model: openai/gpt-4o-mini }], prompt: "{{ inputs.words }} words for {{ inputs.who }}" }
      - { id: shout, type: transform, value: 'inputs.who + "!"' }
    outputs: { letter: steps.draft.output, shout: steps.shout.output }
  waits:
    steps:
      - { id: ok, type: approval, message: Go on? }
  breaks:
    inputs: { who: { type: string } }
    steps:
      - { id: bad, type: transform, value: int(inputs.who) + 1 }
`;

let folder: string;
let child: ChildProcess;
let server: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-run-'));
  const file = join(folder, 'switchyard.yaml');
  writeFileSync(file, configuration);
  writeFileSync(join(folder, 'inputs.json'), '{"who": "Ada"}');
  child = spawn(process.execPath, [join(import.meta.dirname, '../main.ts'), 'start'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      SWITCHYARD_SIMULATOR: 'on',
      SWITCHYARD_DATA_DIR: join(folder, 'data'),
      SWITCHYARD_CONFIG: file,
      SWITCHYARD_INIT_OWNER_EMAIL: 'owner@switchyard.test',
      SWITCHYARD_INIT_OWNER_PASSWORD: 'correct horse battery staple',
      SWITCHYARD_INIT_API_KEY: key,
    },
  });
  server = await readAddress(child);
}, 180_000);
afterAll(async () => {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** The address in the box that the program prints when it is ready. */
function readAddress(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    program.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${text}`)));
    program.stdout?.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const [, address] = /Dashboard +(http:\S+)/.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
}

/** Runs the command; `onLine` is told every line of progress and can press Ctrl-C. */
async function call(
  args: readonly string[],
  options: {
    readonly isTerminal?: boolean;
    readonly onLine?: (line: string, press: () => void) => void;
    readonly at?: string;
  } = {},
) {
  const printed: string[] = [];
  const shown: string[] = [];
  let press = () => {};
  const { isTerminal = false } = options;
  const surroundings = {
    environment: { SWITCHYARD_API_KEY: key, SWITCHYARD_URL: options.at ?? server, NO_COLOR: '1' },
    workingDirectory: folder,
    output: { isTerminal: false, write: (line: string) => void printed.push(line) },
    errorOutput: {
      isTerminal,
      columns: 80,
      rows: 24,
      write: (line: string) => {
        shown.push(line);
        options.onLine?.(line, () => press());
      },
    },
  };
  const listen = (callback: () => void) => {
    press = callback;
    return () => {};
  };
  const parts = { clock: systemClock, interrupts: { listen }, readStandardInput: () => '{"who": "Bob"}' };
  const status = await run(args, surroundings, parts);
  return { status, printed: printed.join('\n'), shown: shown.join('\n') };
}

const stateOf = async (id: string): Promise<string> =>
  (await askGraph({ server, key }, 'query($id: ID!) { run(id: $id) { state } }', { id })).run.state;
const idIn = (shown: string): string => decodeURIComponent(/\/runs\?id=([^\s]+)/.exec(shown)?.[1] ?? '');

describe('switchyard run', { timeout: 60_000 }, () => {
  it('prints the outputs, tells the steps beside them and answers 0', async () => {
    const { status, printed, shown } = await call(['greet', '--input', 'inputs.json']);
    expect([status, shown]).toEqual([0, expect.stringContaining('✓ Write it')]);
    expect(printed).toMatch(/^# letter\n\n[\s\S]+# shout\n\nAda!/);
    expect(shown).toMatch(/2 of 2 steps · \$0\.0\d+$/);
    expect(await stateOf(idIn(shown))).toBe('COMPLETED');
  });

  it('gives everything as JSON, from the standard input and with what was set', async () => {
    const { status, printed } = await call([
      'workflow:greet',
      '--input',
      '-',
      '--set',
      'words=7',
      '--json',
      '--tag',
      'x',
    ]);
    expect(status).toBe(0);
    const result: GraphData = JSON.parse(printed);
    expect(result).toMatchObject({
      state: 'COMPLETED',
      outputs: { shout: 'Bob!' },
      totals: [{ providerId: 'openai', calls: 1 }],
      steps: [{ stepId: 'draft', state: 'COMPLETED' }, { stepId: 'shout' }],
    });
    expect(result.url).toBe(`${server}/runs?id=${encodeURIComponent(result.run)}`);
  });

  it('draws the steps anew on a terminal, and keeps within it', async () => {
    const { status, shown } = await call(['greet', '--set', 'who=Eve'], { isTerminal: true });
    expect(status).toBe(0);
    expect(shown).toContain('\x1b[3A\x1b[0J');
    expect(shown).toMatch(/✓ Write it +openai\/gpt-4o-mini · /);
    for (const line of shown.split('\n').slice(1)) expect(line.split('\x1b[0J').at(-1)?.length).toBeLessThan(80);
  });

  it('says everything that is wrong with the inputs', async () => {
    const { status, shown } = await call(['greet', '--set', 'words=3', '--set', 'whom=Ada']);
    expect(status).toBe(1);
    expect(shown).toContain('Did you mean "who"?');
    expect(shown).toContain('The input "who" is missing.');
  });

  it('answers 1 and the remedy when the run fails', async () => {
    const { status, printed, shown } = await call(['breaks', '--set', 'who=Ada']);
    expect([status, printed]).toEqual([1, '']);
    expect(shown).toMatch(/EXPRESSION\.FAILED: .*\n.*Mend the expression/);
  });

  it('says what to do when there is no such workflow, no server, no key', async () => {
    expect(await call(['nothing'])).toMatchObject({ status: 1, shown: expect.stringContaining('NOT_FOUND') });
    const closed = await call(['greet'], { at: 'http://127.0.0.1:9' });
    expect(closed).toMatchObject({ status: 1, shown: expect.stringContaining('Nothing answers at') });
    const wrong = await call(['greet', '--key', 'sk-wrong']);
    expect(wrong).toMatchObject({ status: 1, shown: expect.stringContaining('refused the key') });
    expect(await call(['greet', '--server', 'ftp://x'])).toMatchObject({ status: 2 });
  });

  it('starts a run and leaves it with --detach', async () => {
    const { status, printed } = await call(['waits', '--detach']);
    expect(status).toBe(0);
    expect(['QUEUED', 'RUNNING', 'WAITING']).toContain(await stateOf(idIn(printed)));
  });

  it('cancels the run at the first Ctrl-C', async () => {
    const { status, shown } = await call(['waits'], {
      onLine: (line, press) => line.startsWith('Waiting for a person: Go on?') && press(),
    });
    expect([status, await stateOf(idIn(shown))]).toEqual([130, 'CANCELLED']);
  });

  it('leaves it as it is at the second', async () => {
    // The first one does not reach the server, so that the second one finds the run at work.
    const proxy = await startProxy({ refuses: (body) => body.includes('cancelRun') });
    try {
      const { status, shown } = await call(['waits'], {
        at: proxy.url,
        onLine: (line, press) => {
          if (line.startsWith('Waiting for a person')) press();
          if (line.startsWith('Cancelling')) setImmediate(press);
        },
      });
      expect(shown).toContain('Left. The run is here:');
      expect([status, await stateOf(idIn(shown))]).toEqual([130, 'WAITING']);
    } finally {
      proxy.stop();
    }
  });

  it('goes on after a lost connection without telling anything twice', async () => {
    // Cut behind an answer that was counted: told again, it would be paid for twice in the sum.
    const proxy = await startProxy({ cutsStreams: 1 });
    try {
      const { status, shown } = await call(['greet', '--set', 'who=Ada'], { at: proxy.url });
      expect(status).toBe(0);
      expect(shown).toContain('connection lost');
      expect(shown.match(/✓ Write it/g)).toHaveLength(1);
      const query = 'query($id: ID!) { run(id: $id) { costUsd } }';
      const { costUsd } = (await askGraph({ server, key }, query, { id: idIn(shown) })).run;
      expect(shown).toContain(`2 of 2 steps · $${costUsd}`);
    } finally {
      proxy.stop();
    }
  });
});

/** Stands between the command and the server: cuts the first streams behind an answer, or refuses requests. */
async function startProxy(options: { readonly cutsStreams?: number; readonly refuses?: (body: string) => boolean }) {
  let cuts = options.cutsStreams ?? 0;
  const proxy: Server = createServer(async (incoming, outgoing) => {
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    if (options.refuses?.(body.toString())) return void outgoing.destroy();
    const { pathname, origin } = new URL(incoming.url ?? '/', server);
    const upstream = request(
      `${origin}${pathname}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        const isStream = answer.headers['content-type']?.includes('event-stream') && cuts > 0;
        if (isStream) cuts -= 1;
        answer.on('data', (bytes: Buffer) => {
          outgoing.write(bytes);
          if (isStream && bytes.includes('OutputCompleted')) setImmediate(() => outgoing.destroy());
        });
        answer.on('end', () => outgoing.end());
        outgoing.on('close', () => upstream.destroy());
      },
    );
    upstream.on('error', () => outgoing.destroy());
    upstream.end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    stop: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
