import type { IncomingMessage } from 'node:http';

export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/**
 * Reads a request's body whole; throws {@link BodyTooLarge} when it has more than `maxBytes`. The rest of one that is a
 * little too large is read and dropped, because a client that is cut off while it sends never sees the answer.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const maxDroppedBytes = 2 * maxBytes;
    if (Number(request.headers['content-length'] ?? 0) > maxDroppedBytes) {
      reject(new BodyTooLarge());
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      if (length <= maxDroppedBytes) return;
      request.pause();
      reject(new BodyTooLarge());
    });
    request.on('end', () => {
      if (length > maxBytes) reject(new BodyTooLarge());
      else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('The client went away.')));
  });
}
