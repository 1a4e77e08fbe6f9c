import type { Random } from '../kernel/index.ts';

/** A standard normal draw (Box & Muller 1958; one of the pair, so each call takes two numbers of `random`). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
