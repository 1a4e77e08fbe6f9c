export type RunState = 'waiting' | 'running' | 'done' | 'failed' | 'skipped' | 'asking';

/** What a card shows beyond its definition. */
export interface StepMark {
  readonly run?: RunState | undefined;
  readonly isPinned?: boolean;
  readonly heat?: { readonly share: number; readonly words: string } | undefined;
}

export type StepMarks = ReadonlyMap<string, StepMark>;
