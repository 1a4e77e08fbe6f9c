import { expect, test } from 'vitest';
import { isLineVisible, visibleSteps } from './visible-cards.ts';

const placesOf = (count: number) =>
  new Map(
    Array.from({ length: count }, (_, index) => [
      `s${index}`,
      { x: (index % 10) * 270, y: Math.floor(index / 10) * 110 },
    ]),
  );
const screen = { left: 0, top: 0, right: 1_400, bottom: 420 };

test('of a thousand steps only those are drawn that are seen, wherever one has scrolled to', () => {
  const places = placesOf(1_000);
  expect(visibleSteps(places, screen).size).toBeLessThan(100);
  const below = { left: 0, top: 10_000, right: 1_400, bottom: 10_420 };
  const seen = visibleSteps(places, below);
  expect(seen.size).toBeLessThan(120);
  expect(seen.has('s0')).toBe(false);
  expect(seen.has('s910')).toBe(true);
  // Before the size is known, too.
  expect(visibleSteps(places, undefined).size).toBeLessThan(100);
});

test('a small graph is drawn whole', () => {
  expect(visibleSteps(placesOf(40), { left: 0, top: 0, right: 10, bottom: 10 }).size).toBe(40);
});

test('a line is drawn when any part of it may be seen', () => {
  const across = [
    { x: -5_000, y: 200 },
    { x: 9_000, y: 300 },
  ];
  expect(isLineVisible(across, screen, 1_000)).toBe(true);
  expect(
    isLineVisible(
      across.map(({ x, y }) => ({ x, y: y + 5_000 })),
      screen,
      1_000,
    ),
  ).toBe(false);
});
