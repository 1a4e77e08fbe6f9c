import type { Prisma } from '../../generated/prisma/client.ts';
import { decodeId, splitGlobalId } from '../../graphql/global-id.ts';

/** What of the log is asked for; ids as the API gives them. */
export interface AuditFilter {
  /** A user or an API key. */
  readonly actorId?: string | null | undefined;
  readonly actorKind?: string | null | undefined;
  readonly action?: string | null | undefined;
  readonly objectType?: string | null | undefined;
  readonly objectId?: string | null | undefined;
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
  readonly search?: string | null | undefined;
  readonly requestId?: string | null | undefined;
}

const longestSearch = 200;

/** The condition for entries of a team. What cannot be an id finds nothing. */
export function whereEntries(teamId: string, filter: AuditFilter | null | undefined): Prisma.AuditEntryWhereInput {
  const { actorId, actorKind, action, objectType, objectId, from, to, requestId } = filter ?? {};
  const search = filter?.search?.replaceAll('\0', '').trim().slice(0, longestSearch);
  const clean = (text: string) => text.replaceAll('\0', '');
  return {
    teamId,
    ...(actorId != null && whereActor(actorId)),
    ...(actorKind != null && { actorKind }),
    ...(action != null && { action: clean(action) }),
    ...(objectType != null && { objectType: clean(objectType) }),
    ...(objectId != null && { objectId: rawId(objectId) }),
    ...(requestId != null && { requestId: clean(requestId) }),
    ...((from != null || to != null) && { at: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
    ...(search && {
      OR: (['action', 'objectType', 'objectName', 'actorName', 'payload'] as const).map((field) => ({
        [field]: { contains: search, mode: 'insensitive' as const },
      })),
    }),
  };
}

function whereActor(actorId: string): Prisma.AuditEntryWhereInput {
  const userId = decodeId(actorId, 'User');
  if (userId !== undefined) return { actorUserId: userId };
  return { actorApiKeyId: decodeId(actorId, 'ApiKey') ?? '' };
}

function rawId(objectId: string): string {
  try {
    return splitGlobalId(objectId).id;
  } catch {
    return '';
  }
}
