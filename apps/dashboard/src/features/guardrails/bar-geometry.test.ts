import { describe, expect, it } from 'vitest';
import { layOutBar } from './bar-geometry.ts';

describe('layOutBar', () => {
  it('fills by the limit and marks the forecast', () => {
    const bar = layOutBar({ spent: 4, reserved: 1, limit: 10, forecast: 8, thresholds: [0.5, 0.8, 1] });
    expect(bar).toMatchObject({ spent: 0.4, limit: 1, forecast: 0.8, tone: 'warn', isForecastBeyond: false });
    expect(bar.reserved).toBeCloseTo(0.1);
    expect(bar.ticks).toEqual([
      { share: 0.5, at: 0.5, isReached: true },
      { share: 0.8, at: 0.8, isReached: false },
    ]);
  });

  it('moves the limit to the left when more is used, and cuts what is far beyond', () => {
    expect(layOutBar({ spent: 12, reserved: 0, limit: 10, thresholds: [] }).limit).toBeCloseTo(10 / 12);
    const far = layOutBar({ spent: 1, reserved: 0, limit: 10, forecast: 1000, thresholds: [] });
    expect(far).toMatchObject({ forecast: 1, isForecastBeyond: true, tone: 'warn' });
    expect(far.limit).toBeCloseTo(1 / 1.5);
  });

  it('is full when a limit of nothing is used', () => {
    expect(layOutBar({ spent: 2, reserved: 0, limit: 0, thresholds: [0.8] })).toMatchObject({ spent: 1, tone: 'bad' });
  });
});
