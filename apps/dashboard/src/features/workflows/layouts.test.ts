import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyDefinition, exampleDefinition } from './definition-fixture.ts';
import { cardSize, layOutCards, placeBeside, shapeOf } from './lay-out-cards.ts';
import { depthsOf, sketchOf } from './sketch-layout.ts';
import { linksOf } from './workflow-links.ts';

it('lays every step below those that it waits for', () => {
  const { places } = layOutCards(exampleDefinition);
  const y = (id: string) => places.get(id)?.y ?? Number.NaN;
  expect([
    y('summary') < y('check'),
    y('check') < y('decide'),
    y('decide') < y('mend'),
    y('mend') < y('final'),
  ]).toEqual([true, true, true, true]);
});

it('lays no card over another, rings or not', () => {
  fc.assert(
    fc.property(anyDefinition, (definition) => {
      const places = [...layOutCards(definition).places.values()];
      for (const [index, a] of places.entries())
        for (const b of places.slice(index + 1))
          expect(Math.abs(a.x - b.x) >= cardSize.width || Math.abs(a.y - b.y) >= cardSize.height).toBe(true);
    }),
    { numRuns: 60 },
  );
});

it('sketches every step inside the picture', () => {
  fc.assert(
    fc.property(anyDefinition, (definition) => {
      const { dots, width, height } = sketchOf(definition);
      expect(dots).toHaveLength(definition.steps.length);
      for (const { x, y } of dots) expect(x > 0 && x < width && y > 0 && y < height).toBe(true);
    }),
  );
  expect(depthsOf(exampleDefinition).get('final')).toBe(4);
});

it('keeps a layout while only texts change', () => {
  const shouted = { ...exampleDefinition, steps: exampleDefinition.steps.map((step) => ({ ...step, title: 'X' })) };
  expect(shapeOf(shouted)).toBe(shapeOf(exampleDefinition));
});

it('leaves cards where they were put, and lays a new one over none of them', () => {
  const { places: laidOut } = layOutCards(exampleDefinition);
  const put = new Map([...laidOut].filter(([id]) => id !== 'check').map(([id, { x, y }]) => [id, { x: x / 2, y }]));
  const places = placeBeside(laidOut, put, linksOf(exampleDefinition));
  expect(places.get('mend')).toEqual(put.get('mend'));
  const fresh = places.get('check');
  for (const [id, other] of places)
    if (fresh && id !== 'check')
      expect(Math.abs(other.x - fresh.x) >= cardSize.width || Math.abs(other.y - fresh.y) >= cardSize.height).toBe(
        true,
      );
});

it('leads a line that passes a card around it', () => {
  const { places, bends } = layOutCards(exampleDefinition);
  const check = places.get('check');
  const beside =
    bends.get('summary>mend')?.filter(({ y }) => check && y > check.y && y < check.y + cardSize.height) ?? [];
  expect(beside.length).toBeGreaterThan(0);
  for (const { x } of beside) expect(check && (x < check.x || x > check.x + cardSize.width)).toBe(true);
});
