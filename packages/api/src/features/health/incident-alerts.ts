import type { Clock, Log } from '@switchyard/core/kernel';
import type { HealthIncident, PrismaClient } from '../../generated/prisma/client.ts';
import type { AlertDraft } from '../alerts/raise-alert.ts';
import { describeIncidentAlert } from './describe-incident-alert.ts';
import type { HealthSubject } from './health-subject.ts';
import { gateIncident } from './rules/gate-incident.ts';
import type { RuleBook } from './rules/rule-book.ts';

/** Open incidents are reported again this often: who was not told yet (a mute, maintenance, a database that was away) is told then. */
const remindEveryMs = 60_000;

/** Tells teams of incidents: the team that owns the provider, or all teams for one of the installation. */
export class IncidentAlerts {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #alerts: { report(draft: AlertDraft): void };
  readonly #rules: RuleBook;
  #remindedAtMs: number;

  constructor(parts: {
    readonly prisma: PrismaClient;
    readonly clock: Clock;
    readonly log: Log;
    readonly alerts: { report(draft: AlertDraft): void };
    readonly rules: RuleBook;
  }) {
    this.#prisma = parts.prisma;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#alerts = parts.alerts;
    this.#rules = parts.rules;
    this.#remindedAtMs = parts.clock.monotonicMs();
  }

  /** Reports an incident as it stands. Teams that expect the provider to be away are not told of trouble. */
  async tell(
    incident: HealthIncident,
    subject: Pick<HealthSubject, 'score' | 'errorRate' | 'lastFailure'>,
  ): Promise<void> {
    try {
      const nowMs = this.#clock.nowMs();
      const teams = incident.teamId === null ? await this.#prisma.team.findMany({ select: { id: true } }) : [];
      const teamIds = incident.teamId === null ? teams.map(({ id }) => id) : [incident.teamId];
      const quiet = await this.#inMaintenance(incident.subjectId, nowMs);
      for (const teamId of teamIds) {
        if (incident.closedAt === null && quiet.has(teamId)) continue;
        const draft = describeIncidentAlert(teamId, incident, subject, nowMs);
        const told = gateIncident(this.#rules, draft, incident, nowMs);
        if (told) this.#alerts.report(told);
      }
    } catch (error) {
      // Open incidents are reported again in a minute.
      this.#log.warn({ error: String(error) }, 'an incident could not be reported yet');
    }
  }

  /** Reports open incidents again when it is time. */
  async remind(
    open: Iterable<HealthIncident>,
    subjectOf: (subjectId: string) => HealthSubject | undefined,
  ): Promise<void> {
    if (this.#clock.monotonicMs() - this.#remindedAtMs < remindEveryMs) return;
    this.#remindedAtMs = this.#clock.monotonicMs();
    for (const incident of open) {
      const subject = subjectOf(incident.subjectId);
      if (subject) await this.tell(incident, subject);
    }
  }

  async #inMaintenance(subjectId: string, nowMs: number): Promise<ReadonlySet<string>> {
    const now = new Date(nowMs);
    const rows = await this.#prisma.healthMaintenance.findMany({
      where: { subjectId, startsAt: { lte: now }, endsAt: { gt: now } },
      select: { teamId: true },
    });
    return new Set(rows.map(({ teamId }) => teamId));
  }
}
