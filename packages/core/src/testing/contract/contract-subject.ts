import type { FaultInput, Simulator } from '@switchyard/simulator';
import type { ProviderType } from '../../catalog/index.ts';
import type { ModelAdapter } from '../../spec/index.ts';

/** The implementation under test. */
export interface ContractSetup {
  /** Whose wire format the simulator must speak. */
  readonly vendor: ProviderType;
  /** A chat model of the simulator that takes tools. */
  readonly model: string;
  /** One that reasons, if the vendor has one. */
  readonly reasoningModel?: string;
  /** One that makes vectors, if the vendor has one. */
  readonly embeddingModel?: string;
  createAdapter(connection: { baseUrl: string; apiKey: string }): ModelAdapter;
  /** Ask for every answer in one piece (`ModelCall.isWhole`): the same contract, but nothing arrives before the end. */
  readonly isWhole?: true;
  /** How many positions the streams are cut at (spread evenly), and how many fuzzed byte strings are tried. */
  readonly cuts?: number;
}

/** What the tests of one suite share: a simulator, and the adapter pointed at it. */
export interface ContractSubject extends ContractSetup {
  simulator(): Simulator;
  adapter(): ModelAdapter;
  /** The adapter that always streams, to compare with. */
  streamingAdapter(): ModelAdapter;
  /** A fault of this vendor's models, in force until the next test. */
  inject(fault: FaultInput): void;
}

/** Searched for in everything a failed call says. Contains no run of characters that ordinary texts contain. */
export const canaryKey = 'sk-canary-Zq7XwVu3Tt9Rr5Pp1Nn';
