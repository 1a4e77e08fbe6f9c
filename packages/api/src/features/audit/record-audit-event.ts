import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type AuditActor, actAs } from '../../observability/acting.ts';

/** Something that happened to a team and changed no row. */
export interface AuditEvent {
  readonly teamId: string;
  /** What happened, as one word: `exportedAuditLog`. */
  readonly action: string;
  /** What it is about, as the graph calls it. */
  readonly objectType: string;
  readonly objectId?: string | undefined;
  readonly objectName?: string | undefined;
  /** Facts without secrets, as plain JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Who did it; whoever the scope says when absent. */
  readonly actor?: AuditActor | undefined;
}

/** Adds an event to the audit log of its team. */
export async function recordAuditEvent(
  { prisma }: { readonly prisma: Pick<PrismaClient, '$queryRaw'> },
  event: AuditEvent,
): Promise<void> {
  const { teamId, action, objectType, objectId = null, objectName = null, details = {} } = event;
  const content = JSON.stringify({ details });
  const write = async () => {
    await prisma.$queryRaw`
      SELECT audit_append(${teamId}, ${objectType}, ${objectId}, ${objectName}, 'EVENT', ${action}, ${content}::jsonb, NULL)`;
  };
  await (event.actor ? actAs({ action, ...event.actor }, write) : write());
}
