import { describe, expect, test } from 'vitest';
import { type Script, scriptText } from '../testing/index.ts';
import { breakCircuit, delta, playChain, scripted, setUpWorld, startChain } from './testing/chain-setup.ts';

const fail = (kind: Extract<Script[number], { type: 'throw' }>['kind'], retryAfterMs?: number): Script => [
  { type: 'throw', kind, ...(retryAfterMs !== undefined && { retryAfterMs }) },
];
const hang: Script = [{ type: 'hang' }];
const good = scriptText(['good', ' answer']);
const rescue = scriptText(['rescue']);

describe('runChain: retries', () => {
  test('a complete answer: one call, its parts once, its record with attempt 1, and no timer left', async () => {
    const world = setUpWorld();
    const { outcome, text, parts, events } = await playChain(world, [scripted(world, 'a/x', [good])]);
    expect([text, parts.map((part) => part.type)]).toEqual([
      'good answer',
      ['stream-start', 'text-delta', 'text-delta'],
    ]);
    expect(outcome).toMatchObject({ record: { attempt: 1, outcome: 'succeeded' }, target: { modelId: 'a/x' } });
    expect([outcome.error, outcome.records, events.map((event) => event.type)]).toEqual([
      undefined,
      world.records,
      ['attempt-started'],
    ]);
    expect(world.clock.pendingTimers).toBe(0);
  });

  test('one 429 with Retry-After: 2 → the second try is not before 2 s', async () => {
    const world = setUpWorld();
    const a = scripted(world, 'a/x', [fail('rate-limit', 2_000), good]);
    const { outcome, events } = await playChain(world, [a, scripted(world, 'b/y', [rescue])]);
    expect(outcome).toMatchObject({ target: { modelId: 'a/x' }, records: [{ attempt: 1 }, { attempt: 2 }] });
    expect(events.map((event) => event.type)).toEqual([
      'attempt-started',
      'attempt-failed',
      'retry-scheduled',
      'attempt-started',
    ]);
    expect(events[3]?.elapsedMs).toBe(2_000);
  });

  // What says that the provider is down opens the circuit after one retry: the rest of the retries go to the fallback.
  test.each([
    ['rate-limit', 3, 'attempts-used'],
    ['overloaded', 2, 'circuit-open'],
    ['server', 2, 'circuit-open'],
    ['network', 2, 'circuit-open'],
  ] as const)('%s for ever → %i tries, then the fallback, named and with its usage', async (kind, tries, reason) => {
    const world = setUpWorld();
    const a = scripted(world, 'a/x', [fail(kind)]);
    const { outcome, text, endedAtMs, events } = await playChain(world, [a, scripted(world, 'b/y', [rescue])]);
    expect([text, a.adapter.calls.length, outcome.records.length]).toEqual(['rescue', tries, tries + 1]);
    expect(endedAtMs).toBeLessThanOrEqual(3_000);
    expect(outcome).toMatchObject({
      target: { modelId: 'b/y' },
      record: { modelId: 'b/y', attempt: tries + 1, usage: { outputTokens: 1 } },
    });
    expect(events.find((event) => event.type === 'failover-happened')).toMatchObject({
      from: { modelId: 'a/x' },
      to: { modelId: 'b/y' },
      kind,
      reason,
    });
  });

  test.each(['server', 'network', 'invalid-response'] as const)(
    'one %s → one retry of the same model',
    async (kind) => {
      const world = setUpWorld();
      const b = scripted(world, 'b/y', [rescue]);
      const { text } = await playChain(world, [scripted(world, 'a/x', [fail(kind), good]), b]);
      expect([text, world.records.map((record) => record.outcome), b.adapter.calls.length]).toEqual([
        'good answer',
        ['failed', 'succeeded'],
        0,
      ]);
    },
  );

  test('a hint beyond the overall deadline ends it now and says when to come back', async () => {
    const world = setUpWorld();
    const startMs = world.clock.nowMs();
    const { outcome, endedAtMs } = await playChain(world, [scripted(world, 'a/x', [fail('rate-limit', 60_000)])]);
    expect([endedAtMs, outcome.reason, outcome.retryAtMs]).toEqual([0, 'wait-too-long', startMs + 60_000]);
    expect(outcome.error?.kind).toBe('rate-limit');
  });

  test.each(['auth', 'quota'] as const)('%s → one call, and no other model of that provider', async (kind) => {
    const world = setUpWorld();
    const sibling = scripted(world, 'a/z', [good]);
    const chain = [scripted(world, 'a/x', [fail(kind)]), sibling];
    expect((await playChain(world, chain)).outcome.error?.kind).toBe(kind);
    const { text } = await playChain(world, [...chain, scripted(world, 'b/y', [rescue])]);
    expect([text, sibling.adapter.calls.length, world.records.length]).toEqual(['rescue', 0, 3]);
  });

  test('a context that is too long → one call, then the fallback; content policy → one call and its error', async () => {
    const world = setUpWorld();
    const b = scripted(world, 'b/y', [rescue]);
    const long = scripted(world, 'a/x', [fail('context-length')]);
    expect((await playChain(world, [long, b])).text).toBe('rescue');
    expect([long.adapter.calls.length, b.adapter.calls.length]).toEqual([1, 1]);
    const filtered = scripted(world, 'a/x', [fail('content-filter')]);
    const { outcome } = await playChain(world, [filtered, b]);
    expect([outcome.error?.kind, outcome.reason, filtered.adapter.calls.length, b.adapter.calls.length]).toEqual([
      'content-filter',
      'content-policy',
      1,
      1,
    ]);
    const tolerant = setUpWorld({}, { onContentFilter: 'next-candidate' });
    const chain = [scripted(tolerant, 'a/x', [fail('content-filter')]), scripted(tolerant, 'b/y', [rescue])];
    expect((await playChain(tolerant, chain)).text).toBe('rescue');
  });

  test('a provider may override retries and deadlines', async () => {
    const world = setUpWorld();
    const overrides = { retry: { maxAttempts: 2 }, deadlines: { firstTokenMs: 100 } };
    const a = scripted(world, 'a/x', [hang], { overrides });
    const { outcome } = await playChain(world, [a]);
    expect([a.adapter.calls.length, outcome.error?.message]).toEqual([2, 'No first token within 0.1 s.']);
  });

  test('without a fallback all retries are made: two failures of any kind are survived', async () => {
    for (const kind of ['rate-limit', 'overloaded', 'server', 'network'] as const) {
      const world = setUpWorld();
      const { text } = await playChain(world, [scripted(world, 'a/x', [fail(kind), fail(kind), good])]);
      expect([kind, text]).toEqual([kind, 'good answer']);
    }
  });

  test.each(['rate-limit', 'server'] as const)(
    '%s for five minutes: upstream calls ≤ 1.1 × requests and probes',
    async (kind) => {
      const world = setUpWorld();
      const a = scripted(world, 'a/x', [fail(kind)]);
      let probes = 0;
      const requests = 600;
      const seen = [];
      for (let request = 0; request < requests; request += 1) {
        seen.push(startChain(world, [a]));
        await world.clock.advanceAsync(500);
      }
      await world.clock.advanceAsync(30_000);
      for (const { events } of seen)
        probes += events.filter((event) => event.type === 'attempt-started' && event.isProbe).length;
      expect(a.adapter.calls.length).toBeLessThanOrEqual(1.1 * requests + probes);
      if (kind === 'rate-limit') expect(a.adapter.calls.length).toBeGreaterThan(1.04 * requests);
      // An open circuit with nobody else to ask still lets one call of each request through, never a retry.
      else expect(a.adapter.calls.length).toBeLessThan(1.01 * requests);
    },
    20_000,
  );
});

