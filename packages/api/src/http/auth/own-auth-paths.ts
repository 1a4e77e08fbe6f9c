import { needsFirstOwner } from '../../auth/first-owner.ts';
import { createPasswordReset, finishPasswordReset } from '../../auth/password-reset.ts';
import type { Services } from '../../container.ts';
import {
  acceptAsNewPerson,
  acceptAsUser,
  InvitationRefused,
  readInvitation,
} from '../../features/teams/accept-invitation.ts';
import { linkTo } from '../../features/teams/invitations.ts';
import { outsideScopes } from '../../observability/request-scope.ts';
import { type AuthExchange, AuthRefusal } from './auth-exchange.ts';

/** What a path of ours answers: a body, or an answer of better-auth whose cookies are passed on. */
export interface OwnAnswer {
  readonly status: number;
  readonly body?: unknown;
  /** Signs the person in. */
  readonly signIn?: Response;
  /** Who has just signed in here. */
  readonly email?: string;
}

type OwnPath = (services: Services, exchange: AuthExchange) => Promise<OwnAnswer>;

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** Anonymous people may only know what the sign-in page has to show. */
const readWays: OwnPath = async (services) => ({
  status: 200,
  body: {
    needsOwner: await needsFirstOwner(services.prisma),
    password: services.singleSignOn.isPasswordAllowed,
    sso: services.singleSignOn.offer,
    mail: services.mailer.isConfigured,
  },
});

const showInvitation: OwnPath = async (services, { query }) => ({
  status: 200,
  body: await readInvitation(services, query.get('token') ?? ''),
});

const acceptInvitation: OwnPath = async (services, { body, headers }) => {
  const token = text(body.token);
  const session = await services.auth.api.getSession({ headers });
  if (session) {
    const who = { userId: session.user.id, email: session.user.email, sessionId: session.session.id };
    return { status: 200, body: { ...(await acceptAsUser(services, token, who)), isSignedIn: true } };
  }
  if (!services.singleSignOn.isPasswordAllowed) throw passwordOff(services);
  const { teamName, email } = await acceptAsNewPerson(services, token, body);
  const credentials = { email, password: text(body.password) };
  const signIn = await services.auth.api.signInEmail({ body: credentials, headers, asResponse: true });
  return { status: 200, body: { teamName, isSignedIn: signIn.ok }, signIn, email };
};

/** Answers before it looks: neither words nor time tell whether there is such a person. */
const requestReset: OwnPath = async (services, { body }) => {
  const { mailer, attempts, prisma, log } = services;
  if (!services.singleSignOn.isPasswordAllowed) throw passwordOff(services);
  if (!mailer.isConfigured) {
    throw new AuthRefusal(
      409,
      'MAIL_NOT_CONFIGURED',
      'This installation sends no mail. Ask an owner or admin of your team for a link; ' +
        'the only owner asks the operator to run `switchyard reset-password` on the server.',
    );
  }
  const email = text(body.email).trim().toLowerCase().slice(0, 254);
  const send = async () => {
    // Nobody's mailbox is filled by strangers.
    if (attempts.count('reset-mail', email, { most: 3, windowMs: 60 * 60 * 1000 }) !== undefined) return;
    const user = await prisma.user.findUnique({ where: { email } });
    if (!user) return;
    const { token } = await createPasswordReset(services, user.id, 'mail');
    await mailer.send({
      to: user.email,
      subject: 'Choose a new password for Switchyard',
      text: [
        'Somebody, probably you, asked for a new password for Switchyard.',
        `Open this link within an hour to choose one:\n${linkTo(services, '/reset-password', token)}`,
        'If it was not you, do nothing: your password stays as it is.',
      ].join('\n\n'),
    });
  };
  outsideScopes(() => {
    send().catch((error: unknown) => log.warn({ error: String(error) }, 'a reset of a password was not sent'));
  });
  return {
    status: 200,
    body: { message: 'If there is an account with this address, a link is on its way. Look into your mail.' },
  };
};

const resetPassword: OwnPath = async (services, { body, headers }) => {
  const password = text(body.newPassword);
  // Where passwords are off, only the operator's link is left: the way in when the identity provider is away.
  const ways = services.singleSignOn.isPasswordAllowed ? undefined : (['operator'] as const);
  const outcome = await finishPasswordReset(services, text(body.token), password, ways);
  if (!outcome.isDone) throw new AuthRefusal(400, outcome.code, outcome.message);
  if (outcome.way !== 'operator') return { status: 200, body: { isSignedIn: false } };
  const signIn = await services.auth.api.signInEmail({
    body: { email: outcome.email, password },
    headers,
    asResponse: true,
  });
  return { status: 200, body: { isSignedIn: signIn.ok }, signIn };
};

/** Begins single sign-on; the page goes where the answer says. What the client wants besides is not asked. */
const beginSingleSignOn: OwnPath = async (services, { headers, body }) => {
  const { offer } = services.singleSignOn;
  if (!offer) throw new AuthRefusal(404, 'NOT_FOUND', 'Single sign-on is not set up here.');
  if (!(await services.singleSignOn.prepare())) {
    throw new AuthRefusal(
      503,
      'PROVIDER_UNREACHABLE',
      'Your identity provider does not answer, or is not the one that is set up here. Try again in a moment, or ask the operator.',
    );
  }
  const next = text(body.callbackURL);
  // A path of ours: never another site, nor `//other.site`.
  const callbackURL = /^\/(?![/\\])[\w\-./?=&%]*$/.test(next) ? next : '/';
  const signIn = await services.auth.api.signInSocial({
    body: { provider: offer.id, callbackURL, errorCallbackURL: '/sign-in', disableRedirect: true },
    headers,
    asResponse: true,
  });
  const { url } = (await signIn.clone().json()) as { url?: string };
  return { status: signIn.status, body: { url }, signIn };
};

/** What is refused where people sign in at the identity provider alone. */
export function passwordOff(services: Services): AuthRefusal {
  return new AuthRefusal(
    403,
    'PASSWORD_OFF',
    `Passwords are off here. Sign in with ${services.singleSignOn.offer?.name ?? 'single sign-on'}.`,
  );
}

/** Paths that are ours, by method and path. */
export const ownAuthPaths: Readonly<Record<string, OwnPath>> = {
  'GET ways': readWays,
  'GET setup': async (services) => ({ status: 200, body: { needsOwner: await needsFirstOwner(services.prisma) } }),
  'GET invitation': showInvitation,
  'POST accept-invitation': acceptInvitation,
  'POST request-password-reset': requestReset,
  'POST reset-password': resetPassword,
  'POST sign-in/oauth2': beginSingleSignOn,
};

/** Failures of these paths in the words of HTTP; undefined for what is unexpected. */
export function refusalOf(error: unknown): AuthRefusal | undefined {
  if (error instanceof AuthRefusal) return error;
  if (error instanceof InvitationRefused) return new AuthRefusal(error.status, error.code, error.message);
  return undefined;
}
