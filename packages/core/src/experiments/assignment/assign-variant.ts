import { createHash } from 'node:crypto';

/** A variant and its share of the traffic, on any positive scale. */
export interface WeightedVariant {
  readonly key: string;
  readonly weight: number;
}

/**
 * The variant of one user, session or run: always the same for the same `experimentId`, `unit` and weights, on every
 * server, without anything stored.
 *
 * Weighted rendezvous hashing (Thaler & Ravishankar 1998; weights: Schindelhauer & Schomaker 2005). For each variant, u is
 * the first 52 bits of SHA-256 of the JSON array [experimentId, unit, key] as a number in (0, 1); the variant with the
 * smallest −ln(u) / weight wins. The shares are the weights, and a change of weights moves only what it must: units go only
 * to variants whose share grew, from those whose share shrank.
 */
export function assignVariant(experimentId: string, unit: string, variants: readonly WeightedVariant[]): string {
  let chosen: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const { key, weight } of variants) {
    if (!(weight > 0)) continue;
    const distance = -Math.log(hashToUnit([experimentId, unit, key])) / weight;
    if (distance < least) {
      least = distance;
      chosen = key;
    }
  }
  if (chosen === undefined) throw new RangeError('no variant has a weight above 0');
  return chosen;
}

/** A number in (0, 1) from the parts, uniform: 52 bits of SHA-256 of their JSON. */
export function hashToUnit(parts: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return (digest.readUIntBE(0, 6) * 16 + (digest[6]! >> 4) + 0.5) / 2 ** 52;
}
