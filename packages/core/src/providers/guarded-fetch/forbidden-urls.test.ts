import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { lookupOf, makeForbiddenUrls } from '../../testing/forbidden-urls.ts';
import { ask, readParts, summarise } from '../../testing/read-parts.ts';
import { startTrapServer, type TrapServer } from '../../testing/trap-server.ts';
import { createModelAdapter } from '../create-model-adapter.ts';
import { createHttpAgent, type LookupAll } from './http-agents.ts';

let trap: TrapServer;
beforeAll(async () => {
  trap = await startTrapServer();
});
afterAll(() => trap.stop());

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const callThrough = async (baseUrl: string, addressPolicy: 'public-only' | 'allow-private') => {
  const connection = { id: 'own', type: 'custom', baseUrl, apiKey: 'sk-secret-of-the-first', addressPolicy } as const;
  const adapter = createModelAdapter(connection as never, { clock: new FakeClock(), log: silent });
  return summarise(await readParts(adapter, ask('any', 'Hi')));
};

const connectTo = async (url: string, dispatcher: ReturnType<typeof createHttpAgent>, signal: AbortSignal) => {
  try {
    return await request(url, { dispatcher, signal });
  } catch {
    return undefined;
  }
};

describe('forbidden URLs', () => {
  it('are at least 60, and a call of a model connects to none of them', async () => {
    const all = makeForbiddenUrls(trap.port, trap.socketPath).filter(({ resolvesTo }) => !resolvesTo);
    expect(all.length).toBeGreaterThanOrEqual(60);
    for (const { name, url } of all) {
      const { errorKind, text } = await callThrough(url, 'public-only');
      expect(errorKind, name).toBeDefined();
      expect(text, name).toBe('');
      expect(trap.accepted(), name).toBe(0);
    }
  });

  it('reach nothing by the connector itself, whatever was checked before and whatever a resolver answers', async () => {
    for (const forbidden of makeForbiddenUrls(trap.port, trap.socketPath)) {
      const agent = createHttpAgent('public-only', lookupOf(forbidden) as unknown as LookupAll);
      // Twice: a resolver that rebinds gives its other answer then. A public address that answers nothing is given up.
      for (const signal of [AbortSignal.timeout(50), AbortSignal.timeout(50)]) {
        const answer = await connectTo(forbidden.url, agent, signal);
        expect(answer?.statusCode, forbidden.name).toBeUndefined();
      }
      await agent.destroy();
      expect(trap.accepted(), forbidden.name).toBe(0);
    }
  });

  it('are not reached by a redirect, and the key goes only to the origin it was stored for', async () => {
    const seen: (string | undefined)[] = [];
    const door = createServer((incoming, response) => {
      seen.push(incoming.headers.authorization);
      const status = Number(/\/(3\d\d)\//.exec(incoming.url ?? '')?.[1] ?? 302);
      response.writeHead(status, { location: `http://127.0.0.1:${trap.port}/v1` }).end();
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const { port } = door.address() as AddressInfo;
    for (const status of [300, 301, 302, 303, 307, 308]) {
      const { errorKind } = await callThrough(`http://127.0.0.1:${port}/${status}`, 'allow-private');
      expect(errorKind, `${status}`).toBeDefined();
    }
    expect(seen.length).toBeGreaterThanOrEqual(6);
    expect(new Set(seen)).toEqual(new Set(['Bearer sk-secret-of-the-first']));
    expect(trap.accepted()).toBe(0);
    await new Promise((resolve) => door.close(resolve) && door.closeAllConnections());
  });
});
