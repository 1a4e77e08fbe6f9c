import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeId } from '../../graphql/global-id.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let stranger: OtherTeam;
let teamId: string;
let folder: string;
let tablePath: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-prices-'));
  tablePath = join(folder, 'prices.yaml');
  await writeFile(tablePath, 'prices: [{ model: openai/gpt-5 }]\n');
  server = await startTestServer({ environment: { MODEL_PRICING_TABLE_PATH: tablePath } });
  stranger = await createTeam(server.services, 'Strangers');
  teamId = (await server.services.prisma.member.findFirstOrThrow({ where: { teamId: { not: stranger.teamId } } }))
    .teamId;
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const rates = 'inputPerMillionUsd outputPerMillionUsd cachedInputPerMillionUsd cacheWritePerMillionUsd';
const priceFields = `${rates} origin source sourceUrl effectiveFrom model
  tiers { aboveInputTokens ${rates} }`;
const set = async (input: object, key?: string): Promise<LooseJson> =>
  (
    await ask(
      server,
      `mutation($input: SetPriceOverrideInput!) { setPriceOverride(input: $input) { __typename
        ... on UserError { code message path } ... on ValidationError { issues { path message code } }
        ... on SetPriceOverrideSuccess {
          priceOverride { id model effectiveFrom note createdByName price { ${priceFields} } }
          model { modelId price { ${priceFields} } }
        } } }`,
      { input },
      key === undefined ? {} : { key },
    )
  ).setPriceOverride;
const remove = async (priceOverrideId: string, key?: string): Promise<LooseJson> =>
  (
    await ask(
      server,
      `mutation($input: DeletePriceOverrideInput!) { deletePriceOverride(input: $input) { __typename
        ... on UserError { code message path } ... on DeletePriceOverrideSuccess { priceOverrideId model { price { ${priceFields} } } } } }`,
      { input: { priceOverrideId } },
      key === undefined ? {} : { key },
    )
  ).deletePriceOverride;
const priceOf = async (model: string, key?: string): Promise<LooseJson> => {
  const { models } = await ask(
    server,
    `query($search: String!) { models(filter: { search: $search }, first: 50) { edges { node {
      modelId priceUnknownReason priceChangesAt price { ${priceFields} } upcomingPrice { ${priceFields} } } } } }`,
    { search: model },
    key === undefined ? {} : { key },
  );
  return models.edges.map(({ node }: LooseJson) => node).find((node: LooseJson) => node.modelId === model);
};
const historyOf = async (model: string, key?: string): Promise<LooseJson> =>
  (
    await ask(
      server,
      `query($model: String!) { modelPriceHistory(model: $model) { standing override { id note } price { inputPerMillionUsd origin effectiveFrom } } }`,
      { model },
      key === undefined ? {} : { key },
    )
  ).modelPriceHistory;
const complete = async (model: string): Promise<LooseJson> =>
  (
    await ask(
      server,
      `mutation { complete(input: { model: "${model}", prompt: "Say hello" }) { ... on CompleteSuccess { costUsd usage { inputTokens outputTokens } } } }`,
    )
  ).complete;

const day = (offset: number) =>
  new Date(server.services.clock.nowMs() + offset * 86_400_000).toISOString().slice(0, 10);

