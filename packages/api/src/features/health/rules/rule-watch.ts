import {
  defaultBurnShortWindowMs,
  defaultBurnWindowMs,
  defaultRuleWindowMs,
  durationText,
  isMeasured,
  judgeFailure,
  judgeRule,
  percentText,
  type RuleFigures,
  type RuleVerdict,
} from '@switchyard/core/health';
import type { Clock, Log } from '@switchyard/core/kernel';
import type { MetricFigures, MetricsReader } from '@switchyard/core/metrics';
import type { ProviderErrorKind } from '@switchyard/core/spec';
import type { Prisma, PrismaClient } from '../../../generated/prisma/client.ts';
import { encodeId } from '../../../graphql/global-id.ts';
import type { AlertDraft } from '../../alerts/raise-alert.ts';
import type { ProviderInstance } from '../../providers/provider-instance.ts';
import type { ProviderRegistry } from '../../providers/provider-registry.ts';
import { type RuleBook, type TeamRule, toRule } from './rule-book.ts';

interface RuleWatchParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly providers: ProviderRegistry;
  readonly reader: () => MetricsReader;
  readonly alerts: { raise(draft: AlertDraft): Promise<unknown> };
  readonly book: RuleBook;
  /** Between two looks at one rule, in milliseconds. */
  readonly everyMs?: number;
}

const defaultEveryMs = 15_000;
const perTurn = 20;
const mostProviders = 100;

/** What was firing when a rule was looked at last, by the key of its alert. */
type Firing = Readonly<
  Record<string, { readonly sinceMs: number; readonly title: string; readonly origin: 'live' | 'simulated' }>
>;

/**
 * Looks at the rules that measure something, each once for all processes: who moves the date of a rule on looks at it. What is
 * firing is stored with the rule and told under one key, so that a restart tells nothing twice.
 */
export class RuleWatch {
  readonly #parts: RuleWatchParts;

  constructor(parts: RuleWatchParts) {
    this.#parts = parts;
  }

  /** Looks at the rules that are due. Rejects when the database is away. */
  async tick(): Promise<void> {
    const { prisma, clock, log, book, everyMs = defaultEveryMs } = this.#parts;
    await book.refresh();
    const nowMs = clock.nowMs();
    const [now, next, far] = [BigInt(nowMs), BigInt(nowMs + everyMs), BigInt(nowMs + 10 * everyMs)];
    // A clock that was set back leaves dates far ahead.
    const claimed = await prisma.$queryRaw<{ id: string }[]>`
      UPDATE alert_rule SET "nextAtMs" = ${next} WHERE id IN (
        SELECT id FROM alert_rule WHERE ("nextAtMs" <= ${now} OR "nextAtMs" > ${far})
          AND (kind = 'burn-rate' OR (kind IN ('latency', 'error-rate') AND threshold IS NOT NULL))
        ORDER BY "nextAtMs" LIMIT ${perTurn} FOR UPDATE SKIP LOCKED)
      RETURNING id`;
    for (const { id } of claimed) {
      try {
        await this.#look(id, nowMs);
      } catch (error) {
        log.warn({ ruleId: id, error: String(error) }, 'an alert rule could not be looked at');
      }
    }
  }

  /** Tells that everything a rule told of is over: it was switched off, changed or deleted. */
  async close(teamId: string, rule: TeamRule): Promise<void> {
    const firing = (rule.row?.firing ?? {}) as Firing;
    for (const [key, state] of Object.entries(firing)) await this.#resolve(teamId, rule, key, state, undefined);
  }

