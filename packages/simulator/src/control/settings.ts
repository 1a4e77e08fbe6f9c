import { z } from 'zod';
import type { ModelProfile } from '../models/model-profile.ts';
import { SIMULATED_VENDORS } from '../vendors.ts';
import { parseControlInput } from './control-error.ts';

/** 1 = real time, 10 = ten times as fast; `Infinity` (in JSON the string "Infinity") = no delays at all. */
const speed = z.union([
  z.number().positive(),
  z.literal(Number.POSITIVE_INFINITY),
  z.literal('Infinity').transform(() => Number.POSITIVE_INFINITY),
]);

const overrideSchema = z.strictObject({
  vendor: z.enum(SIMULATED_VENDORS).optional(),
  model: z.string().min(1).optional(),
  ttftMs: z.number().min(0).optional(),
  tokensPerSecond: z.number().positive().optional(),
});

export const settingsSchema = z.strictObject({
  speed: speed.optional(),
  seed: z.int().optional(),
  requireKeys: z.boolean().optional(),
  /** When set, every chat answer is this text, encoded once: the upstream of benchmarks. */
  fixedAnswer: z.string().nullable().optional(),
  /** Time to first token and rate by vendor or model; the last that fits wins. */
  overrides: z.array(overrideSchema).optional(),
});

export type SettingsPatch = z.input<typeof settingsSchema>;
export type TimingOverride = z.output<typeof overrideSchema>;

export interface Settings {
  speed: number;
  seed: number;
  requireKeys: boolean;
  fixedAnswer: string | null;
  overrides: TimingOverride[];
}

export interface SettingsStore {
  readonly current: Readonly<Settings>;
  /** Changes with every update: what was precomputed from settings is stale when it differs. */
  readonly version: number;
  /** Throws `ControlError` 400 naming the field. */
  update(patch: SettingsPatch): Settings;
  reset(): void;
  overrideFor(model: ModelProfile): { ttftMs?: number | undefined; tokensPerSecond?: number | undefined };
}

export function createSettingsStore(initial: Settings): SettingsStore {
  let current: Settings = { ...initial };
  let version = 0;
  return {
    get current() {
      return current;
    },
    get version() {
      return version;
    },
    update(patch) {
      const parsed = parseControlInput(settingsSchema, patch);
      const given = Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== undefined));
      current = { ...current, ...given };
      version++;
      return { ...current };
    },
    reset() {
      current = { ...initial };
      version++;
    },
    overrideFor(model) {
      let found = {};
      for (const override of current.overrides) {
        if (override.vendor !== undefined && override.vendor !== model.vendor) continue;
        if (override.model !== undefined && override.model !== model.id && override.model !== model.servedId) continue;
        found = { ...found, ...override };
      }
      return found;
    },
  };
}

/** Settings as JSON can carry them: an infinite speed becomes the string "Infinity". */
export function settingsToJson(settings: Readonly<Settings>): Record<string, unknown> {
  return { ...settings, speed: Number.isFinite(settings.speed) ? settings.speed : 'Infinity' };
}
