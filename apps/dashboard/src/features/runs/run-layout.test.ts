import { describe, expect, it } from 'vitest';
import type { Definition } from '../workflows/definition.ts';
import { layOutRun, pathOf, stepSize } from './run-layout.ts';

const steps: Definition['steps'] = [
  { id: 'plan', type: 'transform', value: '1' },
  { id: 'left', type: 'transform', value: 'steps.plan.output' },
  { id: 'right', type: 'transform', value: 'steps.plan.output' },
  { id: 'join', type: 'merge', mode: 'concatenate', from: ['left', 'right'], after: ['plan'] },
];

describe('layOutRun', () => {
  it('puts every step right of those that it waits for, and none over another', () => {
    const { places } = layOutRun({ steps });
    const at = (id: string) => places.get(id) ?? { x: Number.NaN, y: Number.NaN };
    expect(at('left').x).toBeGreaterThanOrEqual(at('plan').x + stepSize.width);
    expect(at('join').x).toBeGreaterThanOrEqual(at('right').x + stepSize.width);
    expect(Math.abs(at('left').y - at('right').y)).toBeGreaterThanOrEqual(stepSize.height);
  });

  it('leads a line that passes a column around its cards', () => {
    const { lines, places } = layOutRun({ steps });
    const points = lines.get('plan>join') ?? [];
    expect(points.length).toBeGreaterThan(2);
    for (const { x, y } of points.slice(1, -1))
      for (const card of places.values()) {
        const isInside = x > card.x && x < card.x + stepSize.width && y > card.y && y < card.y + stepSize.height;
        expect(isInside).toBe(false);
      }
    expect(pathOf(points)).toMatch(/^M\d.*C/);
  });
});
