import type { PrismaClient } from '../generated/prisma/client.ts';

/**
 * Rows of a team that no mutation of a test makes cheaply: an incident, maintenance, an alert rule, a failover plan with an
 * outage, a rehearsal, a dataset with a version, a test, a call on record, a weekly report, a saved scorer, feedback. `canary`
 * stands in each of them. Answers their ids by type.
 */
export async function createCanaryRows(
  prisma: PrismaClient,
  {
    teamId,
    providerId,
    canary,
    now,
  }: { readonly teamId: string; readonly providerId: string; readonly canary: string; readonly now: Date },
): Promise<Readonly<Record<string, string>>> {
  const incidentId = 'inc_1';
  const ofProvider = { subjectId: providerId, teamId: teamId };
  const trouble = { slug: canary, displayName: canary, origin: 'LIVE', severity: 'down', cause: 'no-answer' } as const;
  const standing = { status: 'down', models: [], startedAt: now, detectedAt: now, updatedAt: now };
  await prisma.healthIncident.create({ data: { id: incidentId, ...ofProvider, ...trouble, ...standing } });
  const pause = { note: canary, startsAt: now, endsAt: new Date('2100-01-01'), createdAt: now };
  await prisma.healthMaintenance.create({ data: { id: 'mnt_1', ...ofProvider, ...pause } });
  const ofTeam = { teamId: teamId, updatedAt: now };
  await prisma.alertRule.create({
    data: {
      id: 'alu_1',
      ...ofTeam,
      kind: 'down',
      name: canary,
      isEnabled: true,
      renotifyAfterMs: 1,
      firing: {},
      createdAt: now,
    },
  });
  const failing = { scope: 'team', name: canary, isEnabled: false, version: 1, liveKey: canary, createdAt: now };
  const settings = { chain: [canary], triggers: {}, returning: { kind: 'at-once' } };
  await prisma.failoverPlan.create({ data: { id: 'fop_1', ...ofTeam, ...failing, settings } });
  const passed = { planId: 'fop_1', circuitKey: canary, modelId: canary, reason: 'trigger-status', outAt: now };
  await prisma.failoverOutage.create({
    data: { id: 'fot_1', teamId: teamId, ...passed, origin: 'LIVE', measured: 2, threshold: 2 },
  });
  const rehearsed = { ...ofProvider, slug: canary, displayName: canary, origin: 'LIVE', mode: 'injected' } as const;
  const ended = { state: 'finished', phase: 'done', startedAt: now, endsAt: now, instanceId: canary, leaseUntil: now };
  const fault = { kind: 'outage', status: 503, share: 1, delayMs: 1, afterTokens: 1 };
  await prisma.failureRehearsal.create({
    data: { id: 'reh_1', ...rehearsed, ...ended, settings: { model: canary, fallbacks: [], fault } },
  });
  const dataset = { id: 'dst_1', ...ofTeam, name: canary, latestVersion: 1, createdAt: now };
  const datasetVersion = { id: 'dsv_1', teamId: teamId, version: 1, source: canary, createdAt: now };
  await prisma.dataset.create({ data: dataset });
  await prisma.datasetVersion.create({ data: { ...datasetVersion, datasetId: dataset.id } });
  const scorer = { id: 'sco_1', name: canary, kind: 'check', createdAt: now, updatedAt: now };
  await prisma.savedScorer.create({ data: { ...scorer, teamId } });
  await prisma.savedScorerVersion.create({
    data: {
      scorerId: scorer.id,
      version: 1,
      teamId,
      content: `{"check":{"type":"exact","expected":"${canary}"}}`,
      createdAt: now,
    },
  });
  const word = { id: 'fbk_1', targetKind: 'call', targetId: 'call_1', author: `feedback:${canary}`, score: 1 };
  await prisma.answerFeedback.create({
    data: { ...word, teamId, comment: canary, createdAt: now, updatedAt: now },
  });
  await prisma.experiment.create({
    data: { id: 'exp_1', ...ofTeam, name: canary, state: 'draft', definition: '{}', createdAt: now },
  });
  const open = { email: `${canary}@people.test`, role: 'viewer', createdAt: now, expiresAt: new Date('2100-01-01') };
  await prisma.invitation.create({ data: { id: 'inv_1', teamId, ...open, tokenHash: canary, liveKey: open.email } });
  const called = { modelId: canary, providerId: canary, source: canary, origin: 'LIVE', outcome: 'failed' } as const;
  await prisma.callRecord.create({
    data: { id: 'call_1', teamId: teamId, ...called, errorMessage: canary, attempt: 1, startedAt: now, latencyMs: 1 },
  });
  const week = { origin: 'LIVE', weekStart: '2026-01-05', timeZone: 'UTC', content: { weekStart: canary } } as const;
  const weekTimes = { startsAt: now, endsAt: now, claimedUntil: now, createdAt: now };
  await prisma.weeklyReport.create({ data: { id: 'wrp_1', teamId: teamId, ...week, ...weekTimes } });
  await prisma.$queryRaw`SELECT audit_append(${teamId}, 'Budget', ${canary}, ${canary}, 'EVENT', ${canary}, '{}'::jsonb, NULL)`;
  const entry = await prisma.auditEntry.findFirstOrThrow({ where: { teamId }, orderBy: { seq: 'desc' } });
  return {
    AuditEntry: entry.id,
    CallRecord: 'call_1',
    Invitation: 'inv_1',
    AlertRule: 'alu_1',
    FailoverOutage: 'fot_1',
    FailoverPlan: 'fop_1',
    FailureRehearsal: 'reh_1',
    Incident: incidentId,
    MaintenanceWindow: 'mnt_1',
    Dataset: dataset.id,
    DatasetVersion: datasetVersion.id,
    Experiment: 'exp_1',
    SavedScorer: scorer.id,
    AnswerFeedback: word.id,
  };
}

/** Values of the inputs of datasets and tests that a walk over all mutations must give. */
export const samplesOfTests: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  // Refused both times: an address can be invited once.
  InviteMemberInput: { email: 'x', accessRole: 'VIEWER' },
  ChangeMemberRoleInput: { accessRole: 'VIEWER' },
  SwitchTeamInput: { teamId: 'x' },
  RevokeSessionInput: { sessionId: 'x' },
  DeleteTeamInput: { confirmName: 'x' },
  ImportDatasetInput: { content: 'x', format: 'CSV' },
  DatasetFromHistoryInput: { source: 'RUNS' },
  SplitDatasetInput: { splits: [{ name: 'x', share: 1 }], seed: 1 },
  CastExperimentVoteInput: { ballotId: 'x', choice: 'TIE' },
  UndoExperimentVoteInput: { ballotId: 'x' },
  RateBlindAnswerInput: { token: 'x', rating: 1 },
  TryScorerInput: { answers: [{ text: 'x' }] },
  RateExperimentAnswerInput: { position: 0, variant: 'x' },
  PromoteExperimentVariantInput: { variant: 'x', role: 'x' },
};
