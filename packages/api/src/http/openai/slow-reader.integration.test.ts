import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

/** As a stream more than all the socket buffers on the way can hold. */
const text = 'The sea rises. '.repeat(20_000);

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ deadlines: { firstTokenMs: 20_000, idleMs: 5_000, totalMs: 60_000 } });
  server.simulator.control.updateSettings({ fixedAnswer: text });
  // Harmless, but with a fault the simulator sends the text piece by piece and waits for its reader.
  server.simulator.control.addFault({ kind: 'latency', delayMs: 0 });
});
afterAll(() => server.stop());

/** Asks for a stream on a socket of its own and reads nothing of it. */
function openPaused(): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const messages = [{ role: 'user', content: 'Why?' }];
  const body = JSON.stringify({ model: 'openai/gpt-5-mini', messages, stream: true });
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.pause();
    socket.on('error', reject);
    socket.on('connect', () => {
      socket.write(
        `POST /v1/chat/completions HTTP/1.0\r\nhost: x\r\nauthorization: Bearer ${server.key}\r\n` +
          `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      resolve(socket);
    });
  });
}

const upstream = () => server.simulator.control.requests().findLast((request) => request.method === 'POST');

/** Resolves once the upstream has sent something and then nothing more for a while. */
async function waitUntilHeldBack(): Promise<void> {
  for (let before = -1, now = 0; now === 0 || now !== before; ) {
    await delay(200);
    before = now;
    now = upstream()?.tokensSent ?? 0;
  }
}

test('a reader that pauses holds the upstream back and then gets everything', async () => {
  const socket = await openPaused();
  await waitUntilHeldBack();
  expect(upstream()?.outcome).toBe('open');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk)).resume();
  await new Promise((resolve) => socket.on('close', resolve));
  const payloads = Buffer.concat(chunks)
    .toString('utf8')
    .split('\n\n')
    .filter((block) => block.includes('data: '));
  expect(payloads.pop()).toBe('data: [DONE]');
  const deltas = payloads.map((block) => JSON.parse(block.slice(block.indexOf('data: ') + 6)).choices[0].delta.content);
  expect(deltas.join('') === text).toBe(true);
  expect(upstream()?.outcome).toBe('completed');
});

test('a reader that never comes back is cut off, upstream and all, and not blamed on the provider', async () => {
  const socket = await openPaused();
  await waitUntilHeldBack();
  await expect.poll(() => upstream()?.outcome, { timeout: 10_000 }).toBe('aborted');
  await server.services.callRecords.flush();
  const last = await server.services.prisma.callRecord.findFirst({ orderBy: { startedAt: 'desc' } });
  expect([last?.outcome, last?.source]).toEqual(['cancelled', 'openai-compatible']);
  socket.destroy();
});
