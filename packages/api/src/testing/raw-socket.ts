import { expect } from 'vitest';
import { WebSocket } from 'ws';
import type { LooseJson } from './graph-client.ts';

type Target = { readonly socketUrl: string; readonly key: string };

/** A raw graphql-ws conversation: sends what it is given and keeps what it gets. */
export async function openSocket(server: Target, key = server.key) {
  const socket = new WebSocket(server.socketUrl, 'graphql-transport-ws');
  const messages: LooseJson[] = [];
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.on('error', () => {});
  await new Promise((resolve) => socket.on('open', resolve));
  const sendMessage = (message: object) => socket.send(JSON.stringify(message));
  sendMessage({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
  const isAccepted = await Promise.race([
    expect
      .poll(() => messages[0]?.type, { timeout: 5_000 })
      .toBe('connection_ack')
      .then(
        () => true,
        () => false,
      ),
    closed.then(() => false),
  ]);
  return { socket, messages, closed, isAccepted, send: sendMessage };
}

/** The first answer to one operation over a socket. */
export async function sendBySocket(server: Target, query: string, variables: object = {}): Promise<LooseJson> {
  const connection = await openSocket(server);
  try {
    connection.send({ id: '1', type: 'subscribe', payload: { query, variables } });
    const answer = () => connection.messages.find((message) => message.id === '1');
    await expect.poll(answer, { timeout: 5_000 }).toBeDefined();
    return answer();
  } finally {
    connection.socket.terminate();
    await connection.closed;
  }
}
