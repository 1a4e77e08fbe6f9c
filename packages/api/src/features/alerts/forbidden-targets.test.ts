import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@switchyard/core/kernel/system';
import { createHttpAgent, type LookupAll } from '@switchyard/core/providers';
import { lookupOf, makeForbiddenUrls, startTrapServer, type TrapServer } from '@switchyard/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postMessage } from './post-message.ts';

let trap: TrapServer;
beforeAll(async () => {
  trap = await startTrapServer();
});
afterAll(() => trap.stop());

const message = { headers: { 'content-type': 'application/json' }, body: '{"text":"x"}' };
const post = async (
  url: string,
  addressPolicy: 'public-only' | 'allow-private',
  lookup?: LookupAll,
  signal = AbortSignal.timeout(100),
) => {
  const agent = createHttpAgent(addressPolicy, lookup);
  const target = { type: 'webhook', url, secret: undefined, addressPolicy } as const;
  const outcome = await postMessage(target, message, { agent, clock: systemClock, signal });
  await agent.destroy();
  return outcome;
};

describe('webhooks', () => {
  test('are never sent to a forbidden URL, however it is written and whatever its name resolves to', async () => {
    const all = makeForbiddenUrls(trap.port, trap.socketPath);
    expect(all.length).toBeGreaterThanOrEqual(60);
    for (const forbidden of all) {
      const lookup = forbidden.resolvesTo && (lookupOf(forbidden) as unknown as LookupAll);
      const outcome = await post(forbidden.url, 'public-only', lookup);
      expect(['unreachable', 'aborted'], forbidden.name).toContain(outcome.kind);
      expect(outcome.responseExcerpt, forbidden.name).toBe('');
      expect(outcome.error ?? '', forbidden.name).not.toMatch(/127\.0\.0\.1|::1|ECONN/);
      expect(trap.accepted(), forbidden.name).toBe(0);
    }
  });

  test('follow no redirect', async () => {
    const door = createServer((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${trap.port}/` }).end();
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as AddressInfo;
    const outcome = await post(`http://127.0.0.1:${port}/hook`, 'allow-private', undefined, AbortSignal.timeout(5_000));
    expect(outcome).toMatchObject({ kind: 'refused', httpStatus: 307 });
    expect(trap.accepted()).toBe(0);
    await new Promise((resolve) => door.close(resolve) && door.closeAllConnections());
  });
});
