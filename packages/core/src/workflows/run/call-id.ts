import { createHash } from 'node:crypto';
import type { CallPlace } from './run-fact.ts';

/**
 * The id of one call of a run: the same wherever it is worked out, different for every step, entry, slot and attempt, and
 * for what a retry begins anew (`generation`). Whoever executes a command a second time finds what the first time left under this id.
 */
export function callIdOf(runId: string, place: Omit<CallPlace, 'callId'>, generation: number): string {
  const parts = [runId, place.stepId, generation, place.itemIndex ?? null, place.slot, place.attempt];
  return `call_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;
}

/** Whether people are asked to rate the answer of this call: the same for the same call, in a `share` (0–1) of calls. */
export function isSampledForRating(callId: string, share: number): boolean {
  const draw = createHash('sha256').update(`rating:${callId}`).digest().readUInt32BE(0);
  return draw / 2 ** 32 < share;
}
