/** What is known of the calls of one model in a range. */
export interface ModelFigures {
  readonly modelId: string;
  readonly calls: number;
  readonly succeeded: number;
  readonly cancelled: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly unknownCostCalls: number;
  readonly latencyMeanMs: number | null;
  readonly successRate: number | null;
}

/** What is known of the calls of a role in a range. */
export interface History {
  readonly total: Omit<ModelFigures, 'modelId'> & { readonly retries: number; readonly hedges: number };
  readonly ofRole: readonly ModelFigures[];
  /** All calls of the team, this role's included. */
  readonly ofTeam: readonly ModelFigures[];
}

/** US dollars per million tokens; undefined when there is no price. */
export type PriceOf = (modelId: string) => { readonly inputUsd: number; readonly outputUsd: number } | undefined;

/** What a figure of the preview was taken from: this role's own calls, other calls of the team, the price list, or nothing. */
export type Basis = 'role' | 'team' | 'price' | 'none';

export interface ModelPreview {
  readonly modelId: string;
  /** Of 1: how many requests would be answered by it, and how many are now. */
  readonly share: number;
  readonly recordedShare: number;
  /** Of one call; null when nobody knows. */
  readonly costUsd: number | null;
  readonly costBasis: Basis;
  readonly meanMs: number | null;
  readonly meanBasis: Basis;
  readonly successRate: number | null;
}

export interface ChangePreview {
  /** Requests in the range; retries and hedges are not counted again. */
  readonly requests: number;
  readonly recorded: { readonly costUsd: number; readonly unknownCostCalls: number; readonly meanMs: number | null };
  /** Null where a model that would be asked lacks what is needed to tell. */
  readonly estimated: { readonly costUsd: number | null; readonly meanMs: number | null; readonly answered: number };
  readonly models: readonly ModelPreview[];
  /** Models whose success is not known, which is taken for certain. */
  readonly unmeasured: readonly string[];
}

/** So many own calls speak for themselves. */
export const enoughCalls = 20;

/**
 * What the recorded requests of a role would have come to with `order`, the models in the order in which they are asked.
 *
 * Each model is asked for what those before it failed to answer, by their measured success. A call costs what this role's
 * own calls of the model cost when there are at least {@link enoughCalls}, else this role's mean tokens at the list price; it
 * takes the mean time of this role's calls, else of the team's. Undefined when there are no requests to look at.
 */
export function previewChange(history: History, order: readonly string[], priceOf: PriceOf): ChangePreview | undefined {
  const { total } = history;
  const requests = total.calls - total.retries - total.hedges;
  if (requests <= 0 || total.succeeded <= 0 || order.length === 0) return undefined;
  const successes = Math.max(
    1,
    history.ofRole.reduce((sum, { succeeded }) => sum + succeeded, 0),
  );
  const models: ModelPreview[] = [];
  const unmeasured: string[] = [];
  let left = 1;
  let costUsd: number | null = 0;
  let totalMs: number | null = 0;
  let answered = 0;
  for (const modelId of [...new Set(order)]) {
    const own = history.ofRole.find((each) => each.modelId === modelId);
    const anyones = history.ofTeam.find((each) => each.modelId === modelId);
    const measured = [own, anyones].find((each) => each && each.calls - each.cancelled >= enoughCalls);
    const successRate = measured?.successRate ?? null;
    if (successRate === null && left > 0) unmeasured.push(modelId);
    const [cost, costBasis] = costOf(modelId, own, total, priceOf);
    const [meanMs, meanBasis] = timeOf(own, anyones);
    const asked = left;
    const share = asked * (successRate ?? 1);
    // A model that is never reached need not be known.
    if (asked > 0) {
      costUsd = costUsd === null || cost === null ? null : costUsd + asked * requests * cost;
      totalMs = totalMs === null || meanMs === null ? null : totalMs + asked * meanMs;
    }
    answered += share;
    left = Math.max(0, left - share);
    if (left < 1e-6) left = 0;
    models.push({
      modelId,
      share,
      recordedShare: (own?.succeeded ?? 0) / successes,
      costUsd: cost,
      costBasis,
      meanMs,
      meanBasis,
      successRate,
    });
  }
  const gone = history.ofRole.filter(({ modelId, succeeded }) => succeeded > 0 && !order.includes(modelId));
  for (const own of gone) {
    const [cost, costBasis] = costOf(own.modelId, own, total, priceOf);
    const recordedShare = own.succeeded / successes;
    const { modelId, latencyMeanMs: meanMs, successRate } = own;
    models.push({ modelId, share: 0, recordedShare, costUsd: cost, costBasis, meanMs, meanBasis: 'role', successRate });
  }
  return {
    requests,
    recorded: { costUsd: total.costUsd, unknownCostCalls: total.unknownCostCalls, meanMs: total.latencyMeanMs },
    estimated: { costUsd, meanMs: totalMs, answered },
    models,
    unmeasured,
  };
}

function costOf(
  modelId: string,
  own: ModelFigures | undefined,
  total: History['total'],
  priceOf: PriceOf,
): readonly [number | null, Basis] {
  const known = own ? own.calls - own.unknownCostCalls : 0;
  if (own && known >= enoughCalls) return [own.costUsd / known, 'role'];
  const price = priceOf(modelId);
  if (!price || total.calls <= 0) return own && known > 0 ? [own.costUsd / known, 'role'] : [null, 'none'];
  // Failed calls write little, so the tokens are spread over those that succeeded.
  const perCall = { input: total.inputTokens / total.calls, output: total.outputTokens / Math.max(1, total.succeeded) };
  return [(perCall.input * price.inputUsd + perCall.output * price.outputUsd) / 1_000_000, 'price'];
}

function timeOf(own: ModelFigures | undefined, anyones: ModelFigures | undefined): readonly [number | null, Basis] {
  if (own?.latencyMeanMs != null && own.succeeded >= enoughCalls) return [own.latencyMeanMs, 'role'];
  if (anyones?.latencyMeanMs != null) return [anyones.latencyMeanMs, 'team'];
  return own?.latencyMeanMs != null ? [own.latencyMeanMs, 'role'] : [null, 'none'];
}