  async #look(id: string, nowMs: number): Promise<void> {
    const { prisma, providers } = this.#parts;
    const row = await prisma.alertRule.findUnique({ where: { id } });
    if (!row) return;
    const rule = toRule(row);
    const { teamId } = row;
    const before = row.firing as unknown as Firing;
    const isAwake = rule.isEnabled && (rule.mutedUntilMs ?? 0) <= nowMs && isMeasured(rule);
    if (!isAwake && Object.keys(before).length === 0) return;
    if (!isAwake && rule.isEnabled) return;
    const instances = providers
      .instancesOf(teamId)
      .filter((instance) => instance.adapter && !instance.block)
      .filter(({ id: subjectId }) => rule.subjectId === undefined || rule.subjectId === subjectId)
      .filter(({ id: subjectId }) => rule.subjectId !== undefined || !this.#isSpecial(teamId, rule, subjectId))
      .slice(0, mostProviders);
    const paused = await this.#inMaintenance(teamId, nowMs);
    const figures = isAwake ? await this.#measure(teamId, rule, instances, nowMs) : new Map<string, never>();
    const after: Record<string, Firing[string]> = {};
    for (const instance of instances) {
      const key = `rule:${rule.id}:${instance.id}`;
      const known = before[key];
      if (paused.has(instance.id)) {
        if (known) after[key] = known;
        continue;
      }
      const measured = figures.get(instance.id);
      const verdict = measured?.verdict;
      // Burn rates end with the short window; others when the figure is not above the threshold any more.
      const isEnding = known && rule.kind === 'burn-rate' && (verdict?.measuredShort ?? 0) > (verdict?.threshold ?? 0);
      if (measured && verdict && (verdict.isFiring || isEnding)) {
        const draft = this.#describe(teamId, rule, instance, measured, key, known?.sinceMs ?? nowMs, nowMs);
        after[key] = { sinceMs: known?.sinceMs ?? nowMs, title: draft.title, origin: draft.origin };
        await this.#parts.alerts.raise(draft);
      } else if (known) await this.#resolve(teamId, rule, key, known, verdict);
    }
    for (const [key, known] of Object.entries(before)) {
      const isGone = !instances.some(({ id: subjectId }) => key === `rule:${rule.id}:${subjectId}`);
      if (isGone) await this.#resolve(teamId, rule, key, known, undefined);
    }
    await prisma.alertRule.updateMany({
      where: { id, teamId, version: row.version },
      data: { firing: after as unknown as Prisma.InputJsonObject },
    });
  }