describe('runChain: time', () => {
  test.each<[string, Script]>([
    ['accepts and never answers', hang],
    ['first token after 20 s', [{ type: 'wait', delayMs: 20_000 }, ...good]],
    ['falls silent after some text', [delta('a'), { type: 'hang' }]],
  ])('%s → rescued within 15 s, one attempt on the silent route', async (_what, script) => {
    const world = setUpWorld();
    const a = scripted(world, 'a/x', [script]);
    const { text, endedAtMs, events } = await playChain(world, [a, scripted(world, 'b/y', [rescue])]);
    expect([text, a.adapter.calls.length, endedAtMs]).toEqual(['rescue', 1, 10_000]);
    expect(events.find((event) => event.type === 'attempt-failed')).toMatchObject({ kind: 'timeout' });
  });

  test('a long overall deadline: the first token of a model with a fallback is awaited for 10 s, without for its own', async () => {
    const deadlines = { firstTokenMs: 120_000, idleMs: 30_000, totalMs: 600_000 };
    const slow: Script = [{ type: 'wait', delayMs: 50_000 }, ...good];
    const run = async (policy: Parameters<typeof setUpWorld>[0], withFallback: boolean, more = {}, question = {}) => {
      const world = setUpWorld({ overallMs: 600_000, ...policy });
      Object.assign(world.dependencies, { deadlines });
      const chain = [scripted(world, 'a/x', [slow], more)];
      if (withFallback) chain.push(scripted(world, 'b/y', [rescue]));
      const { text, endedAtMs } = await playChain(world, chain, { question });
      return [text, endedAtMs];
    };
    expect(await run({}, true)).toEqual(['rescue', 10_000]);
    expect(await run({}, false)).toEqual(['good answer', 50_000]);
    expect(await run({ firstTokenPatienceMs: 20_000 }, true)).toEqual(['rescue', 20_000]);
    expect(await run({}, true, { firstTokenPatienceMs: 60_000 })).toEqual(['good answer', 50_000]);
    // Some models show nothing of their reasoning.
    expect(await run({}, true, {}, { reasoningEffort: 'high' })).toEqual(['good answer', 50_000]);
    expect(await run({}, true, {}, { reasoningEffort: 'minimal' })).toEqual(['rescue', 10_000]);
    // A fallback that may not be used is none.
    expect(await run({ failoverOn: ['server'] }, true)).toEqual(['good answer', 50_000]);
  });

  test('20 tokens, then silence, with 30 s timeouts each and a long overall deadline: whole within 45 s', async () => {
    const world = setUpWorld({ overallMs: 600_000 });
    const stalls: Script = [...Array.from({ length: 20 }, () => delta('a ')), { type: 'hang' }];
    const { text, endedAtMs } = await playChain(world, [
      scripted(world, 'a/x', [stalls]),
      scripted(world, 'b/y', [rescue]),
    ]);
    expect(text).toBe('rescue');
    expect(endedAtMs).toBeLessThanOrEqual(30_000);
  });

  test('one overall deadline for everything: silence everywhere ends with it', async () => {
    const world = setUpWorld();
    const chain = ['a/x', 'b/y', 'c/z'].map((id) => scripted(world, id, [hang]));
    const { outcome, endedAtMs } = await playChain(world, chain);
    expect([outcome.error?.kind, outcome.reason, endedAtMs]).toEqual(['timeout', 'overall-deadline', 30_000]);
    expect(outcome.records.length).toBe(3);
  });

  test('a cancel ends a retry wait, a queue and a call at once', async () => {
    const world = setUpWorld({}, {}, (providerId) => (providerId === 'full' ? 0 : undefined));
    const chains = [
      [scripted(world, 'wait/x', [fail('rate-limit', 5_000)])],
      [scripted(world, 'full/x', [good])],
      [scripted(world, 'call/x', [hang])],
    ];
    for (const chain of chains) {
      const abort = new AbortController();
      const startMs = world.clock.monotonicMs();
      const seen = startChain(world, [...chain, scripted(world, 'b/y', [rescue])], { signal: abort.signal });
      await world.clock.advanceAsync(1_000);
      expect(seen.endedAtMs).toBeUndefined();
      abort.abort(new Error('stop'));
      await world.clock.advanceAsync(0);
      expect([seen.outcome?.error?.kind, seen.outcome?.reason]).toEqual(['cancelled', 'cancelled']);
      expect([seen.endedAtMs, world.clock.pendingTimers]).toEqual([startMs + 1_000, 0]);
    }
    expect(world.records.map((record) => record.outcome)).toEqual(['failed', 'cancelled']);
  });

  test('a jump of the wall clock neither ends nor holds a wait', async () => {
    const world = setUpWorld();
    const seen = startChain(world, [scripted(world, 'a/x', [fail('rate-limit', 4_000), good])]);
    await world.clock.advanceAsync(1_000);
    world.clock.jumpWallClock(3_600_000);
    await world.clock.advanceAsync(2_999);
    expect(seen.endedAtMs).toBeUndefined();
    await world.clock.advanceAsync(1);
    expect(seen.text).toBe('good answer');
  });
});

