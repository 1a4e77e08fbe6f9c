import { createHash } from 'node:crypto';
import type { Services } from '../../container.ts';
import { recordAuditEvent } from '../../features/audit/record-audit-event.ts';
import { type AuthExchange, AuthRefusal } from './auth-exchange.ts';

const minuteMs = 60_000;

/** What one address may ask only so often; the codes of second factors count together. */
const countedPaths = new Set([
  'sign-in/email',
  'sign-up/email',
  'sign-in/oauth2',
  'callback/sso',
  'invitation',
  'accept-invitation',
  'request-password-reset',
  'reset-password',
  'change-password',
]);

/** Paths where whoever sits at an open session would have to guess the password. */
const confirmPaths = new Set([
  'change-password',
  'two-factor/enable',
  'two-factor/disable',
  'two-factor/generate-backup-codes',
  'two-factor/verify-totp',
]);

/** How a try ended, when it is one that counts. */
export interface GuardedTry {
  end(status: number): void;
}

/**
 * Counts what comes in against the limits, per address and per account, before anything is looked up: throws
 * {@link AuthRefusal} with the time to wait. What it answers is told how the try ended.
 */
export function guardAttempt(services: Services, exchange: AuthExchange): GuardedTry {
  const { attempts, devices } = services;
  const { path, address, body, cookie } = exchange;
  const counted = path.startsWith('two-factor/') ? 'two-factor' : countedPaths.has(path) ? path : undefined;
  const rule = { most: services.settings.limits.signInsPerMinute, windowMs: minuteMs };
  const waitMs = counted && attempts.count(counted, address, rule);
  if (typeof waitMs === 'number') throw tooMany(waitMs, 'This network address asked too often.');
  const email = typeof body.email === 'string' ? body.email.trim().toLowerCase().slice(0, 254) : '';
  let account: string | undefined;
  if (path === 'sign-in/email') {
    const device = devices.read(cookie, email);
    account = device === undefined ? `sign-in ${hash(email)}` : `device ${device}`;
  } else if (confirmPaths.has(path)) {
    // The session's own cookie: others beside it must not make another count. Without one nothing is confirmed.
    const session = /session_token=([^;]+)/.exec(cookie ?? '')?.[1];
    if (session !== undefined) account = `confirm ${hash(session)}`;
  }
  if (account === undefined) return { end: () => {} };
  const name = account;
  const accountWaitMs = attempts.begin(name);
  if (accountWaitMs !== undefined) {
    throw tooMany(accountWaitMs, 'There were too many wrong tries for this account.');
  }
  return {
    end: (status) => {
      if (status < 400) attempts.succeed(name);
      else if (status === 401 && path === 'sign-in/email') tellFailure(services, email);
    },
  };
}

/** Tells every team of a person of a failed sign-in, behind the answer: whether there is such a person must not be felt. */
function tellFailure(services: Services, email: string): void {
  const tell = async () => {
    const user = await services.prisma.user.findUnique({
      where: { email },
      select: { id: true, name: true, memberships: { where: { team: { deletedAt: null } }, select: { teamId: true } } },
    });
    for (const { teamId } of user?.memberships ?? []) {
      await recordAuditEvent(services, {
        ...{ teamId, action: 'failedSignIn', objectType: 'User', objectId: user?.id, objectName: user?.name },
        actor: { kind: 'SYSTEM', reason: 'Somebody tried to sign in with a wrong password.' },
      });
    }
  };
  tell().catch((error: unknown) => services.log.warn({ error: String(error) }, 'a failed sign-in was not recorded'));
}

function tooMany(waitMs: number, what: string): AuthRefusal {
  const seconds = Math.ceil(waitMs / 1000);
  return new AuthRefusal(
    429,
    'TOO_MANY_ATTEMPTS',
    `${what} Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.`,
    waitMs,
  );
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);
