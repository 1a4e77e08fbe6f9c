import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecentCalls } from '../policies/index.ts';
import { FakeClock } from '../testing/index.ts';
import {
  buildRehearsalReport,
  choosePlan,
  describeSkip,
  type FailoverPlan,
  type FailoverReturn,
  FailoverWatch,
  judgeStatus,
  type RehearsedCall,
  type ReturnReason,
  readSkip,
  type WatchedStatus,
} from './index.ts';

const plan = (id: string, scope: string, primary?: string): FailoverPlan => ({
  ...{ id, scope, name: id, isEnabled: true },
  settings: { chain: ['b/x'], triggers: {}, returning: { kind: 'at-once' }, ...(primary && { primary }) },
});
const always = () => true;

describe('which plan holds', () => {
  const call = { role: 'coder', workflowId: 'review', requested: 'smart', firstModelId: 'a/x' };
  const all = [plan('team', 'team'), plan('role', 'role:coder'), plan('flow', 'workflow:review')];

  test('the narrowest scope: workflow before role before team', () => {
    expect(choosePlan(all, call, always)?.id).toBe('flow');
    expect(choosePlan(all, { ...call, workflowId: undefined }, always)?.id).toBe('role');
    expect(choosePlan(all, { ...call, workflowId: undefined, role: 'writer' }, always)?.id).toBe('team');
  });

  test('one that names what is asked for, by its name or by its model, before one for everything', () => {
    const named = plan('named', 'team', 'smart');
    expect(choosePlan([all[0]!, named], call, always)?.id).toBe('named');
    expect(choosePlan([plan('model', 'team', 'a/x')], call, always)?.id).toBe('model');
    expect(choosePlan([plan('other', 'team', 'c/z')], call, always)).toBeUndefined();
  });

  test('none that is switched off or whose condition does not hold', () => {
    expect(choosePlan([{ ...all[0]!, isEnabled: false }], call, always)).toBeUndefined();
    expect(choosePlan(all, call, ({ id }) => id === 'team')?.id).toBe('team');
  });
});

describe('passing over and returning', () => {
  const setUp = (returning: FailoverReturn, triggers = { consecutiveFailures: 2, returnAfterMs: 1_000 } as object) => {
    const clock = new FakeClock();
    const recentCalls = new RecentCalls(clock);
    const told: string[] = [];
    const watch = new FailoverWatch(clock, {
      onOut: ({ verdict }) => told.push(verdict.reason),
      onReturn: (_out, reason: ReturnReason) => told.push(reason),
    });
    let status: WatchedStatus = 'healthy';
    const read = () =>
      readSkip({ key: 'a/x', modelId: 'a/x', triggers, recentCalls, plan: { id: 'p', returning }, watch, status });
    const call = (isGood: boolean) => {
      const out = watch.find('p', 'a/x');
      recentCalls.noteStart('a/x');
      recentCalls.noteEnd('a/x', { outcome: isGood ? 'success' : 'fault', timeToFirstTokenMs: 5 });
      if (out && watch.noteAnswer('p', 'a/x', isGood, returning, status, triggers)) recentCalls.forget('a/x');
    };
    return { clock, read, call, watch, told, setStatus: (next: WatchedStatus) => (status = next) };
  };

  test('at once: a call on trial that is answered brings it back, and one that fails does not', () => {
    const { clock, read, call, told } = setUp({ kind: 'at-once' });
    call(false);
    call(false);
    expect(read()?.reason).toBe('trigger-consecutive-failures');
    clock.advance(1_000);
    expect(read()).toBeUndefined();
    call(false);
    expect(read()).toBeDefined();
    clock.advance(1_000);
    call(true);
    expect(read()).toBeUndefined();
    expect(told).toEqual(['trigger-consecutive-failures', 'answers']);
  });

  test('after answers: so many in a row', () => {
    const { clock, read, call } = setUp({ kind: 'after-answers', answers: 2 });
    call(false);
    call(false);
    read();
    for (const [isGood, isBack] of [
      [true, false],
      [false, false],
      [true, false],
      [true, true],
    ] as const) {
      clock.advance(1_000);
      expect(read()).toBeUndefined();
      call(isGood);
      expect(read() === undefined).toBe(isBack);
    }
  });

  test('by hand: nothing but a hand', () => {
    const { clock, read, call, watch } = setUp({ kind: 'by-hand' });
    call(false);
    call(false);
    read();
    clock.advance(60_000);
    call(true);
    expect(read()).toBeDefined();
    watch.release('p', 'a/x', 'by-hand');
    expect(read()).toBeUndefined();
  });

  test('for its status: from the first moment until the status is well', () => {
    const { read, call, setStatus, clock } = setUp({ kind: 'at-once' }, { statusFrom: 'down', returnAfterMs: 1_000 });
    setStatus('degraded');
    expect(read()).toBeUndefined();
    setStatus('down');
    expect(read()).toEqual({ reason: 'trigger-status', measured: 2, limit: 2 });
    clock.advance(1_000);
    expect(read()).toBeUndefined();
    call(true);
    expect(read()).toBeDefined();
    setStatus('healthy');
    expect(read()).toBeUndefined();
  });

  test('it is told as often as it returns, whatever happens', () => {
    const steps = fc.array(fc.constantFrom('good', 'bad', 'wait', 'down', 'up'), { maxLength: 60 });
    fc.assert(
      fc.property(
        steps,
        fc.constantFrom<FailoverReturn>({ kind: 'at-once' }, { kind: 'after-answers', answers: 2 }),
        (all, returning) => {
          const world = setUp(returning, { consecutiveFailures: 2, statusFrom: 'down', returnAfterMs: 1_000 });
          for (const step of all) {
            if (step === 'wait') world.clock.advance(1_000);
            else if (step === 'down' || step === 'up') world.setStatus(step === 'down' ? 'down' : 'healthy');
            else world.call(step === 'good');
            world.read();
          }
          const outs = world.told.filter((told) => told.startsWith('trigger-')).length;
          const isOut = world.watch.find('p', 'a/x') !== undefined;
          return outs - (world.told.length - outs) === (isOut ? 1 : 0);
        },
      ),
    );
  });

  test('an unknown status fires nothing, and reasons are told in words', () => {
    expect(judgeStatus('unknown', { statusFrom: 'degraded' })).toBeUndefined();
    expect(judgeStatus(undefined, { statusFrom: 'down' })).toBeUndefined();
    expect(describeSkip({ reason: 'trigger-error-rate', measured: 0.5, limit: 0.25 })).toBe(
      'Passed over: 50 % of its calls failed, more than 25 %.',
    );
  });
});

