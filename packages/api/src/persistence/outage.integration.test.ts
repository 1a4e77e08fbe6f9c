import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startComparison, waitUntilFinished } from '../testing/comparison-documents.ts';
import { joinDeltas, readBySocket } from '../testing/event-subscribers.ts';
import { type LooseJson, send } from '../testing/graph-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'];

// The embedded database lives in the process and cannot go away.
describe.runIf(inject('testDatabaseUrl') !== '')('a database that goes away for a while', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ speed: 3 });
  });
  afterAll(() => server.stop());

  test('calls in flight finish, subscribers go on, everything is stored later, and no restart is needed', async () => {
    const { id } = await startComparison(server, models);
    const reading = readBySocket(server, id);
    await expect.poll(() => server.services.comparisonHub.subscriberCount).toBe(1);
    await delay(300);
    await server.outage?.begin();
    const meanwhile = await send(server, '{ comparisons { totalCount } }');
    expect(meanwhile.text).not.toMatch(/prisma|switchyard_test|terminat/i);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    await delay(1_500);
    await server.outage?.end();
    const events = await reading;
    const comparison = await waitUntilFinished(server, id);
    expect(comparison.lanes.map((lane: LooseJson) => lane.state)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(events.at(-1).__typename).toBe('ComparisonFinished');
    for (const lane of comparison.lanes) expect(joinDeltas(events, lane.id)).toBe(lane.output);
    expect(await readBySocket(server, id)).toHaveLength(events.length);
    await expect
      .poll(() => server.services.prisma.callRecord.count({ where: { source: 'comparison-lane' } }), {
        timeout: 10_000,
      })
      .toBe(3);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});
