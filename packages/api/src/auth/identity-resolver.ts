import type { Clock } from '@switchyard/core/kernel';
import type { PrismaClient } from '../generated/prisma/client.ts';
import { hashApiKey, isMistypedKey } from './api-key.ts';
import type { ApiKeyBook } from './api-key-book.ts';
import type { Auth } from './auth.ts';
import { type ApiKeyScope, apiKeyScopes, type Identity, mayAnywhere, parseAccessRole, scopesOf } from './identity.ts';

/** What a client showed: a bearer key, or the cookie header of a browser. */
export type Credential =
  | { readonly kind: 'api-key'; readonly key: string }
  | { readonly kind: 'session'; readonly cookie: string };

/** How long an answer is trusted; a revocation elsewhere is seen after this time at the latest. */
const cacheForMs = 1_000;
/** An answer of this age is asked for anew beside the request that it serves, so that steady traffic waits for no query. */
const renewAfterMs = 400;
const maxCached = 10_000;

const twoFactorWanted =
  'This team asks for a second factor at sign-in. Switch it on at Account, Security; until then you see nothing of the team.';

interface Cached {
  readonly identity: Promise<Identity | undefined>;
  /** When it was asked for, on the monotonic clock. */
  readonly askedAtMs: number;
  isBeingRenewed: boolean;
}

/** Turns credentials into identities: at most three queries per credential and second, and no write per call. */
export class IdentityResolver {
  readonly #prisma: PrismaClient;
  readonly #auth: Auth;
  readonly #clock: Clock;
  readonly #cache = new Map<string, Cached>();
  readonly #lastUse = new Map<string, number>();
  /** By session. */
  readonly #lastSeen = new Map<string, { readonly memberId: string; readonly atMs: number }>();

  readonly #keys: ApiKeyBook | undefined;

  constructor(prisma: PrismaClient, auth: Auth, clock: Clock, keys?: ApiKeyBook) {
    this.#keys = keys;
    this.#prisma = prisma;
    this.#auth = auth;
    this.#clock = clock;
  }

