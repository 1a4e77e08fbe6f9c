import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startComparison, waitUntilFinished } from '../../testing/comparison-documents.ts';
import { ask, type LooseJson } from '../../testing/graph-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterEach(async () => {
  server.simulator.control.reset();
  await server.services.callRecords.flush();
  await server.services.prisma.callRecord.deleteMany();
});
afterAll(() => server.stop());

const completeDocument = /* GraphQL */ `
  mutation Complete($input: CompleteInput!) {
    complete(input: $input) {
      __typename
      ... on CompleteSuccess {
        callId text reasoning costUsd costUnknownReason finishReason servedModel providerRequestId latencyMs
        usage { inputTokens cachedInputTokens cacheWriteTokens outputTokens reasoningTokens }
      }
      ... on ModelCallError { kind partialText retryAfterMs }
      ... on UserError { code message path }
    }
  }
`;
const complete = async (input: object): Promise<LooseJson> =>
  (await ask(server, completeDocument, { input: { prompt: 'Explain tides.', ...input } })).complete;

const records = async () => {
  await server.services.callRecords.flush();
  return server.services.prisma.callRecord.findMany({ orderBy: { startedAt: 'asc' } });
};

describe('call records', () => {
  test('one for each call of each lane and completion, with who, what and how it ended, and no text', async () => {
    server.simulator.control.addFault({ kind: 'error', status: 500, vendor: 'google' });
    const { id } = await startComparison(server, ['openai/gpt-4o', 'google/gemini-2.5-flash'], {
      prompt: 'canary-prompt',
    });
    const { lanes } = await waitUntilFinished(server, id);
    const answer = await complete({ model: 'anthropic/claude-haiku-4-5' });
    const rows = await records();
    expect(rows.map((row) => [row.source, row.modelId, row.outcome, row.errorKind]).sort()).toEqual([
      ...Array(3).fill(['comparison-lane', 'google/gemini-2.5-flash', 'failed', 'server']),
      ['comparison-lane', 'openai/gpt-4o', 'succeeded', null],
      ['complete', 'anthropic/claude-haiku-4-5', 'succeeded', null],
    ]);
    expect(new Set(rows.map((row) => row.sourceId))).toEqual(
      new Set([null, ...lanes.map((lane: LooseJson) => Buffer.from(lane.id, 'base64').toString().split(':')[1])]),
    );
    for (const row of rows)
      expect([row.origin, row.apiKeyId === null, row.userId === null]).toEqual(['SIMULATED', false, false]);
    expect(rows.map((row) => `call_${row.id}`).join()).toContain(
      Buffer.from(answer.callId, 'base64').toString().slice(11),
    );
    expect(JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))).not.toContain(
      'canary-prompt',
    );
  });

  test('are written in batches', async () => {
    await Promise.all(Array.from({ length: 30 }, () => complete({ model: 'openai/gpt-4o' })));
    expect(await records()).toHaveLength(30);
  });
});

/** USD per million tokens, from the vendors' public price lists. */
const prices: Readonly<Record<string, { input: number; cached: number; cacheWrite: number; output: number }>> = {
  'openai/gpt-4o': { input: 2.5, cached: 1.25, cacheWrite: 2.5, output: 10 },
  'openai/gpt-5-mini': { input: 0.25, cached: 0.025, cacheWrite: 0.25, output: 2 },
  'anthropic/claude-haiku-4-5': { input: 1, cached: 0.1, cacheWrite: 1.25, output: 5 },
  'google/gemini-2.5-flash': { input: 0.3, cached: 0.03, cacheWrite: 0.3, output: 2.5 },
};

describe.each(Object.entries(prices))('%s: usage and cost through the whole stack', (model, price) => {
  const expectedUsd = (usage: LooseJson) => {
    const cached = usage.cachedInputTokens ?? 0;
    const written = usage.cacheWriteTokens ?? 0;
    const plain = usage.inputTokens - cached - written;
    const micro =
      plain * price.input + cached * price.cached + written * price.cacheWrite + usage.outputTokens * price.output;
    return micro / 1e6;
  };

  test('equal what the vendor counted times its list price, also with cached input', async () => {
    const longPrompt = `${'The sea rises and falls twice a day, and people have always asked why. '.repeat(400)}Explain.`;
    const first = await complete({ model, prompt: longPrompt });
    const second = await complete({ model, prompt: longPrompt });
    for (const answer of [first, second]) {
      expect(answer.__typename).toBe('CompleteSuccess');
      expect(answer.usage.inputTokens).toBeGreaterThan(4_000);
      expect(answer.usage.outputTokens).toBeGreaterThan(0);
      expect(Number(answer.costUsd)).toBeCloseTo(expectedUsd(answer.usage), 9);
      expect([answer.finishReason, answer.costUnknownReason]).toEqual(['STOP', null]);
      expect(answer.providerRequestId).not.toBeNull();
    }
    const [before, after] = (await records()).slice(-2);
    expect([before?.inputTokens, after?.outputTokens]).toEqual([first.usage.inputTokens, second.usage.outputTokens]);
    expect(after?.cachedInputTokens).toBe(second.usage.cachedInputTokens);
    if (model.startsWith('openai')) expect(second.usage.cachedInputTokens).toBeGreaterThan(0);
  });
});

test('reasoning tokens are a part of the output and are paid as output', async () => {
  const answer = await complete({ model: 'openai/gpt-5-mini', parameters: { reasoningEffort: 'HIGH' } });
  expect(answer.usage.reasoningTokens).toBeGreaterThan(0);
  expect(answer.usage.outputTokens).toBeGreaterThanOrEqual(answer.usage.reasoningTokens);
  const usd = (answer.usage.inputTokens * 0.25 + answer.usage.outputTokens * 2) / 1e6;
  expect(Number(answer.costUsd)).toBeCloseTo(usd, 9);
});

test('a completion that fails is a typed error with what had arrived, and idempotent calls are paid once', async () => {
  server.simulator.control.addFault({ kind: 'cut', afterTokens: 10, vendor: 'openai', times: 3 });
  const failed = await complete({ model: 'openai/gpt-4o', idempotencyKey: 'c-1' });
  expect(failed).toMatchObject({ __typename: 'ModelCallError', partialText: expect.stringMatching(/./) });
  const answers = await Promise.all([1, 2, 3].map(() => complete({ model: 'openai/gpt-4o', idempotencyKey: 'c-1' })));
  expect(new Set(answers.map((answer) => answer.callId)).size).toBe(1);
  expect((await records()).map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'succeeded']);
});
