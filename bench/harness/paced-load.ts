import { Agent, request } from 'undici';
import type { LoadResult, LoadTarget } from './load.ts';
import { quantile } from './report.ts';

/**
 * Sends requests at an even pace whether or not earlier ones were answered (open loop), and measures each from the
 * moment it was due, so that a server that stalls is charged for everybody who had to wait.
 */
export async function runPacedLoad(
  target: LoadTarget,
  options: { rate: number; seconds: number },
): Promise<LoadResult> {
  const agent = new Agent({ connections: 64 });
  const latenciesMs: number[] = [];
  const pending: Promise<void>[] = [];
  let failures = 0;
  const total = Math.floor(options.rate * options.seconds);
  const startMs = performance.now();
  const send = async (dueMs: number) => {
    try {
      const { statusCode, body } = await request(target.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...target.headers },
        body: target.body,
        dispatcher: agent,
      });
      await body.dump();
      if (statusCode !== 200) failures += 1;
    } catch {
      failures += 1;
    }
    latenciesMs.push(performance.now() - dueMs);
  };
  for (let sent = 0; sent < total; ) {
    const nowMs = performance.now();
    for (let dueMs = startMs + (sent * 1000) / options.rate; sent < total && dueMs <= nowMs; ) {
      pending.push(send(dueMs));
      sent += 1;
      dueMs = startMs + (sent * 1000) / options.rate;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(pending);
  await agent.close();
  return {
    requestsPerSecond: total / ((performance.now() - startMs) / 1000),
    p50: quantile(latenciesMs, 0.5),
    p99: quantile(latenciesMs, 0.99),
    failures,
  };
}
