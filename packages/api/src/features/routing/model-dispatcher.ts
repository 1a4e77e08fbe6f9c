import {
  type ChainDependencies,
  type ChainEvent,
  type ChainListener,
  type ChainOutcome,
  type ChainPolicy,
  runChain,
} from '@switchyard/core/dispatch';
import type { CallPurpose, CallRecord } from '@switchyard/core/metrics';
import type { ModelCall } from '@switchyard/core/spec';
import { type EndedChain, tellsFailover } from '../failover/failover-journal.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';

/**
 * Up to so many tokens an answer that nobody reads while it is written is asked for in one piece, which halves the work.
 * A longer one is streamed all the same, because only a stream shows in time that a vendor has fallen silent.
 */
const mostTokensInOnePiece = 1_024;

/** A chain tells far less; one that goes mad must not fill the memory. */
const mostEvents = 200;

/** Looks on while a chain is asked: must call `go` once, with a listener that tells the given one everything. */
export type ChainWatch = (
  resolution: ModelResolution,
  purpose: CallPurpose,
  listener: ChainListener,
  go: (listener: ChainListener) => Promise<ChainOutcome>,
) => Promise<ChainOutcome>;

/** The one way from a model name to an answer, for lanes, completions and the OpenAI-compatible entrance alike. */
export class ModelDispatcher {
  /** Circuits, budgets and limits in it are those of the process. */
  readonly chain: ChainDependencies;
  readonly #journal: { note(ended: EndedChain): void } | undefined;
  readonly #watch: ChainWatch | undefined;

  /** `journal` is told of every chain in which something failed. */
  constructor(chain: ChainDependencies, journal?: { note(ended: EndedChain): void }, watch?: ChainWatch) {
    this.chain = chain;
    this.#watch = watch;
    this.#journal = journal;
  }

  /** The policy that holds for `resolution`: its own over the process's. */
  policyOf(resolution: ModelResolution): ChainPolicy {
    return { ...this.chain.policy, ...resolution.policy };
  }

  /**
   * See `runChain`; for an answer that is read only when it is complete. With somebody to fail over to it is streamed
   * nevertheless, so that silence is noticed. Never throws for what vendors do.
   */
  runWhole(
    resolution: ModelResolution,
    call: ModelCall,
    purpose: CallPurpose,
    listener: ChainListener,
    signal: AbortSignal | undefined,
  ): Promise<ChainOutcome> {
    const isShort = (call.maxOutputTokens ?? Number.POSITIVE_INFINITY) <= mostTokensInOnePiece;
    const asked: ModelCall = isShort && resolution.targets.length === 1 ? { ...call, isWhole: true } : call;
    return this.run(resolution, asked, purpose, listener, signal);
  }

  /** See `runChain`. `overrides` is what the entrance must have its own way. Never throws for what vendors do. */
  run(
    resolution: ModelResolution,
    call: ModelCall,
    purpose: CallPurpose,
    listener: ChainListener,
    signal: AbortSignal | undefined,
    overrides?: Partial<ChainPolicy>,
    isRehearsal?: boolean,
  ): Promise<ChainOutcome> {
    const go = (told: ChainListener) => this.#run(resolution, call, purpose, told, signal, overrides, isRehearsal);
    return this.#watch ? this.#watch(resolution, purpose, listener, go) : go(listener);
  }

  async #run(
    resolution: ModelResolution,
    call: ModelCall,
    purpose: CallPurpose,
    listener: ChainListener,
    signal: AbortSignal | undefined,
    overrides: Partial<ChainPolicy> = {},
    isRehearsal = false,
  ): Promise<ChainOutcome> {
    const policy = { ...this.policyOf(resolution), ...overrides };
    const dependencies = { ...this.chain, policy };
    const journal = this.#journal;
    if (!journal) return runChain(resolution.targets, call, purpose, dependencies, listener, signal);
    const events: ChainEvent[] = [];
    const onEvent = (event: ChainEvent) => {
      if (tellsFailover(event) && events.length < mostEvents) events.push(event);
      listener.onEvent?.(event);
    };
    const outcome = await runChain(resolution.targets, call, purpose, dependencies, { ...listener, onEvent }, signal);
    if (events.length > 1 || outcome.error)
      journal.note({ purpose, wanted: resolution.targets[0], outcome, events, isRehearsal });
    return outcome;
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
