import type { ScorerContent } from '@switchyard/core/experiments';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { Prisma, type SavedScorer } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { assertMayMakeData, descriptionInput } from '../datasets/dataset-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { audit } from '../routing/change-rules.ts';
import { auditRow } from '../routing/routing.repository.ts';
import { checkScorer } from './check-scorer.ts';
import { InvalidScorerFailure } from './invalid-scorer.ts';

const mostScorers = 500;
const mostVersions = 200;

const nameInput = z.string().trim().min(1, 'Give it a name.').max(100, 'A name has 100 characters at the most.');
const largestContent = 300_000;
const contentInput = z
  .record(z.string(), z.json())
  .refine((content) => JSON.stringify(content).length <= largestContent, 'This scorer is too large.');
const createInput = z.object({
  name: nameInput,
  description: descriptionInput,
  content: contentInput,
  idempotencyKey: idempotencyKeyInput,
});
const saveInput = z.object({
  version: z.int().min(1),
  name: nameInput.nullish(),
  description: z.string().trim().max(5_000).nullish(),
  content: contentInput.nullish(),
});

/** Keeps a scorer or judge under a name. Throws `InvalidScorerFailure`, `ConflictFailure`, `ForbiddenFailure`. */
export async function createSavedScorer(services: Services, identity: Identity, rawInput: unknown): Promise<string> {
  assertMayMakeData(identity);
  const { idempotencyKey, ...given } = parseInput(createInput, rawInput);
  const { prisma, clock, ids } = services;
  const { teamId, userId, apiKeyId } = identity;
  const call = { teamId, operation: 'createSavedScorer', key: idempotencyKey, input: given };
  const { id } = await runIdempotently<{ id: string }>(prisma, clock, call, async (store) => {
    const content = requireContent(services, teamId, given.content);
    if ((await prisma.savedScorer.count({ where: { teamId } })) >= mostScorers) {
      throw new ConflictFailure('QUALITY.TOO_MANY_SCORERS', `A team has at most ${mostScorers} scorers.`, ['input']);
    }
    const made = { id: ids.next('sco') };
    const now = new Date(clock.nowMs());
    const { name, description = null } = given;
    const kind = 'judge' in content ? 'judge' : 'check';
    const author = { createdById: userId ?? null, createdAt: now };
    const text = JSON.stringify(content);
    const entry = audit(services, identity, 'set-scorer', `The ${kind} "${name}" was made.`, undefined, content);
    await refusingTakenNames(name, () =>
      prisma.$transaction([
        prisma.savedScorer.create({ data: { ...made, teamId, name, description, kind, ...author, updatedAt: now } }),
        prisma.savedScorerVersion.create({
          data: { scorerId: made.id, teamId, version: 1, content: text, apiKeyId: apiKeyId ?? null, ...author },
        }),
        prisma.routingAudit.create({ data: auditRow(teamId, { ...entry, scope: `scorer:${name}` }) }),
        ...store(made),
      ]),
    );
    return made;
  });
  return id;
}

/**
 * Renames a scorer, or gives it another version when its content changes; tests that run keep the version that they were
 * started with. `version` is that of what was read.
 */
