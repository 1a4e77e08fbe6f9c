import type { Unit } from './budget-words.ts';

/** The limit that the server will make of it: to the nearest token or call, or nano-dollar, and never below 0. */
export function adjustedLimit(limit: string, percent: number, unit: Unit): number {
  const exact = Math.max(0, Number(limit) * (1 + percent / 100));
  return unit === 'COST' ? Number(exact.toFixed(9)) : Math.round(exact);
}
