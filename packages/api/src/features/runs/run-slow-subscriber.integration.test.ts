import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinDeltas } from '../../testing/event-subscribers.ts';
import type { LooseJson } from '../../testing/graph-client.ts';
import { publish, runEventsDocument, runSubscribers, startRun } from '../../testing/run-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Asks for events as SSE on a socket of its own, which reads nothing until `resume`. */
function openPaused(id: string): Promise<{ socket: Socket; resume(): Promise<LooseJson[]> }> {
  const { hostname, port } = new URL(server.url);
  const body = JSON.stringify({ query: runEventsDocument, variables: { id, after: 0 } });
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.pause();
    socket.on('error', reject);
    socket.on('connect', () => {
      socket.write(
        `POST /graphql HTTP/1.0\r\nhost: x\r\nauthorization: Bearer ${server.key}\r\naccept: text/event-stream\r\n` +
          `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      const resume = async (): Promise<LooseJson[]> => {
        const pieces: Buffer[] = [];
        socket.on('data', (piece) => void pieces.push(piece));
        const closed = new Promise((done) => socket.once('close', done));
        socket.resume();
        await closed;
        const lines = Buffer.concat(pieces).toString('utf8').split('\n');
        return lines.flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6)).data.runEvents] : []));
      };
      resolve({ socket, resume });
    });
  });
}

test('a subscriber that stops reading costs little, disturbs nobody and loses nothing', async () => {
  // Four answers of 1 MB: more than all socket buffers on the way can hold.
  server.simulator.control.addFault({ kind: 'huge-delta', sizeBytes: 1024 * 1024 });
  server.simulator.control.addFault({ kind: 'stall', afterTokens: 0, forMs: 300 });
  const steps = Array.from({ length: 4 }, (_, index) => ({
    id: `s${index}`,
    type: 'prompt',
    models: [{ model: 'openai/gpt-4o-mini' }],
    prompt: `Nummer ${index}`,
  }));
  await publish(server, { format: 1, name: 'loud', steps });
  const { run } = await startRun(server, { workflow: 'loud' });
  const [slow, gone] = await Promise.all([openPaused(run.id), openPaused(run.id)]);
  const whole = (await runSubscribers['graphql-ws']?.(server, run.id)) ?? [];
  expect(whole.at(-1)).toMatchObject({ __typename: 'RunFinished', state: 'COMPLETED' });
  await delay(300);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  gone.socket.destroy();
  const events = await slow.resume();
  expect(events.at(-1)?.__typename).toBe('RunFinished');
  expect(new Set(events.map(({ seq }) => seq)).size).toBe(events.length);
  const completed = whole.filter(({ __typename }) => __typename === 'OutputCompleted');
  expect(completed).toHaveLength(4);
  for (const { laneId, whole: text } of completed) {
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(joinDeltas(whole, laneId) === text).toBe(true);
    expect(joinDeltas(events, laneId) === text).toBe(true);
  }
  await expect.poll(() => server.services.runParts.feed.subscriberCount).toBe(0);
});
