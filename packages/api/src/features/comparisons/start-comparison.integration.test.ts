import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  change,
  readComparison,
  startComparison,
  startDocument,
  waitUntilFinished,
} from '../../testing/comparison-documents.ts';
import { ask, type LooseJson, send } from '../../testing/graph-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const models = ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'];
const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64');

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

const start = async (input: object): Promise<LooseJson> =>
  (await ask(server, startDocument, { input: { prompt: 'Hello', models, ...input } })).startComparison;

describe('bad input is a typed error that says what is wrong and where', () => {
  const oversized = Buffer.concat([Buffer.from(png, 'base64'), Buffer.alloc(5 * 1024 * 1024)]).toString('base64');

  test.each<[string, object, string[], RegExp]>([
    ['an empty prompt', { prompt: ' \n ' }, ['input', 'prompt'], /Write a prompt/],
    ['a prompt of 1 MB', { prompt: 'x'.repeat(1024 * 1024) }, ['input', 'prompt'], /200,000 characters/],
    ['nine lanes', { models: Array(9).fill(models[0]) }, ['input', 'models'], /at most 8/],
    ['one lane', { models: [models[0]] }, ['input', 'models'], /at least 2/],
    ['no lane', { models: [] }, ['input', 'models'], /at least 2/],
    [
      'an image that is not base64',
      { images: [{ mediaType: 'image/png', dataBase64: 'no!' }] },
      ['input', 'images', '0', 'dataBase64'],
      /base64/,
    ],
    [
      'an image with the wrong signature',
      { images: [{ mediaType: 'image/jpeg', dataBase64: png }] },
      ['input', 'images', '0', 'dataBase64'],
      /not an image of type image\/jpeg/,
    ],
    [
      'an image of the wrong type',
      { images: [{ mediaType: 'image/svg+xml', dataBase64: png }] },
      ['input', 'images', '0', 'mediaType'],
      /not one of/,
    ],
    [
      'an image that is too large',
      { images: [{ mediaType: 'image/png', dataBase64: oversized }] },
      ['input', 'images', '0', 'dataBase64'],
      /larger than 5 MB/,
    ],
    [
      'nine images',
      { images: Array(9).fill({ mediaType: 'image/png', dataBase64: png }) },
      ['input', 'images'],
      /At most 8/,
    ],
    ['a temperature beyond its range', { parameters: { temperature: 3 } }, ['input', 'parameters', 'temperature'], /2/],
    ['a NUL in the prompt', { prompt: 'a\0b' }, ['input', 'prompt'], /NUL/],
    [
      'half a character in a stop sequence',
      { parameters: { stopSequences: ['\ud83d'] } },
      ['input', 'parameters', 'stopSequences', '0'],
      /half a character/,
    ],
  ])('%s', async (_what, input, path, message) => {
    const result = await start(input);
    expect(result).toMatchObject({ __typename: 'ValidationError', code: 'INPUT.INVALID', path });
    expect(result.issues).toEqual([{ path, message: expect.stringMatching(message), code: expect.any(String) }]);
  });

  test('all issues are reported at once', async () => {
    const result = await start({ prompt: '', models: [models[0]], parameters: { topP: 7 } });
    expect(result.issues.map((issue: LooseJson) => issue.path.join('.')).sort()).toEqual([
      'input.models',
      'input.parameters.topP',
      'input.prompt',
    ]);
  });

  test('an unknown model, provider or form is named with what there is', async () => {
    const result = await start({ models: [models[0], 'openai/gpt-none', 'nobody/x', 'gpt-5'] });
    expect(result).toMatchObject({
      __typename: 'NoEligibleModelError',
      code: 'CATALOG.MODEL_UNKNOWN',
      path: ['input', 'models'],
    });
    expect(result.rejected).toEqual([
      { modelId: 'openai/gpt-none', reason: expect.stringContaining('gpt-') },
      { modelId: 'nobody/x', reason: expect.stringContaining('openai') },
      { modelId: 'gpt-5', reason: expect.stringContaining('provider/model') },
    ]);
  });

  test.each([
    ['a number for the prompt', { prompt: 5 }],
    ['a text for the models', { models: 5 }],
    ['an unknown field', { promt: 'x' }],
    ['null for the prompt', { prompt: null }],
    ['a text for the temperature', { parameters: { temperature: 'hot' } }],
  ])('%s is a wrong type: refused before anything runs', async (_what, input) => {
    const answer = await send(server, startDocument, { input: { prompt: 'Hello', models, ...input } });
    expect(answer.errors?.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(answer.data ?? null).toBeNull();
    expect(server.simulator.control.requests()).toEqual([]);
  });
});

describe('good input', () => {
  test('images and parameters reach every vendor; what a vendor cannot take is warned of', async () => {
    const parameters = { temperature: 0.5, maxOutputTokens: 50, seed: 7, stopSequences: ['###'] };
    const images = [{ mediaType: 'image/png', dataBase64: png }];
    const { id } = await startComparison(server, models, { images, parameters, systemPrompt: 'Be brief.' });
    const comparison = await waitUntilFinished(server, id);
    expect(comparison.lanes.map((lane: LooseJson) => lane.state)).toEqual(['COMPLETED', 'COMPLETED']);
    const [openai, anthropic] = server.simulator.control.requests().map((request) => JSON.stringify(request.body));
    for (const body of [openai, anthropic]) expect(body).toContain(png);
    expect(comparison.lanes[1].warnings.map((warning: LooseJson) => warning.message).join()).toMatch(/seed/i);
  });

  test('the same model may stand twice, and eight lanes run', async () => {
    const { id } = await startComparison(server, Array(8).fill('openai/gpt-4o-mini'));
    const { lanes } = await waitUntilFinished(server, id);
    expect(lanes.map((lane: LooseJson) => [lane.position, lane.state])).toEqual(
      Array.from({ length: 8 }, (_, position) => [position, 'COMPLETED']),
    );
  });
});

describe('idempotency', () => {
  test('100 concurrent equal keys make one comparison and one answer', async () => {
    const input = { prompt: 'Only once', models, idempotencyKey: 'k-100' };
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(server, startDocument, { input })));
    const ids = new Set(answers.map((answer) => answer.startComparison.comparison.id));
    expect(ids.size).toBe(1);
    expect(await server.services.prisma.comparison.count({ where: { prompt: 'Only once' } })).toBe(1);
    await waitUntilFinished(server, [...ids][0]);
    expect(server.simulator.control.requests()).toHaveLength(2);
  });

  test('the same key with other input is a typed error; without the key it is another comparison', async () => {
    const first = await start({ idempotencyKey: 'k-1' });
    expect(await start({ idempotencyKey: 'k-1', prompt: 'Other' })).toMatchObject({
      __typename: 'IdempotencyConflictError',
      code: 'IDEMPOTENCY.CONFLICT',
      path: ['input', 'idempotencyKey'],
    });
    expect((await start({ idempotencyKey: 'k-1' })).comparison.id).toBe(first.comparison.id);
    expect((await start({})).comparison.id).not.toBe(first.comparison.id);
  });

  test('a call that failed leaves the key free', async () => {
    expect((await start({ idempotencyKey: 'k-2', prompt: '' })).__typename).toBe('ValidationError');
    expect((await start({ idempotencyKey: 'k-2', models: [...models, 'a/b'] })).__typename).toBe(
      'NoEligibleModelError',
    );
    expect((await start({ idempotencyKey: 'k-2' })).__typename).toBe('StartComparisonSuccess');
  });
});

