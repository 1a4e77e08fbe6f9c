import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventsDocument, startComparison, waitUntilFinished } from '../../testing/comparison-documents.ts';
import { joinDeltas, readBySocket } from '../../testing/event-subscribers.ts';
import type { LooseJson } from '../../testing/graph-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** Asks for events as SSE on a socket of its own, which reads nothing until `resume`. */
function openPaused(id: string): Promise<{ socket: Socket; resume(): Promise<LooseJson[]> }> {
  const { hostname, port } = new URL(server.url);
  const body = JSON.stringify({ query: eventsDocument, variables: { id, after: 0 } });
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.pause();
    socket.on('error', reject);
    socket.on('connect', () => {
      socket.write(
        `POST /graphql HTTP/1.0\r\nhost: x\r\nauthorization: Bearer ${server.key}\r\naccept: text/event-stream\r\n` +
          `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      resolve({
        socket,
        resume: () =>
          new Promise((done) => {
            let text = '';
            socket.setEncoding('utf8');
            socket.on('data', (chunk) => {
              text += chunk;
            });
            socket.on('close', () => {
              const lines = text.split('\n').filter((line) => line.startsWith('data: {'));
              done(lines.map((line) => JSON.parse(line.slice(6)).data.comparisonEvents));
            });
            socket.resume();
          }),
      });
    });
  });
}

test('a subscriber that stops reading during eight fast lanes costs little, disturbs nobody and loses nothing', async () => {
  // Eight answers of 1 MB: more than all socket buffers on the way can hold.
  const sizeBytes = 1024 * 1024;
  server.simulator.control.addFault({ kind: 'huge-delta', sizeBytes });
  server.simulator.control.addFault({ kind: 'stall', afterTokens: 0, forMs: 300 });
  const { id, lanes } = await startComparison(server, Array(8).fill('openai/gpt-4o-mini'));
  const paused = await Promise.all([openPaused(id), openPaused(id)]);
  const [whole, finished] = await Promise.all([readBySocket(server, id), waitUntilFinished(server, id)]);
  expect(finished.lanes.map((lane: LooseJson) => lane.state)).toEqual(Array(8).fill('COMPLETED'));
  for (const lane of finished.lanes) expect(joinDeltas(whole, lane.id)).toBe(lane.output);
  await delay(500);
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  const [slow, gone] = paused;
  gone?.socket.destroy();
  const events = (await slow?.resume()) ?? [];
  expect(events.at(-1)?.__typename).toBe('ComparisonFinished');
  expect(new Set(events.map((event) => event.seq)).size).toBe(events.length);
  for (const lane of lanes) {
    const output = finished.lanes.find((each: LooseJson) => each.id === lane.id).output;
    expect(joinDeltas(events, lane.id) === output).toBe(true);
  }
  await expect.poll(() => server.services.comparisonHub.subscriberCount).toBe(0);
});
