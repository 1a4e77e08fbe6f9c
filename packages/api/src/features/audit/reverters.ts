import { type Identity, type PermissionArea, parseAccessRole } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { AuditEntry } from '../../generated/prisma/client.ts';
import { updateChannel } from '../alerts/change-channel.ts';
import { deleteRule, updateRule } from '../health/rules/change-rule.ts';
import { setRecordRetention } from '../metrics/set-record-retention.ts';
import { deletePriceOverride } from '../pricing/delete-price-override.ts';
import { setPriceOverride } from '../pricing/set-price-override.ts';
import { setProviderEnabled } from '../providers/set-provider-enabled.ts';
import { updateProvider } from '../providers/update-provider.ts';
import { setReportSettings } from '../reports/report-settings.ts';
import { deleteRole, setDefaultRole, setRole } from '../roles/change-roles.ts';
import { rollBackRules } from '../routing/change-rules.ts';
import { saveRoutingSettings } from '../routing/change-settings.ts';
import { setRunRetention } from '../runs/set-run-retention.ts';
import { setTeamSettings } from '../settings/set-team-settings.ts';
import { changeMemberRole } from '../teams/change-members.ts';
import { renameTeam } from '../teams/change-teams.ts';
import { restoreWorkflowVersion } from '../workflows/change-workflow.ts';
import type { AuditPayload, JsonRecord, JsonValue } from './audit-payload.ts';
import { revertBudget } from './revert-budget.ts';
import { revertPlan } from './revert-plan.ts';

/** An entry that can be taken back. */
export interface Revertible {
  readonly entry: AuditEntry;
  readonly payload: AuditPayload;
  /** The row as it was when that was found out. */
  readonly current: JsonRecord;
}

export interface Reverter {
  readonly area: PermissionArea;
  /** Why such an entry can never be taken back; undefined when it can. */
  unsupported?(entry: AuditEntry, payload: AuditPayload): string | undefined;
  /** Why this one cannot now; in place of comparing the row with what the entry says. */
  changedAgain?(services: Services, entry: AuditEntry): Promise<string | undefined>;
  revert(services: Services, identity: Identity, revertible: Revertible): Promise<unknown>;
}

const secretNeeded = 'This would need a secret, which the log never holds. Set it again by hand.';
const onlyChanges = (entry: AuditEntry) =>
  entry.operation === 'UPDATE'
    ? undefined
    : 'Only changes of its settings can be taken back, not that it was made or removed.';

/** The columns of an update that may be set back; a reason when there are others. */
const onlyColumns =
  (names: readonly string[], reason: string) =>
  (entry: AuditEntry, payload: AuditPayload): string | undefined =>
    onlyChanges(entry) ??
    (payload.secrets.length > 0
      ? secretNeeded
      : Object.keys(payload.before ?? {}).every((name) => names.includes(name))
        ? undefined
        : reason);

const id = ({ entry }: Revertible) => entry.objectId ?? undefined;
const withoutNulls = (row: JsonRecord) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
const pick = (row: JsonRecord | undefined, names: readonly string[]): Record<string, JsonValue> =>
  Object.fromEntries(Object.entries(row ?? {}).filter(([name]) => names.includes(name)));

const ruleColumns = [
  ...['name', 'isEnabled', 'threshold', 'windowMs', 'shortWindowMs', 'minCalls', 'objective', 'renotifyAfterMs'],
  'mutedUntil',
];
const providerColumns = ['isEnabled', 'displayName', 'limits', 'retry', 'deadlines', 'models'];

