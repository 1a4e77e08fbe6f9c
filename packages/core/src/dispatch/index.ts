export {
  defaultTriggerMinCalls,
  defaultTriggerReturnAfterMs,
  defaultTriggerWindowMs,
  type FailoverTriggers as ChainTriggers,
  type SkipReason,
} from '../failover/index.ts';
export type { AroundCall, CallFacts } from './around-call.ts';
export { circuitKeyOf } from './attempt-gate.ts';
export { askPermit, type CallBreach, type CallPermit, modelOf } from './call-budget.ts';
export type { ApprovalDesk, BreachDecision, CallObserver } from './call-observer.ts';
export type { ChainEvent, ChainFact } from './chain-event.ts';
export type { ChainListener, ChainOutcome, OutputReset } from './chain-outcome.ts';
export {
  type ChainDependencies,
  type ChainPolicy,
  type DeliveryMode,
  defaultChainPolicy,
  defaultFirstTokenPatienceMs,
  defaultIdlePatienceMs,
  defaultThinkingPatienceMs,
} from './chain-policy.ts';
export type { DispatchTarget } from './dispatch-target.ts';
export { type HedgeSettings, hedgeMinSamples } from './hedge-settings.ts';
export type { StepReason } from './next-step.ts';
export { type CallOutcome, type DispatchDependencies, type PartListener, runCall } from './run-call.ts';
export { runChain } from './run-chain.ts';
export { type EmbeddingOutcome, runEmbedding } from './run-embedding.ts';
