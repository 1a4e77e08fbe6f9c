import type { SettingsStore } from './control/settings.ts';
import type { FaultRegistry } from './faults/fault-registry.ts';
import type { FixedAnswers } from './fixed-answers.ts';
import type { PromptCache } from './generation/prompt-cache.ts';

/** What all requests of one simulator share. */
export interface SimulatorState {
  readonly settings: SettingsStore;
  readonly faults: FaultRegistry;
  readonly cache: PromptCache;
  readonly fixedAnswers: FixedAnswers;
}
