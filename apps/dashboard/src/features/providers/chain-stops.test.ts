import { expect, it } from 'vitest';
import { stopStates } from './chain-stops.ts';

const stop = (modelId: string, isAvailable = true) => ({ modelId, isAvailable, unavailableReason: null });

it('names the first model of a chain that can be called as the one that answers now', () => {
  const stops = [stop('a', false), stop('b'), stop('c'), stop('d')];
  expect(stopStates(stops, new Set(['b']))).toEqual(['unavailable', 'circuit-open', 'answers', 'in-reserve']);
});

it('names none when no model of the chain can be called', () => {
  expect(stopStates([stop('a', false), stop('b')], new Set(['b']))).toEqual(['unavailable', 'circuit-open']);
});
