import type { CallPurpose } from '../metrics/index.ts';
import type { ModelCall } from '../spec/index.ts';
import type { DispatchTarget } from './dispatch-target.ts';

/** One attempt that is about to be made. */
export interface CallFacts {
  /** Id of its call record. */
  readonly callId: string;
  /** Within the chain, from 1. */
  readonly attempt: number;
  readonly operation: 'chat' | 'embeddings';
  readonly target: DispatchTarget;
  readonly call: ModelCall;
  readonly purpose: CallPurpose;
  readonly isHedge: boolean;
  /** The text that has come so far. */
  readonly readReceived: () => string;
}

/** Makes an attempt within a context of one's own: must call `make` once and answer what it answers. */
export type AroundCall = <Result>(facts: CallFacts, make: () => Promise<Result>) => Promise<Result>;
