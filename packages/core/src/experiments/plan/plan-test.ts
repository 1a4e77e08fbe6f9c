import type { NanoUsd } from '../../kernel/index.ts';
import {
  type CannotTell,
  isCannotTell,
  pairedDifferenceDeviation,
  repeatedDifferenceDeviation,
  sequentialDetectableEffect,
  sequentialPower,
  sequentialSampleSize,
} from '../../stats/index.ts';

/** What the planner knows: from history where there is some, else from somebody's guess. */
export interface PlanQuestion {
  /** In the unit of the primary metric; with a margin the distance to it. */
  readonly smallestEffect: number;
  readonly alpha: number;
  /** Chance to find it, 0.8 unless given. */
  readonly power?: number;
  readonly baselineDeviation: number;
  readonly variantDeviation: number;
  /** Of the two variants over items, −1 to 1. */
  readonly correlation: number;
  /** Deviation of a difference when the same item is answered again; 0 when unknown. */
  readonly withinItemDeviation?: number;
  readonly repeats: number;
  /** Variants with the baseline. */
  readonly variants: number;
  readonly availableItems: number;
  /** Of one answer of each variant, judges included; undefined when a price is unknown. */
  readonly costPerAnswerNanoUsd: readonly (NanoUsd | undefined)[];
  readonly capNanoUsd: NanoUsd;
  /** Of one answer, judges included. */
  readonly latencyMs: number;
  readonly concurrency: number;
  /** Longer the test may not take; any time unless given. */
  readonly mostDurationMs?: number;
}

/** What a number of items takes and finds. */
export interface PlanOutlook {
  readonly items: number;
  readonly calls: number;
  /** Undefined when a price is unknown. */
  readonly costNanoUsd: NanoUsd | undefined;
  readonly durationMs: number;
  /** Chance to find the smallest effect. */
  readonly power: number;
  /** Smallest effect that they find with the power asked for; undefined below 20 items and without any variance. */
  readonly detectableEffect: number | undefined;
}

export interface TestPlan {
  /** Deviation of an item's difference. */
  readonly deviation: number;
  /** Items for the power asked for; "cannot tell" when no number would do. */
  readonly neededItems: number | CannotTell;
  /** Items that dataset, money and time allow. */
  readonly possibleItems: number;
  /** With all of them: the other way round, from money and time to the effect. */
  readonly withAllItems: PlanOutlook;
  /** What the test will use: the smaller of the two. */
  readonly plannedItems: number;
  /** Mean of the items at the end, if the effect is real: watched tests stop early. */
  readonly expectedItems: number;
  readonly calls: number;
  /** Undefined when a price is unknown. */
  readonly costNanoUsd: NanoUsd | undefined;
  readonly durationMs: number;
  /** With the planned items. */
  readonly power: number;
  /** Smallest effect that the planned items find with the power asked for. */
  readonly detectableEffect: number | undefined;
  /** False: this test would most likely end with "cannot tell". */
  readonly canConclude: boolean;
  /** What stands in the way, and what would help, in sentences. Empty when it can conclude. */
  readonly remedies: readonly string[];
}

