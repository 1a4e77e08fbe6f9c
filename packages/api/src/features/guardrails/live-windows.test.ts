import type { Budget, SliceFigures } from '@switchyard/core/guardrails';
import { describe, expect, it } from 'vitest';
import type { BudgetAccountState } from './budget.repository.ts';
import { liveWindows } from './live-windows.ts';

const budget: Budget = {
  id: 'bud_1',
  teamId: 'team_1',
  name: 'Research',
  scope: [],
  unit: 'cost',
  window: 'day',
  timeZone: 'UTC',
  limit: 100n,
  mode: 'hard',
  alertThresholds: [],
  onBreach: 'fail-fast',
  whenAllBreach: 'fail',
  unpriced: { kind: 'refuse' },
  raises: [{ amount: 20n, fromMs: 0, untilMs: 10 }],
  isEnabled: true,
  version: 1,
};
const place = { budgetId: 'bud_1', teamId: 'team_1', origin: 'live', subject: '', startMs: 0, endMs: 100 } as const;
const account = (windowId: string, spent: bigint, reserved: bigint): BudgetAccountState => {
  return { ...place, windowId, spent, reserved, leased: reserved };
};
const slice = (windowId: string, figures: Partial<SliceFigures>): SliceFigures => {
  const window = { ...place, windowId };
  return {
    windowId,
    budgetId: 'bud_1',
    account: window,
    leased: 0n,
    reserved: 0n,
    spent: 0n,
    unreported: 0n,
    ...figures,
  };
};

describe('live figures of a budget', () => {
  it('add what this process did since it reported to what the database has', () => {
    const own = slice('w', { reserved: 5n, spent: 33n, unreported: 3n });
    expect(liveWindows([budget], [account('w', 30n, 7n)], [own], 5)).toMatchObject([
      { spent: 33n, reserved: 12n, limit: 120n, free: 75n },
    ]);
  });

  it('never go back while a report is on its way, and count what it carries once', () => {
    // Sent and not yet there: the slice knows 33, the database still 30.
    expect(liveWindows([budget], [account('w', 30n, 0n)], [slice('w', { spent: 33n })], 50)[0]?.spent).toBe(33n);
    // There by now, and another process has reported too.
    expect(liveWindows([budget], [account('w', 40n, 0n)], [slice('w', { spent: 33n })], 50)[0]?.spent).toBe(40n);
  });

  it('show windows that the database does not know yet, and none that are over or belong to others', () => {
    const slices = [
      slice('new', { reserved: 5n }),
      { ...slice('old', { reserved: 5n }), account: { ...place, windowId: 'old', endMs: 40 } },
      { ...slice('other', { reserved: 5n }), account: { ...place, windowId: 'other', budgetId: 'bud_2' } },
    ];
    expect(liveWindows([budget], [], slices, 50).map(({ windowId }) => windowId)).toEqual(['new']);
  });

  it('have the fullest window first, and never less than nothing free', () => {
    const windows = liveWindows([budget], [account('a', 1n, 0n), account('b', 130n, 9n), account('c', 2n, 0n)], [], 50);
    expect(windows.map(({ windowId, free }) => [windowId, free])).toEqual([
      ['b', 0n],
      ['c', 98n],
      ['a', 99n],
    ]);
  });
});