/** How changes of each kind of object are taken back: by the use-case that people have for the same. */
export const reverters: Readonly<Record<string, Reverter>> = {
  Budget: revertBudget,
  FailoverPlan: revertPlan,
  Role: {
    area: 'MODELS',
    revert: async (services, identity, { entry, payload, current }) => {
      if (entry.operation === 'INSERT') return deleteRole(services, identity, { name: entry.objectId });
      const { name, description, models, parameters, isStrict } = { ...current, ...payload.before };
      const revision = entry.operation === 'DELETE' ? 0 : current.revision;
      return setRole(services, identity, { name, description, models, parameters, isStrict, revision });
    },
  },
  DefaultRole: {
    area: 'MODELS',
    revert: (services, identity, { payload }) =>
      setDefaultRole(services, identity, { name: payload.before?.name ?? null }),
  },
  AlertRule: {
    area: 'HEALTH',
    unsupported: (entry) => (entry.operation === 'DELETE' ? 'Add the rule again by hand.' : undefined),
    revert: (services, identity, revertible) => {
      const { entry, payload, current } = revertible;
      if (entry.operation === 'INSERT') return deleteRule(services, identity, id(revertible));
      const { mutedUntil, ...given } = pick(payload.before, ruleColumns);
      return updateRule(services, identity, id(revertible), {
        ...given,
        ...(mutedUntil !== undefined && { mutedUntil: mutedUntil === null ? null : new Date(`${mutedUntil}Z`) }),
        version: current.version,
      });
    },
  },
  AlertChannel: {
    area: 'HEALTH',
    unsupported: onlyColumns(['name', 'kinds', 'isEnabled', 'disabledReason'], secretNeeded),
    revert: (services, identity, revertible) => {
      const given = pick(revertible.payload.before, ['name', 'kinds', 'isEnabled']);
      return updateChannel(services, identity, id(revertible), given);
    },
  },
  PriceOverride: {
    area: 'MODELS',
    revert: (services, identity, revertible) => {
      const { entry, payload, current } = revertible;
      if (entry.operation === 'INSERT') return deletePriceOverride(services, identity, id(revertible));
      const {
        tiers,
        createdAt: _createdAt,
        createdById: _createdById,
        id: _id,
        ...row
      } = withoutNulls({
        ...current,
        ...payload.before,
      });
      return setPriceOverride(services, identity, {
        ...row,
        tiers: (tiers as unknown as StoredTier[]).map(toGivenTier),
      });
    },
  },
  Provider: {
    area: 'MODELS',
    unsupported: onlyColumns(providerColumns, 'Address and credentials belong together: set both again by hand.'),
    revert: async (services, identity, revertible) => {
      const { isEnabled, ...tuning } = pick(revertible.payload.before, providerColumns);
      if (Object.keys(tuning).length > 0) await updateProvider(services, identity, id(revertible), tuning);
      if (typeof isEnabled === 'boolean') await setProviderEnabled(services, identity, id(revertible), isEnabled);
    },
  },
  RoutingRuleVersion: {
    area: 'ROUTING',
    unsupported: ({ operation, objectName }) =>
      operation !== 'INSERT' || objectName === '1' ? 'There is no earlier version to go back to.' : undefined,
    changedAgain: async ({ routing }, { teamId, objectName }) => {
      const latest = await routing.repository.findLatest(teamId);
      return String(latest?.version) === objectName ? undefined : `Version ${latest?.version} was published since.`;
    },
    revert: (services, identity, { entry }) =>
      rollBackRules(services, identity, {
        version: Number(entry.objectName) - 1,
        note: `Takes version ${entry.objectName} back.`,
      }),
  },
  RoutingSetting: {
    area: 'ROUTING',
    revert: (services, identity, { entry, payload, current }) => {
      const { modelWeights, ...preferences } = (payload.before?.preferences ?? {}) as JsonRecord;
      const weights = Object.entries((modelWeights ?? {}) as JsonRecord);
      return saveRoutingSettings(services, identity, {
        ...preferences,
        ...(weights.length > 0 && { modelWeights: weights.map(([modelId, weight]) => ({ modelId, weight })) }),
        scope: entry.objectId,
        revision: current.revision ?? 0,
      });
    },
  },
  WorkflowVersion: {
    area: 'WORK',
    unsupported: ({ operation, objectName }) =>
      operation !== 'INSERT' || objectName === '1' ? 'There is no earlier version to go back to.' : undefined,
    changedAgain: async ({ prisma }, { teamId, objectId, objectName }) => {
      const version = await prisma.workflowVersion.findUnique({
        where: { id_teamId: { id: objectId ?? '', teamId } },
        select: { workflow: { select: { publishedVersion: true } } },
      });
      if (!version) return 'The workflow is not there any more.';
      const { publishedVersion } = version.workflow;
      return String(publishedVersion) === objectName ? undefined : `Version ${publishedVersion} was published since.`;
    },
    revert: (services, identity, { entry, current }) =>
      restoreWorkflowVersion(services, identity, String(current.workflowId), {
        version: Number(entry.objectName) - 1,
        note: `Takes version ${entry.objectName} back.`,
      }),
  },
  Member: {
    area: 'TEAM',
    unsupported: (entry) =>
      entry.operation === 'UPDATE' ? undefined : 'Invite or remove the person by hand: nobody joins without knowing.',
    revert: (services, identity, revertible) => {
      const accessRole = parseAccessRole(String(revertible.payload.before?.role));
      return changeMemberRole(services, identity, id(revertible), { accessRole });
    },
  },
  Team: {
    area: 'TEAM',
    unsupported: onlyColumns(['name', 'requiresTwoFactor'], 'Only its name and whether it wants second factors.'),
    revert: async (services, identity, { payload }) => {
      const { name, requiresTwoFactor } = payload.before ?? {};
      if (name !== undefined) await renameTeam(services, identity, { name });
      if (requiresTwoFactor !== undefined) await setTeamSettings(services, identity, { requiresTwoFactor });
    },
  },
  TeamSettings: {
    area: 'TEAM',
    unsupported: (entry) => (entry.operation === 'DELETE' ? 'The team is gone.' : undefined),
    revert: (services, identity, { payload: { before }, current }) => {
      const was = { ...current, ...(before ?? usualRow) };
      return setTeamSettings(services, identity, {
        ...{ timeZone: was.timeZone, contentCapture: was.contentCapture, contentDays: was.contentDays },
        ...{ auditDays: was.auditDays, unpricedModels: was.unpricedModels },
        currency:
          was.currency === null
            ? null
            : { code: was.currency, perUsd: was.currencyPerUsd, rateDate: was.currencyRateDate },
        features: [
          ...new Set([...Object.keys(current.featureFlags ?? {}), ...Object.keys(was.featureFlags ?? {})]),
        ].map((name) => ({ name, isOn: (was.featureFlags as JsonRecord | null)?.[name] ?? null })),
      });
    },
  },
  ReportSettings: {
    area: 'REPORTS',
    revert: (services, identity, { payload }) =>
      setReportSettings(services, identity, payload.before ?? { timeZone: 'UTC', isWeeklyOn: true }),
  },
  RunSettings: {
    area: 'WORK',
    revert: (services, identity, { payload }) =>
      setRunRetention(services, identity, { keepDays: payload.before?.keepDays ?? null }),
  },
  MetricSettings: {
    area: 'REPORTS',
    revert: (services, identity, { payload }) =>
      setRecordRetention(services, identity, { recordDays: payload.before?.recordDays ?? null }),
  },
};

const usualRow: JsonRecord = {
  ...{ timeZone: null, currency: null, currencyPerUsd: null, currencyRateDate: null },
  ...{ contentCapture: 'FULL', contentDays: null, auditDays: null, featureFlags: {}, unpricedModels: 'ALLOW' },
};

interface StoredTier {
  readonly aboveInputTokens: number;
  readonly input?: string;
  readonly output?: string;
  readonly cachedInput?: string;
  readonly cacheWrite?: string;
  readonly longCacheWrite?: string;
}

const toGivenTier = ({ aboveInputTokens, input, output, cachedInput, cacheWrite, longCacheWrite }: StoredTier) => ({
  aboveInputTokens,
  ...{ inputPerMillionUsd: input, outputPerMillionUsd: output, cachedInputPerMillionUsd: cachedInput },
  ...{ cacheWritePerMillionUsd: cacheWrite, longCacheWritePerMillionUsd: longCacheWrite },
});
