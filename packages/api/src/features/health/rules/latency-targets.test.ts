import { standardRule } from '@switchyard/core/health';
import { FakeClock } from '@switchyard/core/testing';
import { expect, test } from 'vitest';
import { callRecord } from '../../../testing/call-record.ts';
import type { AlertDraft } from '../../alerts/raise-alert.ts';
import { gateIncident } from './gate-incident.ts';
import { LatencyTargets } from './latency-targets.ts';
import type { RuleBook, TeamRule } from './rule-book.ts';

const rule = (change: Partial<TeamRule> & Pick<TeamRule, 'kind'>): TeamRule => ({
  ...standardRule(change.kind),
  ...{ id: 'alu_1', name: 'Rule', isStandard: true, row: undefined },
  ...change,
});
const bookOf = (...rules: TeamRule[]) =>
  ({
    of: () => rules,
    choose: (_team: string, kind: string) => rules.find((each) => each.kind === kind),
  }) as unknown as RuleBook;

function setUp(change: Partial<TeamRule> = {}) {
  const told: AlertDraft[] = [];
  const alerts = { report: (draft: AlertDraft) => void told.push(draft) };
  const book = bookOf(rule({ kind: 'latency-target', ...change }));
  const targets = new LatencyTargets({ clock: new FakeClock(), alerts, book });
  const observer = targets.behind({ onBreach() {}, onWarning() {}, onCallEnd() {} });
  let id = 0;
  const call = (latencyMs: number, outcome: 'succeeded' | 'failed' = 'succeeded') => {
    id += 1;
    const record = callRecord(`cal_${id}`, { latencyMs, outcome });
    observer.onCallEnd(record, { expectedNanoUsd: undefined, latencyTargetMs: 1_000 });
  };
  return { told, call };
}

test('a target that is missed more than three times in a row is told, and its end to those who heard', () => {
  const { told, call } = setUp();
  for (const ms of [2_000, 2_000, 2_000, 500, 2_000, 2_000, 2_000]) call(ms);
  call(9_000, 'failed');
  expect(told).toEqual([]);
  call(3_000);
  expect(told).toMatchObject([{ kind: 'model.latencyWarning', status: 'firing' }]);
  expect(told[0]?.message).toContain('4 answers in a row took longer than 1000 ms');
  call(900);
  call(900);
  expect(told.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  expect(new Set(told.map(({ dedupeKey }) => dedupeKey)).size).toBe(1);
});

test('a rule that is off or muted tells nothing', () => {
  for (const change of [{ isEnabled: false }, { mutedUntilMs: Number.MAX_SAFE_INTEGER }]) {
    const { told, call } = setUp(change);
    for (let count = 0; count < 9; count += 1) call(2_000);
    call(1);
    expect(told).toEqual([]);
  }
});

test('what health says of an incident passes by the rules: off, muted, only when it lasts, or by other figures', () => {
  const incident = { subjectId: 'openai', startedAt: new Date(0) };
  const shared = {
    teamId: 't',
    severity: 'critical',
    status: 'firing',
    origin: 'live',
    title: '',
    message: '',
  } as const;
  const draft = { ...shared, kind: 'provider.down', link: '/', facts: [], dedupeKey: 'k', atMs: 0 } as const;
  const gate = (change: Partial<TeamRule>, nowMs = 60_000) =>
    gateIncident(bookOf(rule({ kind: 'down', ...change })), draft, incident, nowMs);
  expect(gate({ renotifyAfterMs: 5 })).toMatchObject({ renotifyAfterMs: 5, facts: [{ name: 'rule' }] });
  expect(gate({ isEnabled: false })).toBeUndefined();
  expect(gate({ mutedUntilMs: 60_001 })).toBeUndefined();
  expect(gate({ mutedUntilMs: 60_000 })).toBeDefined();
  expect(gate({ windowMs: 60_001 })).toBeUndefined();
  expect(gate({ windowMs: 60_000 })).toBeDefined();
  const slow = { ...draft, kind: 'provider.latency' } as const;
  const measured = bookOf(rule({ kind: 'latency', threshold: 900 }));
  expect(gateIncident(measured, slow, incident, 1)).toBeUndefined();
  expect(gateIncident(bookOf(), draft, incident, 1)).toBe(draft);
});