/** Effect ↔ items ↔ calls ↔ money ↔ time of a paired test that is watched, before it starts. */
export function planTest(question: PlanQuestion): TestPlan {
  const power = question.power ?? 0.8;
  const { repeats, variants, availableItems, capNanoUsd } = question;
  const between = pairedDifferenceDeviation(question);
  const withinItemDeviation = question.withinItemDeviation ?? 0;
  const deviation = repeatedDifferenceDeviation({ betweenItemDeviation: between, withinItemDeviation, repeats });
  const comparisons = Math.max(1, variants - 1);
  const design = { deviation, confidence: 1 - question.alpha / 2 / comparisons, sides: 1 as const };
  const costs = question.costPerAnswerNanoUsd;
  const isPriced = costs.every((cost) => cost !== undefined);
  const costOfItem = costs.reduce<NanoUsd>((sum, cost) => sum + (cost ?? 0n), 0n) * BigInt(repeats);
  const affordable = costOfItem > 0n ? Number(capNanoUsd / costOfItem) : availableItems;
  const perItemMs = (variants * repeats * Math.max(1, question.latencyMs)) / Math.max(1, question.concurrency);
  const timely = Math.floor((question.mostDurationMs ?? Number.POSITIVE_INFINITY) / perItemMs);
  const possibleItems = Math.min(availableItems, affordable, timely);
  const hasVariance = deviation > 0;
  const neededItems = hasVariance ? sequentialSampleSize(design, question.smallestEffect, power) : fewest;
  const wanted = isCannotTell(asResult(neededItems)) ? possibleItems : Math.max(fewest, neededItems as number);
  const plannedItems = Math.min(possibleItems, wanted);
  const powerOf = (items: number) =>
    hasVariance && items >= fewest
      ? sequentialPower(design, question.smallestEffect, items)
      : { power: hasVariance || items < fewest ? 0 : 1, expectedShare: 1 };
  const effectOf = (items: number) =>
    hasVariance && items >= fewest ? sequentialDetectableEffect(design, items, power) : undefined;
  const lookAt = (items: number): PlanOutlook => {
    const calls = items * variants * repeats;
    return {
      items,
      calls,
      costNanoUsd: isPriced ? costOfItem * BigInt(items) : undefined,
      durationMs: Math.ceil(calls / Math.max(1, question.concurrency)) * question.latencyMs,
      power: powerOf(items).power,
      detectableEffect: effectOf(items),
    };
  };
  const outlook = powerOf(plannedItems);
  const planned = lookAt(plannedItems);
  const { calls, costNanoUsd, durationMs, detectableEffect } = planned;
  const canConclude = outlook.power >= power - 0.005;
  const parts = { needed: neededItems, possibleItems, affordable, timely, costOfItem, isPriced, detectableEffect };
  return {
    deviation,
    neededItems,
    possibleItems,
    withAllItems: possibleItems === plannedItems ? planned : lookAt(possibleItems),
    plannedItems,
    expectedItems: Math.ceil(plannedItems * outlook.expectedShare),
    calls,
    costNanoUsd,
    durationMs,
    power: outlook.power,
    detectableEffect,
    canConclude,
    remedies: canConclude ? [] : remediesFor(question, parts, power),
  };
}

/** The first look. */
const fewest = 20;

const asResult = (value: number | CannotTell): CannotTell | { readonly kind: 'number' } =>
  typeof value === 'number' ? { kind: 'number' } : value;

function remediesFor(
  question: PlanQuestion,
  parts: {
    readonly needed: number | CannotTell;
    readonly possibleItems: number;
    readonly affordable: number;
    readonly timely: number;
    readonly costOfItem: NanoUsd;
    readonly isPriced: boolean;
    readonly detectableEffect: number | undefined;
  },
  power: number,
): readonly string[] {
  const { needed, affordable, costOfItem, detectableEffect } = parts;
  const chance = Math.round(power * 100);
  if (typeof needed !== 'number') return [needed.message];
  const items = Math.max(fewest, needed);
  const sentences: string[] = [];
  if (question.availableItems < items) {
    sentences.push(
      `The dataset has ${question.availableItems} items; it takes ${items} to find this effect with a chance of ${chance} %.`,
    );
  }
  if (affordable < items && costOfItem > 0n) {
    const usd = Math.ceil((Number(costOfItem) / 1e9) * items * 100) / 100;
    sentences.push(`The cap pays for ${affordable} items; ${items} items cost about $${usd}.`);
  }
  if (parts.timely < items) {
    sentences.push(`The time is enough for ${parts.timely} items of ${items}; more concurrency or more time would do.`);
  }
  if (detectableEffect !== undefined) {
    const found = Number(detectableEffect.toPrecision(3));
    sentences.push(
      `With ${Math.min(parts.possibleItems, items)} items it finds effects from ${found} on, instead of ${question.smallestEffect}.`,
    );
  }
  if ((question.withinItemDeviation ?? 0) > 0) {
    sentences.push('More repeats per item make the answers to one item less noisy.');
  }
  if (question.variants > 2) sentences.push('Fewer variants need fewer items each.');
  return sentences;
}
