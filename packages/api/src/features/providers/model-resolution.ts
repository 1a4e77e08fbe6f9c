import type { ChainPolicy, DispatchTarget } from '@switchyard/core/dispatch';
import type { Strategy } from '@switchyard/core/routing';

/** Why a model cannot be called, in words that say what to do. */
export interface TargetRefusal {
  readonly modelId: string;
  readonly reason: string;
}

/** What a model name stands for: candidates in order, ready to be called. */
export interface ModelResolution {
  /** As the client wrote it. */
  readonly requested: string;
  readonly kind: 'model' | 'alias' | 'chain' | 'role' | 'auto';
  /** In which order a chain wants its models asked; absent means as they stand. */
  readonly strategy?: Strategy;
  readonly targets: readonly [DispatchTarget, ...DispatchTarget[]];
  /** Candidates of a chain that cannot be called now, with the reason. */
  readonly refused: readonly TargetRefusal[];
  /** Of the chain, or the defaults of the file. */
  readonly policy: Partial<ChainPolicy>;
}
