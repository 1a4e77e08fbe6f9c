import type { RoutingRule, RuleProblem } from '@switchyard/core/routing';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import type { AuditEntry, RuleVersion } from './routing.repository.ts';
import { assertUsable, completeRules, rulesInput } from './rule-input.ts';

const noteInput = z.string().max(2_000).nullish();
const draftInput = z.object({ rules: rulesInput, revision: z.int().min(0) });
const publishInput = z.object({ revision: z.int().min(1), note: noteInput, idempotencyKey: idempotencyKeyInput });
const rollBackInput = z.object({ version: z.int().min(1), note: noteInput, idempotencyKey: idempotencyKeyInput });

/**
 * Saves the draft that the team works on; nothing changes for calls. `revision` is that of the draft that was read, 0 for
 * none. Throws `ValidationFailure`, `InvalidRulesFailure`, `ConflictFailure`, `ForbiddenFailure`.
 */
export async function saveDraft(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<{ readonly problems: readonly RuleProblem[] }> {
  assertMayManage(identity, 'ROUTING', 'change routing rules');
  const { rules: given, revision } = parseInput(draftInput, rawInput);
  const rules = completeRules(services, given);
  const problems = await assertUsable(services, identity.teamId, rules);
  const latest = await services.routing.repository.findLatest(identity.teamId);
  const isSaved = await services.routing.repository.saveDraft(
    identity.teamId,
    revision,
    { rules, basedOn: latest?.version ?? 0, userId: identity.userId },
    audit(services, identity, 'saved-draft', `Saved a draft of ${rules.length} rules.`),
  );
  if (!isSaved) throw changedMeanwhile('ROUTING.DRAFT_CHANGED');
  return { problems };
}

export async function discardDraft(services: Services, identity: Identity): Promise<boolean> {
  assertMayManage(identity, 'ROUTING', 'change routing rules');
  return services.routing.repository.deleteDraft(identity.teamId);
}

/**
 * Puts the draft of `revision` into force for every call from now on. Throws `ValidationFailure`, `NotFoundFailure`
 * without a draft, `InvalidRulesFailure`, `ConflictFailure`, `ForbiddenFailure`, `IdempotencyFailure`.
 */
export async function publishDraft(services: Services, identity: Identity, rawInput: unknown): Promise<number> {
  assertMayManage(identity, 'ROUTING', 'publish routing rules');
  const { idempotencyKey, ...wanted } = parseInput(publishInput, rawInput);
  const { teamId } = identity;
  const operation = { teamId, operation: 'publishRoutingRules', key: idempotencyKey, input: wanted };
  const { version } = await runIdempotently<{ version: number }>(
    services.prisma,
    services.clock,
    operation,
    async () => {
      const { repository } = services.routing;
      const [draft, latest] = await Promise.all([repository.findDraft(teamId), repository.findLatest(teamId)]);
      if (!draft) throw new NotFoundFailure('draft', ['input', 'revision']);
      const known = latest?.version ?? 0;
      if (draft.revision !== wanted.revision || draft.basedOn !== known)
        throw changedMeanwhile('ROUTING.DRAFT_CHANGED');
      await assertUsable(services, teamId, draft.rules);
      const summary = `Published version ${known + 1} with ${draft.rules.length} rules.`;
      const entry = audit(services, identity, 'published', summary, latest?.rules ?? [], draft.rules);
      const next = toVersion(services, identity, draft.rules, wanted.note ?? undefined, undefined);
      const options = { keepsDraft: false, draftRevision: draft.revision };
      if (!(await repository.publish(teamId, known, next, entry, options, () => [])))
        throw changedMeanwhile('ROUTING.DRAFT_CHANGED');
      await services.routing.refresh(teamId);
      return { version: known + 1 };
    },
  );
  return version;
}

/** Puts an earlier version back into force, as a new version. The draft stays. Throws like {@link publishDraft}. */
export async function rollBackRules(services: Services, identity: Identity, rawInput: unknown): Promise<number> {
  assertMayManage(identity, 'ROUTING', 'roll back routing rules');
  const { idempotencyKey, ...wanted } = parseInput(rollBackInput, rawInput);
  const { teamId } = identity;
  const operation = { teamId, operation: 'rollBackRoutingRules', key: idempotencyKey, input: wanted };
  const { version } = await runIdempotently<{ version: number }>(
    services.prisma,
    services.clock,
    operation,
    async () => {
      const { repository } = services.routing;
      const [earlier, latest] = await Promise.all([
        repository.findVersion(teamId, wanted.version),
        repository.findLatest(teamId),
      ]);
      if (!earlier || !latest) throw new NotFoundFailure('version of the rules', ['input', 'version']);
      // The language may have changed since: what is no longer understood must not come into force in silence.
      await assertUsable(services, teamId, earlier.rules);
      const summary = `Put version ${earlier.version} back into force as version ${latest.version + 1}.`;
      const entry = audit(services, identity, 'rolled-back', summary, latest.rules, earlier.rules);
      const next = toVersion(services, identity, earlier.rules, wanted.note ?? undefined, earlier.version);
      if (!(await repository.publish(teamId, latest.version, next, entry, { keepsDraft: true }, () => [])))
        throw changedMeanwhile('ROUTING.PUBLISHED_MEANWHILE');
      await services.routing.refresh(teamId);
      return { version: latest.version + 1 };
    },
  );
  return version;
}

function toVersion(
  services: Services,
  { userId, apiKeyId }: Identity,
  rules: readonly RoutingRule[],
  note: string | undefined,
  rolledBackTo: number | undefined,
): Omit<RuleVersion, 'version'> & { readonly apiKeyId: string | undefined } {
  const publishedAt = new Date(services.clock.nowMs());
  return { id: services.ids.next('rrv'), rules, note, rolledBackTo, publishedById: userId, apiKeyId, publishedAt };
}

/** An entry of the audit log for what `identity` does now. */
export function audit(
  services: Pick<Services, 'ids' | 'clock'>,
  identity: Identity,
  action: AuditEntry['action'],
  summary: string,
  before?: unknown,
  after?: unknown,
): AuditEntry {
  const { userId, apiKeyId } = identity;
  const at = new Date(services.clock.nowMs());
  return { id: services.ids.next('aud'), at, action, summary, userId, apiKeyId, before, after };
}

function changedMeanwhile(code: string): ConflictFailure {
  return new ConflictFailure(code, 'Somebody changed the rules meanwhile. Read them again and repeat your change.', [
    'input',
    'revision',
  ]);
}