describe('runChain: circuits and slots', () => {
  test('all circuits open → the first model is asked all the same, once, and its own error is told', async () => {
    const world = setUpWorld();
    const chain = ['a/x', 'b/y'].map((id) => scripted(world, id, [fail('server')]));
    for (const target of chain) breakCircuit(world, target);
    const { outcome } = await playChain(world, chain);
    expect([outcome.error?.kind, outcome.reason, outcome.records.length]).toEqual(['server', 'circuit-open', 1]);
    expect(chain.map(({ adapter }) => adapter.calls.length)).toEqual([1, 0]);
    expect(world.dependencies.circuits.readStatus('a/x')).toBe('open');
  });

  test('an answer in spite of an open circuit closes it', async () => {
    const world = setUpWorld();
    const a = scripted(world, 'a/x', [good]);
    breakCircuit(world, a);
    const { text, events } = await playChain(world, [a]);
    expect([text, world.dependencies.circuits.readStatus('a/x')]).toEqual(['good answer', 'closed']);
    expect(events.map(({ type }) => type)).toEqual(['attempt-started', 'circuit-changed']);
  });

  test('a timeout for lack of our own time is not held against the provider', async () => {
    const world = setUpWorld({ overallMs: 1_000 });
    const a = scripted(world, 'a/x', [hang]);
    for (let request = 0; request < 5; request += 1) await playChain(world, [a]);
    expect([a.adapter.calls.length, world.dependencies.circuits.readStatus('a/x')]).toEqual([5, 'closed']);
  });

  test('no slot in time → the fallback; slots are given back after success, failure and a bug', async () => {
    const world = setUpWorld({ queueMs: 500 }, {}, (providerId) => (providerId === 'a' ? 1 : undefined));
    const b = scripted(world, 'b/y', [rescue]);
    const holder = startChain(world, [
      scripted(world, 'a/x', [[delta('a'), { type: 'wait', delayMs: 5_000 }, ...good]]),
    ]);
    const { events, text } = await playChain(world, [scripted(world, 'a/x', [good]), b]);
    expect([text, events[0]]).toEqual(['rescue', expect.objectContaining({ reason: 'queue-deadline' })]);
    await world.clock.advanceAsync(5_000);
    expect(holder.outcome?.error).toBeUndefined();
    const listener = {
      onPart: () => {
        throw new TypeError('bug');
      },
    };
    await expect(playChain(world, [scripted(world, 'a/x', [good])], { listener })).rejects.toThrow('bug');
    await playChain(world, [scripted(world, 'a/x', [fail('auth')])]);
    expect((await playChain(world, [scripted(world, 'a/x', [good]), b])).text).toBe('good answer');
  });

  test('a full queue fails over at once, or says whose limit it is', async () => {
    const limits = { maxConcurrent: 1, maxQueued: 0, requestsPerMinute: 600 };
    const world = setUpWorld({}, {}, (providerId) => (providerId === 'a' ? limits : undefined));
    const a = scripted(world, 'a/x', [[delta('a'), { type: 'wait', delayMs: 5_000 }, ...good]]);
    startChain(world, [a]);
    const { text, endedAtMs } = await playChain(world, [a, scripted(world, 'b/y', [rescue])]);
    expect([text, endedAtMs]).toEqual(['rescue', 0]);
    const { outcome } = await playChain(world, [a]);
    expect([outcome.error?.kind, outcome.reason]).toEqual(['rate-limit', 'queue-deadline']);
    expect(outcome.error?.message).toContain('provider a');
    expect(outcome.error?.message).toContain('maxQueued: 0');
  });

  test('an empty chain is refused', async () => {
    await expect(playChain(setUpWorld(), [])).rejects.toMatchObject({ code: 'DISPATCH.NO_CANDIDATE' });
  });
});
