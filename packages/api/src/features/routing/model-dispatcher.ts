import {
  type ChainDependencies,
  type ChainListener,
  type ChainOutcome,
  type ChainPolicy,
  runChain,
} from '@switchyard/core/dispatch';
import type { CallPurpose, CallRecord } from '@switchyard/core/metrics';
import type { ModelCall } from '@switchyard/core/spec';
import type { ModelResolution } from '../providers/model-resolution.ts';

/** The one way from a model name to an answer, for lanes, completions and the OpenAI-compatible entrance alike. */
export class ModelDispatcher {
  /** Circuits, budgets and limits in it are those of the process. */
  readonly chain: ChainDependencies;

  constructor(chain: ChainDependencies) {
    this.chain = chain;
  }

  /** The policy that holds for `resolution`: its own over the process's. */
  policyOf(resolution: ModelResolution): ChainPolicy {
    return { ...this.chain.policy, ...resolution.policy };
  }

  /** See `runChain`. `overrides` is what the entrance must have its own way. Never throws for what vendors do. */
  run(
    resolution: ModelResolution,
    call: ModelCall,
    purpose: CallPurpose,
    listener: ChainListener,
    signal: AbortSignal | undefined,
    overrides: Partial<ChainPolicy> = {},
  ): Promise<ChainOutcome> {
    const policy = { ...this.policyOf(resolution), ...overrides };
    return runChain(resolution.targets, call, purpose, { ...this.chain, policy }, listener, signal);
  }
}

/** What all calls together cost; unknown when the cost of one is. */
export function sumCosts(
  records: readonly CallRecord[],
): { readonly costNanoUsd: bigint } | { readonly costUnknownReason: string } {
  let costNanoUsd = 0n;
  for (const record of records) {
    if (record.costNanoUsd === undefined)
      return { costUnknownReason: record.costUnknownReason ?? 'The cost of one call is unknown.' };
    costNanoUsd += record.costNanoUsd;
  }
  return { costNanoUsd };
}
