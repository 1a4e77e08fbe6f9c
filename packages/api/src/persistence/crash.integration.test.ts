import { type ChildProcess, fork } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Simulator, startSimulator } from '@switchyard/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { change, readComparison, startComparison, waitUntilFinished } from '../testing/comparison-documents.ts';
import { joinDeltas, readBySocket } from '../testing/event-subscribers.ts';
import { ask, type LooseJson } from '../testing/graph-client.ts';
import { testKey } from '../testing/test-settings.ts';

const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'];

let simulator: Simulator;
let dataDir: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ speed: 4 });
  dataDir = await mkdtemp(join(tmpdir(), 'switchyard-crash-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  await rm(dataDir, { recursive: true, force: true });
  dataDir = await mkdtemp(join(tmpdir(), 'switchyard-crash-'));
});
afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await simulator.stop();
});

function spawnServer(): ChildProcess {
  const path = join(import.meta.dirname, '../testing/child-server.ts');
  const child = fork(path, [dataDir, JSON.stringify(simulator.baseUrls)], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.push(child);
  return child;
}

/** Starts a server on the data folder; an early end fails the test with what it said. */
async function startServer() {
  const child = spawnServer();
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.on('message', (message: { url?: string }) => message.url && resolve(message.url));
    child.on('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
  });
  return { child, graphUrl: `${url}/graphql`, socketUrl: `${url.replace('http', 'ws')}/graphql`, key: testKey };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe.runIf(inject('testDatabaseUrl') === '')('kill -9', () => {
  test('mid-stream: lanes are interrupted with all that anybody saw, events go on, and a retry works', {
    timeout: 90_000,
  }, async () => {
    await cp(inject('dataDirTemplate'), dataDir, { recursive: true });
    const first = await startServer();
    // So slow that no lane has ended when fifteen events are read, on a busy machine too.
    simulator.control.updateSettings({ speed: 0.5 });
    const { id } = await startComparison(first, models);
    const seen: LooseJson[] = [];
    const reading = readBySocket(first, id, 0, 15).then((events) => seen.push(...events));
    await reading;
    await kill(first.child);
    simulator.control.updateSettings({ speed: 8 });

    const second = await startServer();
    const comparison = await readComparison(second, id);
    expect(comparison.state).toBe('FINISHED');
    const interrupted = comparison.lanes.filter((lane: LooseJson) => lane.state === 'INTERRUPTED');
    expect(interrupted.length).toBeGreaterThan(0);
    const events = await readBySocket(second, id);
    expect(events.map((event) => event.seq)).toEqual(
      [...new Set(events.map((event) => event.seq))].sort((a, b) => a - b),
    );
    expect(events.slice(0, seen.length)).toEqual(seen);
    expect(events.at(-1).__typename).toBe('ComparisonFinished');
    for (const lane of comparison.lanes) {
      expect(lane.output.startsWith(joinDeltas(seen, lane.id))).toBe(true);
      expect(joinDeltas(events, lane.id)).toBe(lane.output);
    }
    expect(interrupted[0].costUsd).toBeNull();
    expect((await change(second, 'retryLane', { laneId: interrupted[0].id })).__typename).toBe('RetryLaneSuccess');
    const after = await waitUntilFinished(second, id);
    expect(after.lanes.find((lane: LooseJson) => lane.id === interrupted[0].id)).toMatchObject({
      state: 'COMPLETED',
      attempt: 2,
    });
    const more = await readBySocket(second, id, comparison.lastSeq);
    expect(more[0]).toMatchObject({ __typename: 'OutputReset', seq: comparison.lastSeq + 1 });
  });

  test('at any moment of the first start, again and again: a later start works, with owner and key', {
    timeout: 150_000,
  }, async () => {
    // One full start tells how long there is something to interrupt; then each attempt is killed a bit later.
    const moments = [150, 500, 900, 1_300, 1_700, 2_200, 2_800];
    for (const afterMs of moments) {
      const child = spawnServer();
      await Promise.race([delay(afterMs), new Promise((resolve) => child.once('exit', resolve))]);
      await kill(child);
    }
    const server = await startServer();
    const { viewer } = await ask(server, '{ viewer { accessRole team { name } user { email } } }');
    expect(viewer).toMatchObject({ accessRole: 'ADMIN', user: { email: 'owner@switchyard.test' } });
    const { id } = await startComparison(server, models.slice(0, 2));
    expect((await waitUntilFinished(server, id)).state).toBe('FINISHED');
  });
});
