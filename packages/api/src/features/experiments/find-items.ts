import { type AnsweredItem, type ExperimentDefinition, goalsOf, pairOfItem } from '@switchyard/core/experiments';

/** Which items of a test somebody wants to see. */
export type ItemsShown = 'all' | 'disagreements' | 'losses' | 'failures' | 'contaminated';

/**
 * Keys of the items that are done and of the kind asked for. Disagreements: the variant (or any) and the baseline differ in the primary
 * metric, the greatest difference first. Losses: those where the variant (or any) does worse, the worst first.
 */
export function findItems(
  definition: ExperimentDefinition,
  items: readonly AnsweredItem[],
  wanted: { readonly shown: ItemsShown; readonly variant?: string | undefined },
): readonly string[] {
  const { shown, variant } = wanted;
  const isOf = (key: string) => variant === undefined || key === variant || key === definition.baseline;
  switch (shown) {
    case 'all':
      return items.map(({ itemId }) => itemId);
    case 'failures':
      return items
        .filter(({ answers }) => answers.some((each) => each.failure !== undefined && isOf(each.variant)))
        .map(({ itemId }) => itemId);
    case 'contaminated':
      return items
        .filter(({ answers }) => answers.some((each) => each.contamination !== undefined && isOf(each.variant)))
        .map(({ itemId }) => itemId);
    default:
      return rankByDifference(definition, items, wanted);
  }
}

function rankByDifference(
  definition: ExperimentDefinition,
  items: readonly AnsweredItem[],
  { shown, variant }: { readonly shown: ItemsShown; readonly variant?: string | undefined },
): readonly string[] {
  const [primary] = goalsOf(definition);
  if (!primary) return [];
  const sign = primary.better === 'lower' ? -1 : 1;
  const keys = definition.variants
    .map(({ key }) => key)
    .filter((key) => key !== definition.baseline && (variant === undefined || key === variant));
  const ranked = items.flatMap((item) => {
    const benefits = keys.flatMap((key) => {
      const pair = pairOfItem(primary.metric, item, key, definition);
      return 'missing' in pair ? [] : [sign * (pair.variant - pair.baseline)];
    });
    const worst = Math.min(0, ...benefits);
    const size = shown === 'losses' ? -worst : Math.max(0, ...benefits.map(Math.abs));
    return size > 0 ? [{ itemId: item.itemId, size }] : [];
  });
  return ranked.sort((a, b) => b.size - a.size).map(({ itemId }) => itemId);
}