describe('the report of a rehearsal', () => {
  const call = (more: Partial<RehearsedCall>): RehearsedCall => ({
    ...{ phase: 'broken', startedAtMs: 1_000, endedAtMs: 1_010, servedModelId: 'b/x', isByPrimary: false },
    ...{ failedAtMs: [], failoverMs: [], costNanoUsd: 10n, wastedNanoUsd: 1n, extraNanoUsd: 4n },
    ...{ isCostUnknown: false, error: undefined, ...more },
  });
  const seen = {
    ...{ brokenAtMs: 1_000, restoredAtMs: 2_000, endedAtMs: 9_000, detectedAtMs: 1_100, toldAtMs: 1_150 },
    ...{ recoveredAtMs: 2_500, incidentId: 'inc_1', incidents: 1, alerts: [], isFailing: true, hasIncidents: true },
  };

  test('counts, times and money', () => {
    const calls = [
      call({ phase: 'baseline', servedModelId: 'a/x', isByPrimary: true, costNanoUsd: 99n }),
      call({ failedAtMs: [1_010], failoverMs: [2] }),
      call({ failedAtMs: [1_050, 1_090], failoverMs: [4] }),
      call({ failedAtMs: [1_500], servedModelId: undefined, error: 'Nobody answered.' }),
      call({ phase: 'recovery', servedModelId: 'a/x', isByPrimary: true, endedAtMs: 2_400 }),
    ];
    const report = buildRehearsalReport({ ...seen, calls });
    expect(report).toMatchObject({
      ...{ timeToDetectMs: 90, failedCallsUntilDetected: 3, eventDelayMs: 60, failoverMaxMs: 4, failoverP50Ms: 2 },
      ...{ callsMade: 5, callsRescued: 2, callsLost: 1, failedAttempts: 4, timeToRecoverMs: 500 },
      ...{ normalNanoUsd: '20', extraNanoUsd: '16', wastedNanoUsd: '4', firstOwnAnswerMs: 400 },
    });
    expect(report.checks.filter(({ isMet }) => isMet === false).map(({ name }) => name)).toEqual([
      'Calls without an answer',
      'Alerts',
      'Recoveries told',
    ]);
  });

  test('what never happened is not measured, and nothing divides by it', () => {
    const nothing = { detectedAtMs: undefined, toldAtMs: undefined, restoredAtMs: undefined, recoveredAtMs: undefined };
    const report = buildRehearsalReport({ ...seen, ...nothing, brokenAtMs: undefined, calls: [] });
    expect(report).toMatchObject({ timeToDetectMs: null, failoverP95Ms: null, timeToRecoverMs: null, callsMade: 0 });
    expect(report.checks.find(({ name }) => name === 'Recovery')?.isMet).toBeUndefined();
  });
});
