import { type AlertRuleKind, alertRuleKinds, standardRule } from '@switchyard/core/health';
import { z } from 'zod';
import type { Identity } from '../../../auth/identity.ts';
import type { Services } from '../../../container.ts';
import { runIdempotently } from '../../../idempotency.ts';
import { parseInput } from '../../../parse-input.ts';
import { ConflictFailure, NotFoundFailure, ValidationFailure, type ValidationIssue } from '../../../user-errors.ts';
import { idempotencyKeyInput } from '../../comparisons/generation-input.ts';
import { assertMayManage } from '../../providers/may-manage.ts';
import { completeRules, standardNames, type TeamRule } from './rule-book.ts';

const mostRules = 100;
const hour = 3_600_000;
const minute = 60_000;

const figures = {
  threshold: z.number().min(0).max(86_400_000).nullish(),
  windowMs: z
    .int()
    .min(0)
    .max(24 * hour)
    .nullish(),
  shortWindowMs: z
    .int()
    .min(minute)
    .max(24 * hour)
    .nullish(),
  minCalls: z.int().min(1).max(1_000_000).nullish(),
  objective: z.number().min(0.5).max(0.99999).nullish(),
  renotifyAfterMs: z
    .int()
    .min(5 * minute)
    .max(20 * 24 * hour)
    .nullish(),
  mutedUntil: z.date().nullish(),
  isEnabled: z.boolean().nullish(),
};
const name = z.string().trim().min(1, 'Give it a name.').max(100);
const createInput = z.object({
  kind: z.enum(alertRuleKinds),
  name,
  subjectId: z.string().nullish(),
  ...figures,
  idempotencyKey: idempotencyKeyInput,
});
const updateInput = z.object({ version: z.int().min(0), name: name.nullish(), ...figures });

type Content = Omit<TeamRule, 'id' | 'row' | 'isStandard'>;

