import { Agent, request } from 'node:http';
import type { LoadTarget } from './load.ts';

/** What one reader saw: milliseconds from its request to each chunk with text. */
export interface StreamSeen {
  readonly arrivalsMs: readonly number[];
  readonly isComplete: boolean;
}

/** Reads `count` streams at once, started evenly over `overMs`, until all have ended. */
export async function readStreams(target: LoadTarget, count: number, overMs: number): Promise<StreamSeen[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const streams = Array.from({ length: count }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, (overMs * index) / count));
    return readStream(target, agent);
  });
  const seen = await Promise.all(streams);
  agent.destroy();
  return seen;
}

function readStream(target: LoadTarget, agent: Agent): Promise<StreamSeen> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const arrivalsMs: number[] = [];
    let tail = '';
    const headers = { 'content-type': 'application/json', ...target.headers };
    const sent = request(target.url, { method: 'POST', agent, headers }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const atMs = performance.now() - startMs;
        const events = (tail + text).split('\n\n');
        tail = events.pop() ?? '';
        for (const event of events) if (/"content":"[^"]/.test(event)) arrivalsMs.push(atMs);
        isDone ||= events.some((event) => event.includes('[DONE]'));
      });
      let isDone = false;
      response.on('end', () => resolve({ arrivalsMs, isComplete: isDone }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(target.body);
  });
}
