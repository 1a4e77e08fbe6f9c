import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProviderError, providerErrorKinds } from '../spec/index.ts';
import { type HealthOutcome, judgeFailure, judgeSpeed, speedLimitsOf } from './health-outcome.ts';
import { countOutcomes, scoreHealth } from './health-score.ts';
import { type HealthState, judgeHealth, unknownHealth } from './judge-health.ts';

const startMs = 1_767_225_600_000;

/** `S` a success, `F` a fault, `L` a limit, `s` a slow success; capital checks are written `c` (good) and `x` (failed). */
function outcomesOf(text: string, everyMs: number, fromMs = startMs): HealthOutcome[] {
  return [...text].map((letter, index) => ({
    atMs: fromMs + index * everyMs,
    source: letter === 'c' || letter === 'x' ? 'check' : 'call',
    verdict: letter === 'F' || letter === 'x' ? 'fault' : letter === 'L' ? 'limited' : 'success',
    speed: letter === 's' ? 'very-slow' : 'usual',
  }));
}

/** The statuses that a provider goes through, judged after each outcome. */
function walk(outcomes: readonly HealthOutcome[], before: HealthState = unknownHealth) {
  let state = before;
  const statuses: string[] = [];
  let changes = 0;
  for (const [index, { atMs }] of outcomes.entries()) {
    const next = judgeHealth(state, outcomes.slice(0, index + 1), atMs).state;
    if (next.status !== state.status) changes += 1;
    state = next;
    statuses.push(state.status);
  }
  return { state, statuses, changes };
}

const outcome = fc.record({
  atMs: fc.integer({ min: startMs, max: startMs + 600_000 }),
  source: fc.constantFrom('call' as const, 'check' as const),
  verdict: fc.constantFrom('success' as const, 'limited' as const, 'fault' as const),
  speed: fc.constantFrom('usual' as const, 'slow' as const, 'very-slow' as const),
});
const history = fc.array(outcome, { maxLength: 80 }).map((all) => all.toSorted((a, b) => a.atMs - b.atMs));

describe('verdicts', () => {
  test('mistakes of callers never count, and neither do cancels and budgets', () => {
    for (const kind of providerErrorKinds) {
      const { blame } = new ProviderError({ kind, provider: 'p', model: 'm', message: '' });
      const counts = judgeFailure(kind) !== undefined;
      expect([kind, counts]).toEqual([kind, blame === 'provider' || kind === 'auth' || kind === 'quota']);
    }
    expect(judgeFailure('rate-limit')).toBe('limited');
  });

  test('slow is what is slower than usual, once it is known what is usual', () => {
    expect(judgeSpeed(3_000, speedLimitsOf(500, 100))).toBe('very-slow');
    expect(judgeSpeed(1_300, speedLimitsOf(500, 100))).toBe('slow');
    expect(judgeSpeed(3_000, speedLimitsOf(2_900, 100))).toBe('usual');
    expect(judgeSpeed(3_000, speedLimitsOf(500, 5))).toBe('usual');
  });
});

describe('the score', () => {
  test('is 100 for a provider without flaw and 0 for one that never answers', () => {
    expect(scoreHealth(countOutcomes(outcomesOf('SSSSSSSS', 1_000)))).toMatchObject({ score: 100 });
    expect(scoreHealth(countOutcomes(outcomesOf('FFFFFFFF', 1_000)))).toMatchObject({ score: 0 });
    expect(scoreHealth(countOutcomes([]))).toBeUndefined();
  });

  test('weighs uptime 40 %, latency 30 % and errors 30 %', () => {
    const half = scoreHealth(countOutcomes(outcomesOf('ssssssssss', 1_000)));
    expect(half).toMatchObject({ uptime: 100, latency: 0, errorRate: 100, score: 70 });
    const tenth = scoreHealth(countOutcomes(outcomesOf('SSSSFSSSSS', 1_000)));
    expect(tenth?.errorRate).toBeCloseTo(60);
    expect(tenth?.latency).toBeCloseTo(90);
    expect(tenth?.score).toBeCloseTo(40 + 27 + 18);
  });

  test('stays within 0 and 100, and a success that becomes a fault never raises it', () => {
    fc.assert(
      fc.property(history, fc.nat(), (outcomes, place) => {
        const before = scoreHealth(countOutcomes(outcomes));
        if (!before) return;
        for (const part of Object.values(before)) {
          expect(part).toBeGreaterThanOrEqual(0);
          expect(part).toBeLessThanOrEqual(100);
        }
        const index = place % outcomes.length;
        const worse = outcomes.map((each, at) => (at === index ? { ...each, verdict: 'fault' as const } : each));
        expect(scoreHealth(countOutcomes(worse))!.score).toBeLessThanOrEqual(before.score + 1e-9);
      }),
    );
  });
});