describe('a price set in the dashboard', () => {
  test('is charged at once, says where it comes from, and goes again', async () => {
    const before = await priceOf('openai/gpt-4o-mini');
    expect(before.price).toMatchObject({ origin: 'LIBRARY', source: expect.stringContaining('genai-prices') });
    const done = await set({
      model: 'openai/gpt-4o-mini',
      inputPerMillionUsd: '1000',
      outputPerMillionUsd: '2000',
      cachedInputPerMillionUsd: '10',
      tiers: [{ aboveInputTokens: 100_000, inputPerMillionUsd: '3000' }],
      note: 'contract 17',
    });
    expect(done).toMatchObject({
      __typename: 'SetPriceOverrideSuccess',
      priceOverride: { note: 'contract 17', effectiveFrom: `${day(0)}T00:00:00.000Z` },
    });
    const { price } = await priceOf('openai/gpt-4o-mini');
    expect(price).toEqual({
      inputPerMillionUsd: '1000',
      outputPerMillionUsd: '2000',
      cachedInputPerMillionUsd: '10',
      cacheWritePerMillionUsd: null,
      origin: 'DASHBOARD',
      source: 'your team',
      sourceUrl: null,
      effectiveFrom: `${day(0)}T00:00:00.000Z`,
      model: 'openai/gpt-4o-mini',
      tiers: [
        {
          aboveInputTokens: 100_000,
          inputPerMillionUsd: '3000',
          outputPerMillionUsd: '2000',
          cachedInputPerMillionUsd: '10',
          cacheWritePerMillionUsd: null,
        },
      ],
    });
    const { costUsd, usage } = await complete('openai/gpt-4o-mini');
    expect(Number(costUsd)).toBeCloseTo(usage.inputTokens / 1_000 + usage.outputTokens / 500, 6);
    const gone = await remove(done.priceOverride.id);
    expect(gone.model.price).toEqual(before.price);
    expect((await remove(done.priceOverride.id)).code).toBe('NOT_FOUND');
    await server.services.callRecords.flush();
    const record = await server.services.prisma.callRecord.findFirstOrThrow({ where: { teamId } });
    expect(record.price).toMatchObject({ origin: 'dashboard', price: { input: { perMillionUsd: '1000' } } });
  });

  test('of a later day waits, and is shown as coming', async () => {
    const model = 'anthropic/claude-haiku-4-5';
    const today = await set({ model, inputPerMillionUsd: '1.5', outputPerMillionUsd: '5' });
    const later = await set({ model, effectiveFrom: day(3), inputPerMillionUsd: '7', outputPerMillionUsd: '9' });
    expect(await priceOf(model)).toMatchObject({
      price: { inputPerMillionUsd: '1.5', origin: 'DASHBOARD' },
      upcomingPrice: { inputPerMillionUsd: '7' },
      priceChangesAt: `${day(3)}T00:00:00.000Z`,
    });
    expect(await historyOf(model)).toMatchObject([
      { standing: 'COMING', override: { id: later.priceOverride.id }, price: { inputPerMillionUsd: '7' } },
      { standing: 'CURRENT', override: { id: today.priceOverride.id }, price: { inputPerMillionUsd: '1.5' } },
      { standing: 'REPLACED', override: null, price: { origin: 'LIBRARY' } },
    ]);
  });

  test('for a day that has one already takes its place', async () => {
    const model = 'google/gemini-2.5-pro';
    const first = await set({ model, inputPerMillionUsd: '1', outputPerMillionUsd: '1' });
    const second = await set({ model, inputPerMillionUsd: '2', outputPerMillionUsd: '2' });
    expect(second.priceOverride.id).toBe(first.priceOverride.id);
    expect((await historyOf(model)).filter(({ override }: LooseJson) => override)).toHaveLength(1);
  });

  test('set by two at once is one price, and both are told of it', async () => {
    const model = 'anthropic/claude-sonnet-4-5';
    const [one, two] = await Promise.all(
      ['3', '4'].map((rate) => set({ model, inputPerMillionUsd: rate, outputPerMillionUsd: rate })),
    );
    expect(one.priceOverride.id).toBe(two.priceOverride.id);
    const [current] = await historyOf(model);
    expect(['3', '4']).toContain(current.price.inputPerMillionUsd);
    expect((await priceOf(model)).price.inputPerMillionUsd).toBe(current.price.inputPerMillionUsd);
  });

  test('is refused with every problem at once when it is absurd', async () => {
    const refused = await set({
      model: 'openai/gpt-4o',
      effectiveFrom: '2026-02-30',
      inputPerMillionUsd: '-1',
      outputPerMillionUsd: '2000000',
      tiers: [
        { aboveInputTokens: 200, inputPerMillionUsd: '1' },
        { aboveInputTokens: 100, inputPerMillionUsd: '1' },
        { aboveInputTokens: 300 },
      ],
    });
    expect(refused.__typename).toBe('ValidationError');
    const places = refused.issues.map(({ path }: LooseJson) => path.join('.'));
    expect(places).toEqual(
      expect.arrayContaining(['input.effectiveFrom', 'input.inputPerMillionUsd', 'input.outputPerMillionUsd']),
    );
    const order = await set({
      model: 'openai/gpt-4o',
      inputPerMillionUsd: '1',
      outputPerMillionUsd: '1',
      tiers: [
        { aboveInputTokens: 200, inputPerMillionUsd: '1' },
        { aboveInputTokens: 100, inputPerMillionUsd: '1' },
        { aboveInputTokens: 300 },
      ],
    });
    expect(order.issues.map(({ path }: LooseJson) => path.join('.'))).toEqual([
      'input.tiers.1.aboveInputTokens',
      'input.tiers.2.inputPerMillionUsd',
    ]);
    const price = { inputPerMillionUsd: '1', outputPerMillionUsd: '1' };
    expect((await set({ ...price, model: 'openai/no-such-model' })).issues[0]).toMatchObject({
      code: 'unknown_model',
      path: ['input', 'model'],
    });
    expect((await set({ ...price, model: 'openai/gpt-4o', effectiveFrom: '2999-01-01' })).__typename).toBe(
      'ValidationError',
    );
  });

  test('makes a model without a price known', async () => {
    const unknown = await priceOf('custom/demo-small');
    const [custom] = server.services.providers.models(teamId).filter(({ instance }) => instance.type === 'custom');
    const model = custom?.modelId ?? '';
    expect(unknown === undefined || unknown.price === null).toBe(true);
    expect((await priceOf(model)).price).toBeNull();
    await set({ model, inputPerMillionUsd: '0.5', outputPerMillionUsd: '1' });
    expect(await priceOf(model)).toMatchObject({ price: { inputPerMillionUsd: '0.5' }, priceUnknownReason: null });
  });

  test('is set once for one idempotency key, and another price with it is refused', async () => {
    const input = {
      model: 'openai/gpt-4.1',
      inputPerMillionUsd: '1',
      outputPerMillionUsd: '1',
      idempotencyKey: 'price-1',
    };
    const [first, second] = await Promise.all([set(input), set(input)]);
    expect(second.priceOverride.id).toBe(first.priceOverride.id);
    expect((await set({ ...input, outputPerMillionUsd: '2' })).__typename).toBe('IdempotencyConflictError');
  });
});

