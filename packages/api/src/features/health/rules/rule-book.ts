import {
  type AlertRule,
  type AlertRuleKind,
  alertRuleKinds,
  chooseRule,
  defaultObjective,
  standardRule,
} from '@switchyard/core/health';
import type { PrismaClient, AlertRule as RuleRow } from '../../../generated/prisma/client.ts';
import type { ProviderRegistry } from '../../providers/provider-registry.ts';

/** A rule as it holds for a team. */
export interface TeamRule extends AlertRule {
  /** `standard:<kind>` for one that the team never changed. */
  readonly id: string;
  readonly name: string;
  readonly isStandard: boolean;
  /** Undefined: nobody ever changed it. */
  readonly row: RuleRow | undefined;
}

export const standardNames: Readonly<Record<AlertRuleKind, string>> = {
  down: 'Provider down',
  degraded: 'Provider degraded',
  latency: 'Provider slow',
  'error-rate': 'Calls fail too often',
  recovery: 'Provider well again',
  'burn-rate': 'Objective burns too fast',
  'latency-target': 'Latency target missed',
};

export function toRule(row: RuleRow): TeamRule {
  return {
    id: row.id,
    name: row.name,
    isStandard: row.standardKey !== null,
    row,
    kind: row.kind as AlertRuleKind,
    isEnabled: row.isEnabled,
    subjectId: row.subjectId ?? undefined,
    threshold: row.threshold ?? undefined,
    windowMs: row.windowMs ?? undefined,
    shortWindowMs: row.shortWindowMs ?? undefined,
    minCalls: row.minCalls ?? undefined,
    objective: row.objective ?? undefined,
    renotifyAfterMs: row.renotifyAfterMs,
    mutedUntilMs: row.mutedUntil?.getTime(),
  };
}

/** The rules of a team as `rows` say, with the standard ones that it never changed: standard ones first, in one order. */
export function completeRules(rows: readonly RuleRow[]): readonly TeamRule[] {
  const known = new Map(rows.flatMap((row) => (row.standardKey === null ? [] : [[row.standardKey, row] as const])));
  const standard = alertRuleKinds.map((kind): TeamRule => {
    const row = known.get(kind);
    if (row) return toRule(row);
    return {
      ...standardRule(kind),
      ...{ id: `standard:${kind}`, name: standardNames[kind], isStandard: true, row: undefined },
    };
  });
  return [...standard, ...rows.filter(({ standardKey }) => standardKey === null).map(toRule)];
}

const standardRules = completeRules([]);

/** The alert rules of all teams, in memory: what incidents and calls ask. */
export class RuleBook {
  readonly #prisma: PrismaClient;
  readonly #providers: ProviderRegistry;
  #byTeam: ReadonlyMap<string, readonly TeamRule[]> = new Map();
  #mark = '';

  constructor(prisma: PrismaClient, providers: ProviderRegistry) {
    this.#prisma = prisma;
    this.#providers = providers;
  }

  /** Reads them anew when somebody changed one. */
  async refresh(): Promise<void> {
    const [state] = await this.#prisma.$queryRaw<{ mark: string }[]>`
      SELECT concat_ws(' ', count(*), sum(version), max("updatedAt")) AS mark FROM alert_rule`;
    if (state?.mark === this.#mark) return;
    const rows = await this.#prisma.alertRule.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
    this.#byTeam = new Map(
      [...Map.groupBy(rows, ({ teamId }) => teamId)].map(([teamId, own]) => [teamId, completeRules(own)]),
    );
    this.#mark = state?.mark ?? '';
  }

  of(teamId: string): readonly TeamRule[] {
    return this.#byTeam.get(teamId) ?? standardRules;
  }

  choose(teamId: string, kind: AlertRuleKind, subjectId: string): TeamRule | undefined {
    return chooseRule(this.of(teamId), kind, subjectId);
  }

  /** What a rule measures success by: its own objective, that of the file, or 99 %. */
  objectiveOf({ objective }: Pick<AlertRule, 'objective'>): number {
    return objective ?? this.#providers.snapshot.configuration.health.successObjective ?? defaultObjective;
  }
}