  /** Whether another rule of the same kind holds for this provider alone. */
  #isSpecial(teamId: string, rule: TeamRule, subjectId: string): boolean {
    return this.#parts.book.of(teamId).some((other) => other.kind === rule.kind && other.subjectId === subjectId);
  }

  async #inMaintenance(teamId: string, nowMs: number): Promise<ReadonlySet<string>> {
    const now = new Date(nowMs);
    const rows = await this.#parts.prisma.healthMaintenance.findMany({
      where: { teamId, startsAt: { lte: now }, endsAt: { gt: now } },
      select: { subjectId: true },
    });
    return new Set(rows.map(({ subjectId }) => subjectId));
  }

  async #measure(
    teamId: string,
    rule: TeamRule,
    instances: readonly ProviderInstance[],
    nowMs: number,
  ): Promise<ReadonlyMap<string, Measured>> {
    const windowMs = rule.windowMs ?? (rule.kind === 'burn-rate' ? defaultBurnWindowMs : defaultRuleWindowMs);
    const shortMs = rule.kind === 'burn-rate' ? (rule.shortWindowMs ?? defaultBurnShortWindowMs) : undefined;
    const objective = this.#parts.book.objectiveOf(rule);
    const found = new Map<string, Measured>();
    for (const origin of ['live', 'simulated'] as const) {
      const ofOrigin = instances.filter((instance) => instance.origin === origin);
      if (ofOrigin.length === 0) continue;
      const long = await this.#read(teamId, origin, ofOrigin, nowMs - windowMs, nowMs);
      const short =
        shortMs === undefined ? undefined : await this.#read(teamId, origin, ofOrigin, nowMs - shortMs, nowMs);
      for (const instance of ofOrigin) {
        const figures = long.get(instance.slug) ?? noFigures;
        const verdict = judgeRule({ ...rule, objective }, figures, short?.get(instance.slug) ?? (short && noFigures));
        found.set(instance.id, { verdict, figures, windowMs, shortMs, objective });
      }
    }
    return found;
  }

  async #read(
    teamId: string,
    origin: 'live' | 'simulated',
    instances: readonly ProviderInstance[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<string, RuleFigures>> {
    const report = await this.#parts.reader().read({
      ...{ teamId, origin, fromMs, toMs, by: ['provider'], groups: mostProviders },
      filter: { provider: instances.map(({ slug }) => slug) },
      include: { failures: true, percentiles: ['timeToFirstToken'] },
    });
    return new Map(report.groups.map(({ values, figures }) => [values[0] ?? '', toFigures(figures)]));
  }

  #describe(
    teamId: string,
    rule: TeamRule,
    instance: ProviderInstance,
    { verdict, figures, windowMs, shortMs, objective }: Measured,
    dedupeKey: string,
    sinceMs: number,
    atMs: number,
  ): AlertDraft {
    const calls = figures.successes + figures.failures;
    const name = instance.displayName;
    const window = durationText(windowMs);
    const measured = verdict.measured ?? verdict.measuredShort ?? 0;
    const words = {
      'burn-rate': {
        kind: 'provider.burnRate',
        title: `${name} uses up its failures ${rounded(measured)} times too fast`,
        message: `${figures.failures} of ${calls} calls failed within ${window}; ${percentText(objective)} should succeed. That is ${rounded(measured)} times what the objective allows over ${window}, and ${rounded(verdict.measuredShort ?? 0)} times over ${durationText(shortMs ?? 0)}; the rule tells above ${verdict.threshold}.`,
        value: `${rounded(measured)} times`,
        limit: `${verdict.threshold} times`,
      },
      latency: {
        kind: 'provider.latency',
        title: `${name} is slow`,
        message: `The 95th percentile of the time to the first token is ${Math.round(measured)} ms over ${calls} calls within ${window}; the rule tells above ${Math.round(verdict.threshold)} ms.`,
        value: `${Math.round(measured)} ms`,
        limit: `${Math.round(verdict.threshold)} ms`,
      },
      'error-rate': {
        kind: 'provider.errorRate',
        title: `${name} fails too often`,
        message: `${figures.failures} of ${calls} calls failed within ${window}: ${percentText(measured)}; the rule tells above ${percentText(verdict.threshold)}.`,
        value: percentText(measured),
        limit: percentText(verdict.threshold),
      },
    } as const;
    const said = words[rule.kind as keyof typeof words];
    return {
      teamId,
      kind: said.kind,
      severity: 'warning',
      status: 'firing',
      origin: instance.origin,
      title: said.title,
      message: `${said.message} Look at the page Health for the calls behind it.`,
      link: `/health?provider=${encodeURIComponent(instance.slug)}&rule=${encodeURIComponent(linkIdOf(rule))}`,
      facts: [
        { name: 'rule', label: 'Rule', value: rule.name },
        { name: 'providerId', label: 'Provider', value: instance.slug },
        { name: 'measured', label: 'Measured', value: said.value },
        { name: 'threshold', label: 'Threshold', value: said.limit },
        { name: 'window', label: 'Within', value: window },
        { name: 'calls', label: 'Calls', value: calls },
        { name: 'failedCalls', label: 'Failed', value: figures.failures },
        { name: 'startedAt', label: 'Since', value: new Date(sinceMs).toISOString() },
      ],
      dedupeKey,
      atMs,
      renotifyAfterMs: rule.renotifyAfterMs,
    };
  }

  async #resolve(
    teamId: string,
    rule: TeamRule,
    dedupeKey: string,
    { title, origin, sinceMs }: Firing[string],
    verdict: RuleVerdict | undefined,
  ): Promise<void> {
    const atMs = this.#parts.clock.nowMs();
    const kinds = { 'burn-rate': 'provider.burnRate', latency: 'provider.latency' } as const;
    const why = verdict ? 'The figure is not above the threshold any more.' : 'Nobody looks at it any more.';
    await this.#parts.alerts.raise({
      teamId,
      kind: kinds[rule.kind as keyof typeof kinds] ?? 'provider.errorRate',
      severity: 'warning',
      status: 'resolved',
      origin,
      title: `Over: ${title}`,
      message: `${why} It lasted ${durationText(atMs - sinceMs)}.`,
      link: `/health?rule=${encodeURIComponent(linkIdOf(rule))}`,
      facts: [{ name: 'rule', label: 'Rule', value: rule.name }],
      dedupeKey,
      atMs,
    });
  }
}

interface Measured {
  readonly verdict: RuleVerdict;
  readonly figures: RuleFigures;
  readonly windowMs: number;
  readonly shortMs: number | undefined;
  readonly objective: number;
}

const noFigures: RuleFigures = { successes: 0, failures: 0, firstTokenP95Ms: undefined };

function toFigures({ succeeded, failures, timeToFirstToken }: MetricFigures): RuleFigures {
  let failed = 0;
  for (const [kind, count] of Object.entries(failures)) {
    const isFault = kind === 'other' || judgeFailure(kind as ProviderErrorKind) !== undefined;
    if (isFault) failed += count ?? 0;
  }
  return { successes: succeeded, failures: failed, firstTokenP95Ms: timeToFirstToken?.p95Ms };
}

/** As the page Health knows it, also after the rule was reset. */
function linkIdOf({ id, kind, isStandard }: TeamRule): string {
  return encodeId('AlertRule', isStandard ? `standard:${kind}` : id);
}

const rounded = (value: number) => Math.round(value * 10) / 10;
