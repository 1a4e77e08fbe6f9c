import type { FaultInput } from '@switchyard/simulator';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startComparison, waitUntilFinished } from '../../testing/comparison-documents.ts';
import { joinDeltas, readBySocket } from '../../testing/event-subscribers.ts';
import type { LooseJson } from '../../testing/graph-client.ts';
import { oneAttempt } from '../../testing/one-attempt.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const broken = {
  openai: 'openai/gpt-4o-mini',
  anthropic: 'anthropic/claude-haiku-4-5',
  google: 'google/gemini-2.5-flash',
} as const;
const sound = ['ollama/llama3.2', 'cohere/command-a-03-2025'];
type Vendor = keyof typeof broken;
const vendors = Object.keys(broken) as Vendor[];

let server: TestServer;
beforeAll(async () => {
  const deadlines = { firstTokenMs: 3_000, idleMs: 2_000, totalMs: 20_000 };
  server = await startTestServer({ deadlines, policy: oneAttempt });
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

/** Runs the vendor's lane beside two sound ones while `fault` hits it, and checks what holds for every failure. */
async function failOneLane(vendor: Vendor, fault: FaultInput): Promise<LooseJson> {
  server.simulator.control.addFault({ ...fault, vendor } as FaultInput);
  const { id } = await startComparison(server, [broken[vendor], ...sound]);
  const events = await readBySocket(server, id);
  const comparison = await waitUntilFinished(server, id);
  const [lane, ...others] = comparison.lanes;
  expect(others.map((other: LooseJson) => other.state)).toEqual(['COMPLETED', 'COMPLETED']);
  expect(lane.state).toBe('FAILED');
  expect(lane.failure.message).not.toBe('');
  expect(lane.failure.remedy).not.toBe('');
  expect(joinDeltas(events, lane.id)).toBe(lane.output);
  const ends = events.filter((event) => event.laneId === lane.id && event.seq > 1).at(-1);
  expect(ends).toMatchObject({ __typename: 'LaneFailed', failure: { kind: lane.failure.kind } });
  // A refused request costs nothing; what an answer that broke off cost is our own count, marked.
  expect(comparison.totalCostUsd === null).toBe(lane.costUsd === null);
  return lane;
}

describe.each(vendors)('%s: an answer that does not come whole is never complete', (vendor) => {
  test.each([
    ['cut before the first token', { kind: 'cut', afterTokens: 0 }],
    ['cut after one token', { kind: 'cut', afterTokens: 1 }],
    ['cut in the middle', { kind: 'cut', afterTokens: 15 }],
    ['cut after the last token, before the end marker', { kind: 'cut', afterTokens: 1_000_000 }],
    ['reset in the middle', { kind: 'cut', afterTokens: 15, mode: 'rst' }],
  ] as const)('%s', async (_what, fault) => {
    const lane = await failOneLane(vendor, fault);
    expect(['INVALID_RESPONSE', 'NETWORK']).toContain(lane.failure.kind);
    expect(lane.output === '').toBe(fault.afterTokens === 0);
    expect([Number(lane.costUsd) > 0, lane.isCostEstimated]).toEqual([true, true]);
  });

  test('unreadable events in the middle', async () => {
    const lane = await failOneLane(vendor, { kind: 'malformed', afterTokens: 10, fatal: true });
    expect(lane.failure.kind).toBe('INVALID_RESPONSE');
    expect(lane.output).not.toBe('');
  });

  test('a stall in the middle ends by the idle deadline and keeps what had arrived', async () => {
    const lane = await failOneLane(vendor, { kind: 'stall', afterTokens: 10 });
    expect(lane.failure.kind).toBe('TIMEOUT');
    expect(lane.output).not.toBe('');
  });

  test('silence ends by the first-token deadline', async () => {
    const lane = await failOneLane(vendor, { kind: 'silent' });
    expect([lane.failure.kind, lane.output]).toEqual(['TIMEOUT', '']);
  });

  test('a provider that is down', async () => {
    expect((await failOneLane(vendor, { kind: 'reset' })).failure.kind).toBe('NETWORK');
  });

  test('a failure that the vendor tells in the middle of its stream', async () => {
    const lane = await failOneLane(vendor, { kind: 'stream-error', afterTokens: 10 });
    expect(lane.output).not.toBe('');
  });
});

describe('what vendors refuse', () => {
  test.each<[Vendor, FaultInput, string]>([
    ['openai', { kind: 'error', status: 401 }, 'AUTH'],
    ['anthropic', { kind: 'error', status: 401 }, 'AUTH'],
    ['openai', { kind: 'error', status: 429, retryAfterSeconds: 7 }, 'RATE_LIMIT'],
    ['google', { kind: 'error', status: 429, retryAfterSeconds: 7 }, 'RATE_LIMIT'],
    ['anthropic', { kind: 'error', status: 529 }, 'OVERLOADED'],
    ['google', { kind: 'error', status: 503 }, 'OVERLOADED'],
    ['openai', { kind: 'error', status: 500 }, 'SERVER'],
  ])('%s %o is %s', async (vendor, fault, kind) => {
    const lane = await failOneLane(vendor, fault);
    expect([lane.failure.kind, lane.costUsd]).toEqual([kind, '0']);
    if (kind === 'RATE_LIMIT') expect(lane.failure.retryAfterMs).toBeGreaterThanOrEqual(7_000);
    else expect(lane.failure.providerStatus).toBe((fault as { status: number }).status);
  });

  test('Gemini says 400 to a key it does not know, and that is still a rejected key', async () => {
    const body = {
      error: {
        code: 400,
        message: 'API key not valid. Please pass a valid API key.',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      },
    };
    const lane = await failOneLane('google', { kind: 'error', status: 400, body });
    expect([lane.failure.kind, lane.failure.providerStatus]).toEqual(['AUTH', 400]);
  });

  test('an account without credit is called once only', async () => {
    const body = {
      error: { message: 'You exceeded your current quota.', type: 'insufficient_quota', code: 'insufficient_quota' },
    };
    const lane = await failOneLane('openai', { kind: 'error', status: 429, body });
    expect(lane.failure.kind).toBe('QUOTA');
    const calls = server.simulator.control
      .requests()
      .filter((request) => request.vendor === 'openai' && request.method === 'POST');
    expect(calls).toHaveLength(1);
  });
});

describe('answers that are complete although something is odd', () => {
  const run = async (fault: FaultInput) => {
    server.simulator.control.addFault({ ...fault, vendor: 'openai' } as FaultInput);
    const { id } = await startComparison(server, [broken.openai, sound[0] ?? '']);
    return (await waitUntilFinished(server, id)).lanes[0];
  };

  test('usage that was not told is our own count of what was sent and received, marked', async () => {
    const lane = await run({ kind: 'missing-usage' });
    expect(lane).toMatchObject({ state: 'COMPLETED', isCostEstimated: true, costUnknownReason: null });
    expect(lane.usage.outputTokens).toBeGreaterThan(50);
    expect(Number(lane.costUsd)).toBeGreaterThan(0);
  });

  test('an answer that reached its limit says so', async () => {
    expect(await run({ kind: 'truncate', afterTokens: 5 })).toMatchObject({
      state: 'COMPLETED',
      finishReason: 'LENGTH',
    });
  });

  test('one delta of a megabyte is kept whole', async () => {
    const lane = await run({ kind: 'huge-delta', sizeBytes: 1024 * 1024 });
    expect(lane.state).toBe('COMPLETED');
    expect(lane.output.length).toBeGreaterThanOrEqual(1024 * 1024);
  });

  test('text that Postgres cannot hold is kept as far as it can be, and harms nobody', async () => {
    server.simulator.control.updateSettings({ fixedAnswer: 'before\u0000after \ud83d half' });
    const { id } = await startComparison(server, [broken.openai, broken.anthropic, broken.google]);
    const comparison = await waitUntilFinished(server, id);
    for (const lane of comparison.lanes) {
      expect([lane.state, lane.output]).toEqual(['COMPLETED', 'before\ufffdafter \ufffd half']);
    }
    await server.services.callRecords.flush();
    expect(await server.services.prisma.callRecord.count({ where: { sourceId: { not: null } } })).toBeGreaterThan(0);
  });
});
