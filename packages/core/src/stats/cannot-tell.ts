/** Why a statistic has no honest value; closed, so that the dashboard can have a sentence for each. */
export const cannotTellReasons = [
  'empty',
  'not-finite',
  'too-few',
  'zero-variance',
  'baseline-near-zero',
  'disconnected',
  'not-identified',
  'did-not-converge',
  'out-of-range',
] as const;

export type CannotTellReason = (typeof cannotTellReasons)[number];

/**
 * "Cannot tell": the data do not carry an answer. Returned in place of NaN, an infinite interval or a guess. `message`
 * is for people and says what would help.
 */
export interface CannotTell {
  readonly kind: 'cannot-tell';
  readonly reason: CannotTellReason;
  readonly message: string;
}

export function cannotTell(reason: CannotTellReason, message: string): CannotTell {
  return { kind: 'cannot-tell', reason, message };
}

/** Narrows a result; the only test callers need. */
export function isCannotTell(result: { readonly kind: string }): result is CannotTell {
  return result.kind === 'cannot-tell';
}

/**
 * What speaks against computing with `values`: none at all, fewer than `minimum`, or one that is NaN or infinite.
 * `name` names the sample in the message ("baseline").
 */
export function findSampleProblem(values: readonly number[], minimum: number, name: string): CannotTell | undefined {
  if (values.length === 0) return cannotTell('empty', `There are no values for ${name} yet.`);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    return cannotTell('not-finite', `Value ${bad + 1} for ${name} is not a finite number; leave it out or correct it.`);
  }
  if (values.length < minimum) {
    return cannotTell('too-few', `${name} has ${values.length} of the ${minimum} values that are needed at least.`);
  }
  return undefined;
}

/** Guards a setting of the caller (not data): a probability strictly between 0 and 1. Throws RangeError. */
export function requireProbability(value: number, name: string): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} must lie between 0 and 1, got ${value}`);
}

/** Guards a setting of the caller: a finite number above 0. Throws RangeError. */
export function requirePositive(value: number, name: string): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} must be a positive number, got ${value}`);
}

/** Guards paired inputs: both lists must be equally long. Throws RangeError. */
export function requireSameLength(left: readonly unknown[], right: readonly unknown[], names: string): void {
  if (left.length !== right.length) {
    throw new RangeError(`${names} must have the same length, got ${left.length} and ${right.length}`);
  }
}
