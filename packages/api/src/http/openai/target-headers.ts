import type { ChainOutcome, DispatchTarget } from '@switchyard/core/dispatch';
import { formatUsd } from '@switchyard/core/kernel';
import { sumCosts } from '../../features/routing/model-dispatcher.ts';

type Headers = Readonly<Record<string, string>>;

/** Who answers. */
export function targetHeaders(target: DispatchTarget): Headers {
  return {
    'x-switchyard-provider': target.providerId,
    // Local servers may name their models in any script; headers cannot.
    'x-switchyard-model': encodeURI(target.modelId),
    'x-switchyard-origin': target.origin,
  };
}

/** Who answered, after how many calls, and what all of them cost together. */
export function outcomeHeaders(outcome: ChainOutcome): Headers {
  const cost = sumCosts(outcome.records);
  return {
    ...targetHeaders(outcome.target),
    'x-switchyard-attempts': String(outcome.records.length),
    ...('costNanoUsd' in cost && { 'x-switchyard-cost-usd': formatUsd(cost.costNanoUsd) }),
  };
}