describe('judging', () => {
  test('rate, mark, annotate and delete, each with its opposite', async () => {
    const { id } = await startComparison(server, models);
    const { lanes } = await waitUntilFinished(server, id);
    const laneId = lanes[0].id;
    expect((await change(server, 'rateOutput', { laneId, rating: 4 })).__typename).toBe('RateOutputSuccess');
    await change(server, 'markBestLane', { comparisonId: id, laneId });
    await change(server, 'annotateComparison', { comparisonId: id, notes: 'Good.' });
    expect(await readComparison(server, id)).toMatchObject({
      notes: 'Good.',
      bestLaneId: laneId,
      lanes: [{ rating: 4 }, { rating: null }],
    });
    await change(server, 'rateOutput', { laneId, rating: null });
    await change(server, 'markBestLane', { comparisonId: id, laneId: null });
    await change(server, 'annotateComparison', { comparisonId: id, notes: '' });
    expect(await readComparison(server, id)).toMatchObject({
      notes: null,
      bestLaneId: null,
      lanes: [{ rating: null }, {}],
    });
    expect((await change(server, 'rateOutput', { laneId, rating: 6 })).__typename).toBe('ValidationError');
    expect(
      (await change(server, 'annotateComparison', { comparisonId: id, notes: 'x'.repeat(20_001) })).__typename,
    ).toBe('ValidationError');
    expect((await change(server, 'deleteComparison', { comparisonId: id })).__typename).toBe('DeleteComparisonSuccess');
    expect(await readComparison(server, id)).toBeNull();
    expect((await change(server, 'deleteComparison', { comparisonId: id })).code).toBe('NOT_FOUND');
    const { prisma } = server.services;
    expect(await prisma.comparisonLane.count({ where: { comparisonId: id } })).toBe(0);
    await server.services.callRecords.flush();
    expect(await prisma.callRecord.count()).toBeGreaterThan(0);
  });

  test('a lane of another comparison cannot be the best of this one', async () => {
    const [first, second] = [await startComparison(server, models), await startComparison(server, models)];
    const result = await change(server, 'markBestLane', { comparisonId: first.id, laneId: second.lanes[0].id });
    expect(result).toMatchObject({ __typename: 'NotFoundError', path: ['input', 'laneId'] });
  });
});

test('the list of comparisons costs the same number of queries however long it is', async () => {
  const services = server.services as { prisma: LooseJson };
  const { prisma } = services;
  const countQueries = async () => {
    let queries = 0;
    services.prisma = prisma.$extends({
      query: {
        $allOperations: ({ args, query }: LooseJson) => {
          queries += 1;
          return query(args);
        },
      },
    });
    await ask(
      server,
      '{ comparisons(first: 10) { totalCount edges { node { title totalCostUsd createdBy { name } lanes { modelId output rating } } } } }',
    ).finally(() => {
      services.prisma = prisma;
    });
    return queries;
  };
  const start = async (count: number) => {
    for (let round = 0; round < count; round += 1) {
      await waitUntilFinished(server, (await startComparison(server, models)).id);
    }
  };
  await start(2);
  const few = await countQueries();
  await start(6);
  expect(await countQueries()).toBe(few);
  expect(few).toBeGreaterThan(0);
  expect(few).toBeLessThanOrEqual(3);
});
