import { describe, expect, it } from 'vitest';
import type { AttemptDetails, RunEntry, StepDetails } from './run-record.ts';
import { waterfallRows, workSpans } from './waterfall-rows.ts';

const originMs = 1_700_000_000_000;
const at = (ms: number) => new Date(originMs + ms).toISOString();
const attempt = (startMs: number, endMs: number | null, facts: Partial<AttemptDetails> = {}) =>
  ({
    vendorAttempt: 1,
    state: endMs === null ? 'RUNNING' : 'SUCCEEDED',
    modelId: 'openai/a',
    startedAt: at(startMs),
    firstTokenAt: null,
    endedAt: endMs === null ? null : at(endMs),
    place: { callId: 'c', stepId: 'plan', itemIndex: null, slot: 0, attempt: 1 },
    ...facts,
  }) as AttemptDetails;
const step = (facts: Partial<StepDetails>) =>
  ({ stepId: 'plan', type: 'PROMPT', startedAt: at(0), endedAt: at(3000), attempts: [], ...facts }) as StepDetails;
const entry = (kind: string, atMs: number, facts: object = {}) =>
  ({
    seq: atMs,
    atMs: originMs + atMs,
    laneId: 'l',
    place: { callId: 'c', stepId: 'plan', itemIndex: null, slot: 0, attempt: 1 },
    entry: { kind, waitMs: null, ...facts },
  }) as RunEntry;
const rowsOf = (steps: StepDetails[], entries: RunEntry[] = [], nowMs = 10_000) =>
  waterfallRows(steps, () => undefined, entries, originMs, originMs + nowMs);

describe('waterfallRows', () => {
  it('shows the wait before the first attempt, the wait before a retry, and the change to another model', () => {
    const attempts = [
      attempt(100, 500, { state: 'FAILED' }),
      attempt(1500, 3000, { vendorAttempt: 2, firstTokenAt: at(2000), modelId: 'anthropic/b' }),
    ];
    const [row] = rowsOf(
      [step({ attempts })],
      [
        entry('RETRY_SCHEDULED', 500, { waitMs: 5_000 }),
        entry('FAILOVER_HAPPENED', 1490),
        entry('ATTEMPT_STARTED', 100),
      ],
    );
    expect(row?.bars.map(({ kind, startMs, endMs }) => [kind, startMs, endMs])).toEqual([
      ['queue', 0, 100],
      ['retry-wait', 500, 1500],
      ['attempt', 100, 500],
      ['attempt', 1500, 3000],
    ]);
    expect(row?.bars.at(-1)).toMatchObject({ firstTokenMs: 2000 });
    expect(row?.marks.map(({ kind, atMs }) => [kind, atMs])).toEqual([['failover', 1490]]);
  });

  it('gives every model that is asked side by side, and every entry of a map, a line of its own', () => {
    const inSlot = (itemIndex: number | null, slot: number) =>
      attempt(0, 100, { place: { ...attempt(0, 1).place, itemIndex, slot } });
    const [first, second] = [
      step({ attempts: [inSlot(null, 1), inSlot(null, 0)] }),
      step({ stepId: 'each', attempts: [inSlot(1, 0), inSlot(0, 0)] }),
    ];
    expect(rowsOf([first, second]).map(({ stepId, itemIndex, slot }) => [stepId, itemIndex, slot])).toEqual([
      ['plan', null, 0],
      ['plan', null, 1],
      ['each', 0, 0],
      ['each', 1, 0],
    ]);
  });

  it('lets what is under way end now, and leaves out steps that have not begun', () => {
    const rows = rowsOf(
      [step({ endedAt: null, attempts: [attempt(0, null)] }), step({ stepId: 'next', startedAt: null })],
      [],
      700,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.bars.at(-1)?.endMs).toBe(700);
  });

  it('does not count the time that a person took as work', () => {
    const rows = rowsOf([step({ type: 'APPROVAL' }), step({ stepId: 'made', type: 'TRANSFORM' })]);
    expect(rows.map(({ bars }) => bars[0]?.kind)).toEqual(['person', 'work']);
    expect(workSpans(rows)).toHaveLength(1);
  });
});
