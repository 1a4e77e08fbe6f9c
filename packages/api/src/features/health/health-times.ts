import { defaultHealthSettings, type HealthSettings } from '@switchyard/core/health';

/** How often health is looked at; all in milliseconds. */
export interface HealthTimes {
  /** Between two checks of a provider that is well, more or less by a tenth. */
  readonly checkEveryMs: number;
  /** A failed check of a provider that was well is repeated after so long before it is believed. */
  readonly confirmAfterMs: number;
  /** Between two checks of a provider in trouble, … */
  readonly troubledEveryMs: number;
  /** … and once the trouble has lasted. */
  readonly lastingEveryMs: number;
  readonly lastingAfterMs: number;
  /** Between two writes of what was counted. */
  readonly flushEveryMs: number;
}

export const defaultHealthTimes: HealthTimes = {
  checkEveryMs: 300_000,
  confirmAfterMs: 2_000,
  troubledEveryMs: 10_000,
  lastingEveryMs: 60_000,
  lastingAfterMs: 600_000,
  flushEveryMs: 10_000,
};

/** Between the checks of a provider that is well nothing may be forgotten. */
export function settingsFor({ checkEveryMs }: HealthTimes): HealthSettings {
  const staleAfterMs = Math.max(defaultHealthSettings.staleAfterMs, 3 * checkEveryMs);
  return { ...defaultHealthSettings, staleAfterMs };
}