export async function saveSavedScorer(
  services: Services,
  identity: Identity,
  id: string | undefined,
  rawInput: unknown,
): Promise<string> {
  assertMayMakeData(identity);
  const { version, name, description, content: rawContent } = parseInput(saveInput, rawInput);
  const row = await requireSavedScorer(services, identity.teamId, id);
  const { prisma, clock } = services;
  const { teamId, userId, apiKeyId } = identity;
  const content = rawContent == null ? undefined : requireContent(services, teamId, rawContent);
  if (content && ('judge' in content ? 'judge' : 'check') !== row.kind) {
    const message = `"${row.name}" is a ${row.kind}; what is known of it would no longer hold. Make another scorer.`;
    throw new ConflictFailure('QUALITY.OTHER_KIND', message, ['input', 'content']);
  }
  const before = await contentOf(services, row, row.version);
  const text = content && JSON.stringify(content);
  const isNew = text !== undefined && text !== JSON.stringify(before);
  if (isNew && row.version >= mostVersions) {
    const message = `A scorer has at most ${mostVersions} versions. Make another one.`;
    throw new ConflictFailure('QUALITY.TOO_MANY_VERSIONS', message, ['input', 'content']);
  }
  const now = new Date(clock.nowMs());
  const title = name ?? row.name;
  const what = isNew ? `has version ${version + 1}` : 'was renamed or described anew';
  const entry = audit(
    services,
    identity,
    'set-scorer',
    `The ${row.kind} "${title}" ${what}.`,
    before,
    content ?? before,
  );
  await refusingTakenNames(title, () =>
    prisma.$transaction(async (tx) => {
      const { count } = await tx.savedScorer.updateMany({
        where: { id: row.id, teamId, version },
        data: {
          ...(name != null && { name }),
          ...(description !== undefined && { description: description || null }),
          ...(isNew && { version: version + 1 }),
          updatedAt: now,
        },
      });
      if (count === 0) {
        const message = 'Somebody changed this scorer meanwhile. Read it again and repeat your change.';
        throw new ConflictFailure('QUALITY.CHANGED', message, ['input', 'version']);
      }
      if (isNew) {
        const author = { createdById: userId ?? null, apiKeyId: apiKeyId ?? null, createdAt: now };
        await tx.savedScorerVersion.create({
          data: { scorerId: row.id, teamId, version: version + 1, content: text, ...author },
        });
      }
      await tx.routingAudit.create({ data: auditRow(teamId, { ...entry, scope: `scorer:${title}` }) });
    }),
  );
  return row.id;
}

/** Deletes a scorer. Tests that were started keep their copy; drafts that name it say that it is gone. */
export async function deleteSavedScorer(
  services: Services,
  identity: Identity,
  id: string | undefined,
): Promise<string> {
  assertMayManage(identity, 'TESTS', 'delete scorers');
  const row = await requireSavedScorer(services, identity.teamId, id);
  const { prisma } = services;
  const before = await contentOf(services, row, row.version);
  const entry = audit(services, identity, 'deleted-scorer', `The ${row.kind} "${row.name}" was deleted.`, before);
  await prisma.$transaction([
    prisma.savedScorer.deleteMany({ where: { id: row.id, teamId: identity.teamId } }),
    prisma.routingAudit.create({ data: auditRow(identity.teamId, { ...entry, scope: `scorer:${row.name}` }) }),
  ]);
  return row.id;
}

export async function requireSavedScorer(
  { prisma }: Pick<Services, 'prisma'>,
  teamId: string,
  id: string | undefined,
): Promise<SavedScorer> {
  const row = id === undefined ? null : await prisma.savedScorer.findUnique({ where: { id_teamId: { id, teamId } } });
  if (!row) throw new NotFoundFailure('scorer', ['input', 'scorerId']);
  return row;
}

/** What a version of a scorer does; undefined when there is no such version. */
export async function contentOf(
  { prisma }: Pick<Services, 'prisma'>,
  { id, teamId }: Pick<SavedScorer, 'id' | 'teamId'>,
  version: number,
): Promise<ScorerContent | undefined> {
  const row = await prisma.savedScorerVersion.findFirst({ where: { scorerId: id, version, teamId } });
  return row ? (JSON.parse(row.content) as ScorerContent) : undefined;
}

function requireContent(services: Services, teamId: string, raw: unknown): ScorerContent {
  const { content, problems } = checkScorer(services, teamId, raw);
  if (!content) throw new InvalidScorerFailure(problems);
  return content;
}

async function refusingTakenNames(name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Prisma.PrismaClientKnownRequestError) || error.code !== 'P2002') throw error;
    throw new ConflictFailure('QUALITY.NAME_TAKEN', `There is a scorer "${name}" already.`, ['input', 'name']);
  }
}
