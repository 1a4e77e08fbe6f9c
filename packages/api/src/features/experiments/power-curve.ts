import type { PlanQuestion, TestPlan } from '@switchyard/core/experiments';
import { sequentialPower } from '@switchyard/core/stats';

/** Chance to find the smallest effect that matters with so many items, and what they cost. */
export interface PowerPoint {
  readonly items: number;
  readonly power: number;
  readonly costNanoUsd: bigint | undefined;
}

const points = 13;
const fewest = 20;

/** The chance over the number of items, from the first look to beyond what is needed and possible; empty when nothing varies. */
export function powerCurve(question: PlanQuestion, plan: TestPlan): readonly PowerPoint[] {
  if (!(plan.deviation > 0)) return [];
  const needed = typeof plan.neededItems === 'number' ? plan.neededItems : 0;
  const most = Math.max(
    fewest * 3,
    Math.ceil(1.5 * needed),
    Math.min(plan.possibleItems, 4 * Math.max(needed, fewest)),
  );
  const comparisons = Math.max(1, question.variants - 1);
  const design = { deviation: plan.deviation, confidence: 1 - question.alpha / 2 / comparisons, sides: 1 as const };
  const perItem =
    plan.plannedItems > 0 && plan.costNanoUsd !== undefined ? Number(plan.costNanoUsd) / plan.plannedItems : undefined;
  return Array.from({ length: points }, (_, index) => {
    const items = Math.round(fewest + ((most - fewest) * index) / (points - 1));
    return {
      items,
      power: sequentialPower(design, question.smallestEffect, items).power,
      costNanoUsd: perItem === undefined ? undefined : BigInt(Math.round(perItem * items)),
    };
  });
}