/** All rules of a team. */
export async function listRules({ prisma }: Pick<Services, 'prisma'>, teamId: string): Promise<readonly TeamRule[]> {
  const rows = await prisma.alertRule.findMany({ where: { teamId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  return completeRules(rows);
}

/** A rule of the team. Throws `NotFoundFailure`. */
export async function findRule(services: Services, teamId: string, ruleId: string | undefined): Promise<TeamRule> {
  const rules = await listRules(services, teamId);
  // A standard rule keeps the id by which it was known before it was changed.
  const rule = rules.find(({ id, kind, isStandard }) => id === ruleId || (isStandard && ruleId === `standard:${kind}`));
  if (ruleId === undefined || !rule) throw new NotFoundFailure('alert rule', ['input', 'ruleId']);
  return rule;
}

/**
 * Adds a rule beside the standard ones. Throws `ForbiddenFailure`, `ValidationFailure`, `NotFoundFailure`,
 * `ConflictFailure`, `IdempotencyFailure`.
 */
export async function createRule(services: Services, identity: Identity, rawInput: unknown): Promise<TeamRule> {
  assertMayManage(identity, 'HEALTH', 'change alert rules');
  const { idempotencyKey, ...given } = parseInput(createInput, rawInput);
  const { prisma, clock, ids, providers } = services;
  const { teamId } = identity;
  const { kind, subjectId } = given;
  if (subjectId != null && !providers.find(teamId, subjectId))
    throw new NotFoundFailure('provider', ['input', 'providerId']);
  const base = { ...standardRule(kind), isEnabled: true, name: given.name };
  const content = complete({ ...base, subjectId: subjectId ?? undefined }, given);
  check(content, given, subjectId != null, false);
  const operation = { teamId, operation: 'createAlertRule', key: idempotencyKey, input: given };
  const { id } = await runIdempotently<{ id: string }>(prisma, clock, operation, async () => {
    const known = await prisma.alertRule.findMany({ where: { teamId, standardKey: null } });
    if (known.length >= mostRules)
      throw new ConflictFailure('ALERTS.TOO_MANY_RULES', `Your team has ${known.length} rules already: delete some.`);
    if (known.some((rule) => rule.kind === kind && rule.subjectId === (subjectId ?? null)))
      throw new ConflictFailure(
        'ALERTS.RULE_EXISTS',
        'There is a rule of this kind for this provider already: change that one.',
        ['input', 'providerId'],
      );
    const now = new Date(clock.nowMs());
    const row = await prisma.alertRule.create({
      data: {
        ...columnsOf(content),
        ...{ id: ids.next('alu'), teamId, kind, subjectId: subjectId ?? null, firing: {} },
        ...{ createdAt: now, updatedAt: now, updatedById: identity.userId ?? null },
      },
    });
    await services.health.rules.refresh();
    return { id: row.id };
  });
  return findRule(services, teamId, id);
}

/** Changes a rule; what is absent stays, what is null becomes the default. Throws like {@link createRule}. */
export async function updateRule(
  services: Services,
  identity: Identity,
  ruleId: string | undefined,
  rawInput: unknown,
): Promise<TeamRule> {
  assertMayManage(identity, 'HEALTH', 'change alert rules');
  const { version, ...given } = parseInput(updateInput, rawInput);
  const { teamId, userId } = identity;
  const known = await findRule(services, teamId, ruleId);
  const content = complete(known, given);
  check(content, given, known.subjectId !== undefined, known.isStandard);
  const { prisma, clock, ids } = services;
  const changed = () =>
    new ConflictFailure('ALERTS.RULE_CHANGED', 'Somebody changed this rule meanwhile. Read it again.', [
      'input',
      'version',
    ]);
  if (version !== (known.row?.version ?? 0)) throw changed();
  const now = new Date(clock.nowMs());
  // Judged anew: what it told of is over, or is told again by the next look. A mute alone ends nothing.
  const isJudgedAnew = judging.some((key) => content[key] !== known[key]);
  if (isJudgedAnew) await services.health.ruleWatch.close(teamId, known);
  const data = {
    ...columnsOf(content),
    firing: isJudgedAnew ? {} : ((known.row?.firing ?? {}) as object),
    ...{ nextAtMs: 0n, updatedAt: now, updatedById: userId ?? null },
  };
  if (known.row) {
    const { count } = await prisma.alertRule.updateMany({
      where: { id: known.row.id, teamId, version },
      data: { ...data, version: { increment: 1 } },
    });
    if (count === 0) throw changed();
  } else {
    const made = await prisma.alertRule.createMany({
      data: [{ ...data, id: ids.next('alu'), teamId, kind: known.kind, standardKey: known.kind, createdAt: now }],
      skipDuplicates: true,
    });
    if (made.count === 0) throw changed();
  }
  await services.health.rules.refresh();
  return findRule(services, teamId, ruleId);
}

/** Deletes a rule; a standard one becomes as it was made. Throws `ForbiddenFailure`, `NotFoundFailure`. */
export async function deleteRule(
  services: Services,
  identity: Identity,
  ruleId: string | undefined,
): Promise<{ readonly id: string }> {
  assertMayManage(identity, 'HEALTH', 'change alert rules');
  const { teamId } = identity;
  const known = await findRule(services, teamId, ruleId);
  await services.health.ruleWatch.close(teamId, known);
  if (known.row) await services.prisma.alertRule.deleteMany({ where: { id: known.row.id, teamId } });
  await services.health.rules.refresh();
  return { id: known.isStandard ? `standard:${known.kind}` : known.id };
}

/** What a rule is judged by. */
const judging = ['isEnabled', 'threshold', 'windowMs', 'shortWindowMs', 'minCalls', 'objective'] as const;

type Given = Partial<z.output<typeof updateInput>>;

function complete(known: Content, given: Given): Content {
  const standard = standardRule(known.kind);
  const pick = <Key extends 'threshold' | 'windowMs' | 'shortWindowMs' | 'minCalls' | 'objective'>(key: Key) =>
    given[key] === undefined ? known[key] : (given[key] ?? standard[key]);
  return {
    kind: known.kind,
    subjectId: known.subjectId,
    name: given.name ?? known.name,
    isEnabled: given.isEnabled ?? known.isEnabled,
    threshold: pick('threshold'),
    windowMs: pick('windowMs'),
    shortWindowMs: pick('shortWindowMs'),
    minCalls: pick('minCalls'),
    objective: pick('objective'),
    renotifyAfterMs: given.renotifyAfterMs ?? (given.renotifyAfterMs === null ? standard : known).renotifyAfterMs,
    mutedUntilMs: given.mutedUntil === undefined ? known.mutedUntilMs : given.mutedUntil?.getTime(),
  };
}

/** What of a rule means something, by its kind. */
const meaningful: Readonly<Record<AlertRuleKind, readonly string[]>> = {
  down: ['windowMs'],
  degraded: ['windowMs'],
  latency: ['threshold', 'windowMs', 'minCalls'],
  'error-rate': ['threshold', 'windowMs', 'minCalls'],
  recovery: [],
  'burn-rate': ['threshold', 'windowMs', 'shortWindowMs', 'minCalls', 'objective'],
  'latency-target': ['threshold'],
};

function check(content: Content, given: Given, isOfProvider: boolean, isStandard: boolean): void {
  const issues: ValidationIssue[] = [];
  const refuse = (key: string, message: string) =>
    issues.push({ path: ['input', key], message: `${key}: ${message}`, code: 'invalid' });
  for (const key of ['threshold', 'windowMs', 'shortWindowMs', 'minCalls', 'objective'] as const) {
    if (given[key] != null && !meaningful[content.kind].includes(key))
      refuse(key, `a rule of the kind "${standardNames[content.kind]}" has none.`);
  }
  const { kind, threshold, windowMs, shortWindowMs } = content;
  if (kind === 'error-rate' && threshold !== undefined && threshold > 1) refuse('threshold', 'give a share, 0 to 1.');
  if (kind === 'burn-rate' && !((threshold ?? 0) >= 1 && (threshold ?? 0) <= 1_000))
    refuse('threshold', 'give a burn rate, 1 to 1,000.');
  if (kind === 'latency' && threshold !== undefined && threshold < 1) refuse('threshold', 'give milliseconds.');
  if (kind === 'latency-target' && !(Number.isInteger(threshold) && (threshold ?? 0) >= 1 && (threshold ?? 0) <= 1_000))
    refuse('threshold', 'give a number of answers, 1 to 1,000.');
  const isOverCalls =
    kind === 'burn-rate' || ((kind === 'latency' || kind === 'error-rate') && threshold !== undefined);
  if (isOverCalls && windowMs !== undefined && windowMs < minute) refuse('windowMs', 'give at least a minute.');
  if (kind === 'burn-rate' && (shortWindowMs ?? 0) >= (windowMs ?? 0))
    refuse('shortWindowMs', 'it must be shorter than the long window.');
  if (kind === 'latency-target' && isOfProvider) refuse('providerId', 'targets are those of steps: leave it out.');
  if (!isStandard && kind === 'latency-target') refuse('kind', 'there is one already: change that one.');
  if (issues.length > 0) throw new ValidationFailure(issues);
}

function columnsOf(content: Content) {
  return {
    name: content.name,
    isEnabled: content.isEnabled,
    threshold: content.threshold ?? null,
    windowMs: content.windowMs ?? null,
    shortWindowMs: content.shortWindowMs ?? null,
    minCalls: content.minCalls ?? null,
    objective: content.objective ?? null,
    renotifyAfterMs: content.renotifyAfterMs,
    mutedUntil: content.mutedUntilMs === undefined ? null : new Date(content.mutedUntilMs),
  };
}
