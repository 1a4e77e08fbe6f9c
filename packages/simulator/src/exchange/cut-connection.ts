import type { Exchange } from './exchange.ts';

/** Time for what was written to reach the client before a reset throws unread bytes away. */
const DELIVERY_MS = 15;

/** Ends the connection in the middle of a message: the promised rest (chunk terminator, content length) never comes. */
export async function cutConnection(exchange: Exchange, mode: 'fin' | 'rst'): Promise<void> {
  const { socket } = exchange.response;
  exchange.entry.outcome = 'faulted';
  if (socket === null) return;
  if (mode === 'fin') {
    socket.end();
    return;
  }
  await exchange.wait(DELIVERY_MS);
  socket.resetAndDestroy();
}
