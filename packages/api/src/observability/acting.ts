import { currentScope, inScope } from './request-scope.ts';

/** Who makes a change, as the audit log tells it. Never holds a secret. */
export interface AuditActor {
  readonly kind: 'PERSON' | 'KEY' | 'FILE' | 'SYSTEM';
  /** Of a person; absent while it is not known yet who signs in: the row that is written says it. */
  readonly userId?: string | undefined;
  readonly apiKeyId?: string | undefined;
  /** The mutation's name, or what happened; the kind of change when absent. */
  readonly action?: string | undefined;
  /** Why, when no person and no key acts. */
  readonly reason?: string | undefined;
  /** The entry that is taken back. */
  readonly revertsSeq?: number | undefined;
}

/** An actor in a scope, and whether what they asked for has been done: what goes on behind the answer is not theirs. */
export interface Acting {
  readonly actor: AuditActor;
  isDone: boolean;
}

/** Does `work` in the name of `actor`: every audited row that it writes is told as theirs, until its promise settles. */
export async function actAs<Result>(actor: AuditActor, work: () => Result): Promise<Awaited<Result>> {
  const acting: Acting = { actor, isDone: false };
  try {
    // Awaited within the scope: a query of Prisma begins when somebody waits for it.
    return await inScope({ ...currentScope(), acting }, async () => await work());
  } finally {
    acting.isDone = true;
  }
}

/** What the database is told of who acts: JSON for `switchyard.actor`; undefined when nobody does. */
export function describeActor(): string | undefined {
  const scope = currentScope();
  if (!scope?.acting || scope.acting.isDone) return undefined;
  const { ipAddress, userAgent } = scope.client ?? {};
  return JSON.stringify({
    ...scope.acting.actor,
    ...(scope.requestId !== undefined && { requestId: scope.requestId }),
    ...(ipAddress !== undefined && { ipAddress }),
    ...(userAgent !== undefined && { userAgent }),
  });
}