describe('who may', () => {
  test('other teams neither pay it nor see it nor delete it', async () => {
    const model = 'openai/gpt-5-mini';
    const done = await set({ model, inputPerMillionUsd: '9', outputPerMillionUsd: '9' });
    expect((await priceOf(model, stranger.key)).price.origin).toBe('LIBRARY');
    expect(await historyOf(model, stranger.key)).toMatchObject([{ override: null }]);
    const foreign = await remove(done.priceOverride.id, stranger.key);
    const missing = await remove(encodeId('PriceOverride', 'prc_none'), stranger.key);
    expect(foreign).toEqual(missing);
    const { priceOverrides } = await ask(
      server,
      '{ priceOverrides { totalCount edges { node { id } } } }',
      {},
      {
        key: stranger.key,
      },
    );
    expect(priceOverrides).toEqual({ totalCount: 0, edges: [] });
    expect((await priceOf(model)).price.inputPerMillionUsd).toBe('9');
  });

  test('a key without the scope MANAGE changes nothing', async () => {
    const { key } = await createKey(server.services, { teamId }, ['READ', 'RUN']);
    const refused = await set({ model: 'openai/gpt-5', inputPerMillionUsd: '1', outputPerMillionUsd: '1' }, key);
    expect(refused.__typename).toBe('ForbiddenError');
    const mine = await set({ model: 'openai/gpt-5', inputPerMillionUsd: '1', outputPerMillionUsd: '1' });
    expect((await remove(mine.priceOverride.id, key)).__typename).toBe('ForbiddenError');
    await remove(mine.priceOverride.id);
  });
});