  /** The identity, or undefined when the credential is unknown, expired or revoked. Throws when the database is away. */
  async resolve(credential: Credential): Promise<Identity | undefined> {
    const isKey = credential.kind === 'api-key';
    if (isKey && isMistypedKey(credential.key)) return undefined;
    const hash = isKey ? hashApiKey(credential.key) : '';
    // Prefixed: a cookie that spells the hash of a key must not be taken for the key.
    const cacheKey = isKey ? `key:${hash}` : `cookie:${credential.cookie}`;
    const nowMs = this.#clock.monotonicMs();
    const find = () => (isKey ? this.#findKey(hash) : this.#findSession(credential.cookie));
    const cached = this.#cache.get(cacheKey);
    const isFresh = cached !== undefined && nowMs - cached.askedAtMs < cacheForMs;
    const found = await (isFresh ? cached.identity : this.#remember(cacheKey, nowMs, find()));
    if (isFresh && found && nowMs - cached.askedAtMs >= renewAfterMs) this.#renew(cacheKey, cached, nowMs, find);
    if (found?.apiKeyId !== undefined) this.#lastUse.set(found.oldSecretId ?? found.apiKeyId, this.#clock.nowMs());
    else if (found?.memberId !== undefined) {
      this.#lastSeen.set(found.subject, { memberId: found.memberId, atMs: this.#clock.nowMs() });
    }
    return found;
  }

  /** Forgets all answers: call it after a key or session was ended in this process. */
  invalidate(): void {
    this.#cache.clear();
  }

  /** Writes when each key was last used and each person was last here, in one go. */
  async writeLastUse(): Promise<void> {
    const seen = [...this.#lastSeen];
    this.#lastSeen.clear();
    for (const [sessionId, { memberId, atMs }] of seen) {
      const data = { lastSeenAt: new Date(atMs) };
      await this.#prisma.session.updateMany({ where: { id: sessionId }, data });
      await this.#prisma.member.updateMany({ where: { id: memberId }, data });
    }
    const uses = [...this.#lastUse];
    this.#lastUse.clear();
    for (const [id, atMs] of uses) {
      await this.#prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt: new Date(atMs) } });
    }
  }

  #remember(key: string, askedAtMs: number, identity: Promise<Identity | undefined>): Promise<Identity | undefined> {
    if (this.#cache.size >= maxCached) this.#cache.clear();
    const entry: Cached = { identity, askedAtMs, isBeingRenewed: false };
    this.#cache.set(key, entry);
    identity.catch(() => {
      if (this.#cache.get(key) === entry) this.#cache.delete(key);
    });
    return identity;
  }

  /** Puts a newer answer in place of `cached`, unless that was forgotten meanwhile. Without one it just grows old. */
  #renew(key: string, cached: Cached, askedAtMs: number, find: () => Promise<Identity | undefined>): void {
    if (cached.isBeingRenewed) return;
    cached.isBeingRenewed = true;
    find().then(
      (identity) => {
        if (this.#cache.get(key) === cached) this.#remember(key, askedAtMs, Promise.resolve(identity));
      },
      () => {
        cached.isBeingRenewed = false;
      },
    );
  }

  async #findKey(hash: string): Promise<Identity | undefined> {
    const shown = await this.#prisma.apiKey.findUnique({
      where: { hash },
      include: { rotatedTo: true, team: { select: { deletedAt: true } } },
    });
    const nowMs = this.#clock.nowMs();
    const isOver = (each: { readonly revokedAt: Date | null; readonly expiresAt: Date | null }) =>
      each.revokedAt !== null || (each.expiresAt !== null && each.expiresAt.getTime() <= nowMs);
    if (!shown || isOver(shown) || shown.team?.deletedAt) return undefined;
    // An old secret that is still good acts as the key that goes on: with its scopes, budget and limits.
    const key = shown.rotatedTo ?? shown;
    if (isOver(key)) return undefined;
    this.#keys?.note(key);
    const scopes = new Set<ApiKeyScope>(apiKeyScopes.filter((scope) => key.scopes.includes(scope)));
    return {
      teamId: key.teamId,
      accessRole: mayAnywhere({ scopes }, 'MANAGE') ? 'ADMIN' : mayAnywhere({ scopes }, 'RUN') ? 'DEVELOPER' : 'VIEWER',
      scopes,
      userId: key.createdById ?? undefined,
      apiKeyId: key.id,
      subject: key.id,
      ...(key.dataOrigin && { dataOrigin: key.dataOrigin === 'SIMULATED' ? 'SIMULATED' : 'LIVE' }),
      ...(shown !== key && { oldSecretId: shown.id }),
    };
  }

  async #findSession(cookie: string): Promise<Identity | undefined> {
    const session = await this.#auth.api.getSession({ headers: new Headers({ cookie }) });
    if (!session) return undefined;
    const memberships = await this.#prisma.member.findMany({
      where: { userId: session.user.id, team: { deletedAt: null } },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      select: { id: true, teamId: true, role: true, team: { select: { requiresTwoFactor: true } } },
    });
    const { activeTeamId, signInMethod } = session.session;
    const membership = memberships.find(({ teamId }) => teamId === activeTeamId) ?? memberships[0];
    if (!membership) return undefined;
    const accessRole = parseAccessRole(membership.role);
    // Whoever came by single sign-on has been asked for a second factor there, or not: that is decided there.
    const isRestricted = membership.team.requiresTwoFactor && !session.user.twoFactorEnabled && signInMethod !== 'sso';
    return {
      teamId: membership.teamId,
      accessRole,
      scopes: isRestricted ? new Set() : scopesOf(accessRole),
      userId: session.user.id,
      apiKeyId: undefined,
      subject: session.session.id,
      memberId: membership.id,
      ...(isRestricted && { restriction: twoFactorWanted }),
    };
  }
}
