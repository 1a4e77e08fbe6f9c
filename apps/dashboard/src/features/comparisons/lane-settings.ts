import type { ComparisonLaneInput } from '../../gql/comparisons.ts';

/** What one model may use for its answer, and who stands in for it. */
export interface LaneSettings {
  /** US dollars as typed: a decimal text. */
  costLimitUsd: string | null;
  tokenLimit: number | null;
  latencyTargetMs: number | null;
  dropIfOverBudget: boolean;
  /** Model ids and names, in order. */
  fallbacks: string[];
}

export const noLaneSettings: LaneSettings = {
  costLimitUsd: null,
  tokenLimit: null,
  latencyTargetMs: null,
  dropIfOverBudget: true,
  fallbacks: [],
};

export function isSet({ costLimitUsd, tokenLimit, latencyTargetMs, fallbacks }: LaneSettings): boolean {
  return costLimitUsd !== null || tokenLimit !== null || latencyTargetMs !== null || fallbacks.length > 0;
}

/** How many of the settings are set, for a badge. */
export function countSettings({ costLimitUsd, tokenLimit, latencyTargetMs, fallbacks }: LaneSettings): number {
  return [costLimitUsd, tokenLimit, latencyTargetMs].filter((value) => value !== null).length + fallbacks.length;
}

/** Why the cost limit cannot be used, as a sentence. */
export function costLimitProblem(text: string | null): string | undefined {
  if (text === null || text === '') return undefined;
  if (!/^\d+(\.\d{1,9})?$/.test(text)) return 'Give US dollars as a decimal, for example 0.10';
  return Number(text) === 0 ? 'A limit of 0 would refuse every call' : undefined;
}

/** The settings of one lane in a few words: `≤ $0.10 · ≤ 2,000 tokens · then claude-haiku-4-5`. */
export function settingsWords(settings: LaneSettings, nameOf: (modelId: string) => string): string {
  const { costLimitUsd, tokenLimit, latencyTargetMs, fallbacks } = settings;
  const parts = [
    costLimitUsd === null ? undefined : `≤ $${costLimitUsd}`,
    tokenLimit === null ? undefined : `≤ ${tokenLimit.toLocaleString('en')} tokens`,
    latencyTargetMs === null ? undefined : `target ${latencyTargetMs.toLocaleString('en')} ms`,
    fallbacks.length === 0 ? undefined : `then ${fallbacks.map(nameOf).join(', ')}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** One lane of the mutation's input. */
export function toLaneInput(model: string, settings: LaneSettings | undefined): ComparisonLaneInput {
  if (!settings || !isSet(settings)) return { model };
  const { costLimitUsd, tokenLimit, latencyTargetMs, dropIfOverBudget, fallbacks } = settings;
  const isLimited = costLimitUsd !== null || tokenLimit !== null || latencyTargetMs !== null;
  return {
    model,
    ...(isLimited && {
      limits: {
        ...(costLimitUsd !== null && { costLimitUsd }),
        ...(tokenLimit !== null && { tokenLimit }),
        ...(latencyTargetMs !== null && { latencyTargetMs }),
        dropIfOverBudget,
      },
    }),
    ...(fallbacks.length > 0 && { fallbacks }),
  };
}

interface PastLane {
  limits: {
    costLimitUsd: string | null;
    tokenLimit: number | null;
    latencyTargetMs: number | null;
    dropIfOverBudget: boolean;
  } | null;
  fallbacks: string[];
}

/** The settings a lane was run with; undefined when it had none. */
export function settingsOfLane({ limits, fallbacks }: PastLane): LaneSettings | undefined {
  const settings = { ...noLaneSettings, ...(limits && pickLimits(limits)), fallbacks: [...fallbacks] };
  return isSet(settings) ? settings : undefined;
}

function pickLimits({ costLimitUsd, tokenLimit, latencyTargetMs, dropIfOverBudget }: NonNullable<PastLane['limits']>) {
  return { costLimitUsd, tokenLimit, latencyTargetMs, dropIfOverBudget };
}
