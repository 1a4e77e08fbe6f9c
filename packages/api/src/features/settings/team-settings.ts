import type { PrismaClient, TeamSettings as SettingsRow } from '../../generated/prisma/client.ts';

/** How much of prompts and answers is kept. */
export const contentCaptures = ['FULL', 'METADATA', 'NONE'] as const;
export type ContentCapture = (typeof contentCaptures)[number];

export const teamFeatures = ['workflow.multiModel', 'models.adaptiveRouting'] as const;
export type TeamFeature = (typeof teamFeatures)[number];

/** What a team decided for itself; undefined: as the installation does. */
export interface TeamSettings {
  readonly teamId: string;
  readonly timeZone: string | undefined;
  /** Amounts are shown in it beside USD, at the rate that the team gave. */
  readonly currency:
    | { readonly code: string; readonly perUsd: string; readonly rateDate: string | undefined }
    | undefined;
  readonly contentCapture: ContentCapture;
  /** What began earlier keeps its content. */
  readonly contentCaptureSince: Date | undefined;
  readonly contentDays: number | undefined;
  readonly auditDays: number | undefined;
  readonly features: Readonly<Partial<Record<TeamFeature, boolean>>>;
  readonly unpricedModels: 'ALLOW' | 'REFUSE';
}

/** What holds for a team that decided nothing. */
export function usualSettings(teamId: string): TeamSettings {
  return {
    ...{ teamId, timeZone: undefined, currency: undefined, contentCapture: 'FULL' },
    ...{ contentCaptureSince: undefined, contentDays: undefined },
    ...{ auditDays: undefined, features: {}, unpricedModels: 'ALLOW' },
  };
}

export function toTeamSettings(row: SettingsRow): TeamSettings {
  const flags = row.featureFlags as Readonly<Record<string, unknown>>;
  const features = teamFeatures.filter((name) => typeof flags[name] === 'boolean');
  return {
    teamId: row.teamId,
    timeZone: row.timeZone ?? undefined,
    currency:
      row.currency === null || row.currencyPerUsd === null
        ? undefined
        : { code: row.currency, perUsd: row.currencyPerUsd, rateDate: row.currencyRateDate ?? undefined },
    // A word that a newer program wrote: the careful reading.
    contentCapture: contentCaptures.find((each) => each === row.contentCapture) ?? 'NONE',
    contentCaptureSince: row.contentCaptureSince ?? undefined,
    contentDays: row.contentDays ?? undefined,
    auditDays: row.auditDays ?? undefined,
    features: Object.fromEntries(features.map((name) => [name, flags[name] as boolean])),
    unpricedModels: row.unpricedModels === 'REFUSE' ? 'REFUSE' : 'ALLOW',
  };
}

/**
 * The settings of all teams in memory: calls look here and ask nobody. `reload` at the start, right after a change, and
 * every second for changes made in other processes.
 */
export class TeamSettingsKeeper {
  readonly #prisma: PrismaClient;
  #settings: ReadonlyMap<string, TeamSettings> = new Map();
  #last: Promise<unknown> = Promise.resolve();

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  of(teamId: string): TeamSettings {
    return this.#settings.get(teamId) ?? usualSettings(teamId);
  }

  /** Teams that have an opinion. */
  get all(): readonly TeamSettings[] {
    return [...this.#settings.values()];
  }

  reload(): Promise<void> {
    const result = this.#last.then(async () => {
      const rows = await this.#prisma.teamSettings.findMany();
      this.#settings = new Map(rows.map((row) => [row.teamId, toTeamSettings(row)]));
    });
    this.#last = result.catch(() => {});
    return result;
  }
}
