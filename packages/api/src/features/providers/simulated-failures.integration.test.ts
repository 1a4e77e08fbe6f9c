import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ask } from '../../testing/graph-client.ts';
import { createKey } from '../../testing/other-team.ts';
import { changeProviders, listProviders } from '../../testing/provider-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let providerId: string;
beforeAll(async () => {
  server = await startTestServer({ isWithSimulatorControl: true });
  providerId = (await listProviders(server)).find(({ slug }: { slug: string }) => slug === 'openai').id;
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const set = (input: object, key?: string) =>
  changeProviders(server, 'setSimulatedFailure', { providerId, ...input }, key);
const read = async () =>
  (
    await ask(
      server,
      '{ simulator { isRunning providers { providerId errorRate status latencyMs tokensPerSecond outage cutAfterTokens stallAfterTokens otherFaults provider { slug } } } }',
    )
  ).simulator;
const ofOpenai = async () =>
  (await read()).providers.find(({ provider }: { provider: { slug: string } }) => provider.slug === 'openai');

test('what is set is what the simulator does, and replaces what was set before', async () => {
  const first = await set({ errorRate: 1, status: 429, cutAfterTokens: 5 });
  expect(first).toMatchObject({ simulated: { errorRate: 1, status: 429, cutAfterTokens: 5, outage: false } });
  const kinds = () => server.simulator.control.listFaults().map(({ kind, vendor }) => `${vendor} ${kind}`);
  expect(kinds()).toEqual(['openai error', 'openai cut']);
  await set({ outage: true });
  expect(kinds()).toEqual(['openai reset', 'openai reset']);
  expect(await ofOpenai()).toMatchObject({ outage: true, errorRate: null, cutAfterTokens: null });
  const tested = await ask(
    server,
    'mutation($id: ID!) { testProvider(input: { providerId: $id }) { ... on TestProviderSuccess { isOk } } }',
    { id: providerId },
  );
  expect(tested.testProvider.isOk).toBe(false);
});

test('all is taken back at once, but not what others set', async () => {
  await set({ latencyMs: 5, tokensPerSecond: 50, stallAfterTokens: 3 });
  server.simulator.control.addFault({ kind: 'empty', vendor: 'openai' });
  expect((await ofOpenai()).otherFaults).toEqual(['empty']);
  await ask(server, 'mutation { clearSimulatedFailures { __typename } }');
  expect(server.simulator.control.listFaults().map(({ kind }) => kind)).toEqual(['empty']);
  expect(await ofOpenai()).toMatchObject({ latencyMs: null, tokensPerSecond: null, stallAfterTokens: null });
});

test('what the simulator’s own control API cleared is shown as cleared', async () => {
  await set({ errorRate: 0.5 });
  server.simulator.control.clearFaults();
  expect(await ofOpenai()).toMatchObject({ errorRate: null, outage: false });
});

test.each<[object, RegExp]>([
  [{ errorRate: 1.5 }, /errorRate/],
  [{ errorRate: 1, status: 200 }, /429/],
  [{ latencyMs: -1 }, /latencyMs/],
])('%o is refused', async (input, message) => {
  expect(await set(input)).toMatchObject({ code: 'INPUT.INVALID', message: expect.stringMatching(message) });
  expect(server.simulator.control.listFaults()).toEqual([]);
});

test('neither for developers nor for real providers', async () => {
  const { teamId } = await server.services.prisma.apiKey.findFirstOrThrow();
  const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN']);
  expect((await set({ outage: true }, key)).__typename).toBe('ForbiddenError');
  const made = await changeProviders(server, 'createProvider', { slug: 'real', type: 'OPENAI', isEnabled: false });
  const refused = await changeProviders(server, 'setSimulatedFailure', { providerId: made.provider.id, outage: true });
  expect(refused.code).toBe('PROVIDERS.NOT_SIMULATED');
});