describe('a price that changes while work goes on', () => {
  const model = 'openai/gpt-4o';
  const setTo = (perMillionUsd: string) =>
    set({ model, inputPerMillionUsd: perMillionUsd, outputPerMillionUsd: perMillionUsd });
  const run = async (beforeAnswer: (call: number) => Promise<void>) => {
    const { providers, dispatcher } = server.services;
    const resolution = providers.resolve(teamId, model);
    if (!('targets' in resolution)) throw new Error(resolution.reason);
    const { adapter } = resolution.targets[0];
    const stream = adapter.stream.bind(adapter);
    let calls = 0;
    const spy = vi.spyOn(adapter, 'stream').mockImplementation(async function* (call, signal) {
      calls += 1;
      await beforeAnswer(calls);
      yield* stream(call, signal);
    });
    try {
      const outcome = await dispatcher.run(
        resolution,
        { model, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }] },
        { teamId, source: 'complete' },
        { onPart: () => {}, onEvent: () => {} } as never,
        undefined,
      );
      return outcome.records.map(({ price }) => price?.price.input.perMillionUsd);
    } finally {
      spy.mockRestore();
    }
  };

  test('holds for the next attempt of a running call, and the first attempt keeps its own', async () => {
    await setTo('11');
    const charged = await run(async (call) => {
      if (call > 1) return;
      await setTo('22');
      throw Object.assign(new Error('fetch failed'), { code: 'ECONNRESET' });
    });
    expect(charged).toEqual(['11', '22']);
  });

  test('does not touch a call that has started', async () => {
    await setTo('33');
    expect(await run(async () => void (await setTo('44')))).toEqual(['33']);
    expect((await priceOf(model)).price.inputPerMillionUsd).toBe('44');
  });

  test('is seen within two seconds when another process set it', async () => {
    const { prisma } = server.services;
    // What another process writes: the row, and one more in the count of changes.
    await prisma.$transaction([
      prisma.priceOverride.updateMany({ where: { teamId, model }, data: { inputPerMillionUsd: '55' } }),
      prisma.priceRevision.update({ where: { id: 1 }, data: { revision: { increment: 1n } } }),
    ]);
    await expect.poll(async () => (await priceOf(model)).price.inputPerMillionUsd, { timeout: 4_000 }).toBe('55');
  });
});

describe('the price table', () => {
  const status = async (): Promise<LooseJson> =>
    (await ask(server, '{ priceTable { fileName state priceCount loadedAt problems { path line message } } }'))
      .priceTable;
  const write = async (text: string) => {
    // As editors and configuration maps do it: another file takes its place.
    await writeFile(`${tablePath}.new`, text);
    await rename(`${tablePath}.new`, tablePath);
  };

  test('that is wrong at the start does not keep the server from starting, and says so', async () => {
    expect(await status()).toMatchObject({
      state: 'NONE_GOOD',
      priceCount: 0,
      loadedAt: null,
      problems: expect.arrayContaining([expect.objectContaining({ path: 'prices.0.input_per_million_usd', line: 1 })]),
    });
    expect(server.log.text).toContain('MODEL_PRICING_TABLE_PATH cannot be used');
  });

  test('is taken when it is mended, and kept when it breaks again', async () => {
    const table = (input: string) =>
      `prices:\n  - { model: openai/gpt-5-nano, input_per_million_usd: ${input}, output_per_million_usd: 8, source: contract, source_url: "https://example.com/c" }\n`;
    await write(table('1.75'));
    await expect.poll(async () => (await status()).state, { timeout: 5_000 }).toBe('LOADED');
    expect((await priceOf('openai/gpt-5-nano')).price).toMatchObject({
      inputPerMillionUsd: '1.75',
      origin: 'FILE',
      source: 'contract',
      sourceUrl: 'https://example.com/c',
    });
    await write(`${table('2')}  - nonsense\n`);
    await expect.poll(async () => (await status()).state, { timeout: 5_000 }).toBe('LAST_GOOD_KEPT');
    expect((await status()).problems[0].line).toBe(3);
    expect((await priceOf('openai/gpt-5-nano')).price.inputPerMillionUsd).toBe('1.75');
    await set({ model: 'openai/gpt-5-nano', inputPerMillionUsd: '4', outputPerMillionUsd: '4' });
    expect((await priceOf('openai/gpt-5-nano')).price).toMatchObject({ inputPerMillionUsd: '4', origin: 'DASHBOARD' });
  });
});