describe('the status', () => {
  test('three failed calls are an outage of a provider that was well, however many succeeded before', () => {
    expect(walk(outcomesOf('SSSSSSSSSSFFF', 100)).statuses.slice(-3)).toEqual(['healthy', 'healthy', 'down']);
    expect(walk(outcomesOf(`${'S'.repeat(300)}FFF`, 10)).statuses.at(-1)).toBe('down');
    expect(walk(outcomesOf('FFF', 1_000)).statuses).toEqual(['unknown', 'unknown', 'down']);
  });

  test('three failures in a row are none where failures are usual', () => {
    const { statuses } = walk(outcomesOf(`${'SSSSF'.repeat(12)}FFF`, 200));
    expect(statuses.at(-1)).toBe('degraded');
    expect(statuses).not.toContain('down');
  });

  test('one failed check is not believed, a second one is, and neither while calls are answered', () => {
    expect(walk(outcomesOf('cccx', 10_000)).statuses.at(-1)).toBe('healthy');
    expect(walk(outcomesOf('cccxx', 10_000)).statuses.at(-1)).toBe('down');
    expect(walk(outcomesOf('SxSxxxxx', 10_000)).statuses.at(-1)).toBe('healthy');
  });

  test('a provider that answers checks and fails calls stays down', () => {
    const { statuses } = walk(outcomesOf('SSSFFFcccFcccFcccccc', 5_000));
    expect(new Set(statuses.slice(5))).toEqual(new Set(['down']));
  });

  test('checks that are answered between calls that fail hide no outage', () => {
    expect(walk(outcomesOf('SSSSSFcFcF', 1_000)).statuses.at(-1)).toBe('down');
    expect(walk(outcomesOf('cccFxx', 1_000)).statuses.at(-1)).toBe('down');
  });

  test('it is back after a few answers, one of them to a call, and the outage counts no more', () => {
    const outcomes = outcomesOf('SSSSSFFFFFFccS', 2_000);
    const { statuses, state } = walk(outcomes);
    expect(statuses.slice(-3)).toEqual(['down', 'down', 'healthy']);
    expect(judgeHealth(state, outcomes, outcomes.at(-1)!.atMs).score?.score).toBe(100);
  });

  test('slow answers degrade it, and only good ones bring it back', () => {
    const { statuses } = walk(outcomesOf(`SSSSSS${'s'.repeat(20)}${'S'.repeat(400)}`, 1_000));
    expect(statuses[25]).toBe('degraded');
    expect(statuses.at(-1)).toBe('healthy');
    expect(statuses).not.toContain('down');
  });

  test('limits alone degrade and never count as an outage', () => {
    const { statuses } = walk(outcomesOf(`SSSSSS${'L'.repeat(60)}`, 1_000));
    expect(statuses.at(-1)).toBe('degraded');
    expect(statuses).not.toContain('down');
  });

  test('silence is unknown, not healthy', () => {
    const outcomes = outcomesOf('SSSS', 1_000);
    const { state } = walk(outcomes);
    expect(judgeHealth(state, outcomes, startMs + 800_000).state.status).toBe('healthy');
    expect(judgeHealth(state, outcomes, startMs + 7 * 86_400_000)).toMatchObject({
      state: { status: 'unknown' },
      score: undefined,
    });
  });

  test('it does not flap: answers and faults in turn change it at most twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('SF', 'SSF', 'SFF', 'SSFF'), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 50, max: 4_000 }),
        (blocks, everyMs) => {
          expect(walk(outcomesOf(`SSSSS${blocks.join('')}`, everyMs)).changes).toBeLessThanOrEqual(3);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a provider that comes and goes is called back later and later', () => {
    const { changes, statuses } = walk(outcomesOf('SSSSSFFFFF'.repeat(40), 1_000));
    // 80 turns of the provider; each return takes twice as many answers as the one before.
    expect(changes).toBeLessThanOrEqual(12);
    expect(statuses.at(-1)).not.toBe('healthy');
  });

  test('any history ends in a status that its outcomes explain, whatever the clock said', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: -3_600_000, max: 3_600_000 }), (outcomes, skewMs) => {
        const judged = judgeHealth(unknownHealth, outcomes, startMs + 600_000 + skewMs);
        if (judged.state.status === 'healthy') expect(outcomes.some(({ verdict }) => verdict !== 'fault')).toBe(true);
        if (judged.state.status === 'down') expect(outcomes.some(({ verdict }) => verdict === 'fault')).toBe(true);
        if (outcomes.length === 0) expect(judged.state.status).toBe('unknown');
      }),
    );
  });
});
