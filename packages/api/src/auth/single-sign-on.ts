import type { Log } from '@switchyard/core/kernel';
import type { AuthContext } from 'better-auth';
import { genericOAuth } from 'better-auth/plugins';
import type { SingleSignOnSettings } from '../settings.ts';
import type { Auth } from './auth.ts';

/** Names the provider in paths and accounts: `/api/auth/callback/sso`. */
export const singleSignOnId = 'sso';

/** The parts of `/.well-known/openid-configuration` that are looked at here. */
interface Discovery {
  readonly issuer: string;
  readonly userinfo_endpoint?: string;
}

const deadlineMs = 5_000;

/**
 * Sign-in at the organisation's identity provider: OpenID Connect with the code flow, PKCE, state and nonce. The provider
 * is looked up when somebody wants to sign in and was not found before, so that neither has to be started first.
 */
export class SingleSignOn {
  readonly #settings: SingleSignOnSettings | undefined;
  readonly #auth: Auth;
  readonly #log: Log;
  #discovery: Discovery | undefined;
  #preparing: Promise<boolean> | undefined;

  constructor(settings: SingleSignOnSettings | undefined, auth: Auth, log: Log) {
    this.#settings = settings;
    this.#auth = auth;
    this.#log = log;
  }

  /** What the sign-in page offers; null when single sign-on is not set up. */
  get offer(): { readonly id: string; readonly name: string } | null {
    return this.#settings ? { id: singleSignOnId, name: this.#settings.name } : null;
  }

  /** False: people sign in at the identity provider alone. */
  get isPasswordAllowed(): boolean {
    return this.#settings?.isOnly !== true;
  }

  /** Whether the identity provider is known; looks it up when it is not. */
  async prepare(): Promise<boolean> {
    if (!this.#settings) return false;
    if (this.#discovery) return true;
    this.#preparing ??= this.#discover(this.#settings).finally(() => {
      this.#preparing = undefined;
    });
    return this.#preparing;
  }

  async #discover(settings: SingleSignOnSettings): Promise<boolean> {
    const discoveryUrl = `${settings.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    try {
      const answer = await fetch(discoveryUrl, { redirect: 'error', signal: AbortSignal.timeout(deadlineMs) });
      const discovery = (await answer.json()) as Discovery;
      // OpenID Connect Discovery 1.0, section 4.3: the issuer must be the one that was asked for.
      if (!answer.ok || discovery.issuer !== settings.issuer) {
        this.#log.error({ status: answer.status, issuer: discovery.issuer }, 'the identity provider is another one');
        return false;
      }
      const plugin = genericOAuth({
        config: [
          {
            providerId: singleSignOnId,
            name: settings.name,
            discoveryUrl,
            clientId: settings.clientId,
            ...(settings.clientSecret !== undefined && { clientSecret: settings.clientSecret }),
            ...(settings.clientSecret === undefined && { tokenEndpointAuth: { method: 'none' as const } }),
            scopes: ['openid', 'email', 'profile'],
            pkce: true,
            requireIdTokenVerification: true,
            getUserInfo: (tokens) => readClaims(tokens, discovery.userinfo_endpoint),
          },
        ],
      });
      const context = (await this.#auth.$context) as unknown as AuthContext;
      const made = await plugin.init(context);
      if (!made.context.socialProviders.some(({ id }) => id === singleSignOnId)) return false;
      context.socialProviders = made.context.socialProviders;
      this.#discovery = discovery;
      return true;
    } catch (error) {
      this.#log.error({ error: String(error) }, 'the identity provider does not answer');
      return false;
    }
  }
}

/**
 * Who the verified ID token speaks of. Providers may keep the address out of it; then it is asked for, and believed only
 * when the answer speaks of the same person (OpenID Connect Core 1.0, section 5.3.2).
 */
async function readClaims(
  tokens: { readonly idToken?: string | undefined; readonly accessToken?: string | undefined },
  userInfoUrl: string | undefined,
) {
  if (tokens.idToken === undefined) return null;
  const fromToken = decodePayload(tokens.idToken);
  if (typeof fromToken?.sub !== 'string') return null;
  let claims = fromToken;
  if (typeof claims.email !== 'string' && userInfoUrl !== undefined && tokens.accessToken !== undefined) {
    const answer = await fetch(userInfoUrl, {
      headers: { authorization: `Bearer ${tokens.accessToken}` },
      redirect: 'error',
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (!answer.ok) return null;
    const more = (await answer.json()) as Record<string, unknown>;
    if (more.sub !== fromToken.sub) return null;
    claims = { ...more, ...fromToken };
  }
  const { sub, email, email_verified: isVerified, name } = claims;
  if (typeof email !== 'string') return null;
  return {
    ...{ id: String(sub), sub: String(sub), email: email.toLowerCase() },
    emailVerified: isVerified === true,
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 100) : (email.split('@')[0] ?? email),
  };
}

/** The claims of a token whose signature was checked already. */
function decodePayload(token: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Refuses people of the identity provider whose address is not confirmed, or not of a domain that the operator allows. */
export function validateSingleSignOnUser(
  settings: SingleSignOnSettings | undefined,
  user: { readonly email?: string | null | undefined; readonly emailVerified?: boolean | null | undefined },
  method: string,
): { readonly error: string; readonly errorDescription: string } | undefined {
  if (method !== 'oauth') return undefined;
  if (user.emailVerified !== true) {
    return {
      error: 'email_not_verified',
      errorDescription:
        'Your identity provider has not confirmed your e-mail address. Confirm it there, then try again.',
    };
  }
  const domain = user.email?.split('@').at(-1)?.toLowerCase() ?? '';
  if (settings && settings.allowedDomains.length > 0 && !settings.allowedDomains.includes(domain)) {
    return {
      error: 'domain_not_allowed',
      errorDescription: 'People with e-mail addresses of this domain may not sign in here. Ask the operator.',
    };
  }
  return undefined;
}
