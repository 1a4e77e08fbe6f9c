import type { MailSettings } from '../mail/mailer.ts';
import type { SingleSignOnSettings } from '../settings.ts';
import { accessRoles } from './identity.ts';

type Read = (name: string) => string | undefined;

/** Reads how mail is sent; undefined when nothing says so. Problems name the variable, never the URL: it holds a password. */
export function readMailSettings(read: Read, problems: string[]): MailSettings | undefined {
  const [url, from] = [read('SMTP_URL'), read('SMTP_FROM')];
  if (url === undefined && from === undefined) return undefined;
  if (url === undefined || !URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol)) {
    problems.push(
      'SMTP_URL must be a URL like smtp://user:password@mail.example.com:587 (smtps:// for TLS from the start).',
    );
  }
  if (from === undefined || !/^[^\r\n]*[^\s@<]+@[^\s@>]+>?$/.test(from)) {
    problems.push('SMTP_FROM must be the sender of mails, as "Switchyard <switchyard@example.com>".');
  }
  return { url: url ?? '', from: from ?? '' };
}

/** Reads how people sign in at an identity provider; undefined when nothing says so. */
export function readSingleSignOnSettings(read: Read, problems: string[]): SingleSignOnSettings | undefined {
  const [issuer, clientId, clientSecret] = [read('OIDC_ISSUER'), read('OIDC_CLIENT_ID'), read('OIDC_CLIENT_SECRET')];
  const only = read('OIDC_ONLY')?.toLowerCase() ?? 'false';
  if (only !== 'true' && only !== 'false') problems.push(`OIDC_ONLY is "${only}": give true or false.`);
  if (issuer === undefined && clientId === undefined) {
    if (only === 'true') problems.push('OIDC_ONLY needs OIDC_ISSUER and OIDC_CLIENT_ID: else nobody could sign in.');
    return undefined;
  }
  if (issuer === undefined || !isSafeIssuer(issuer)) {
    problems.push('OIDC_ISSUER must be the https:// address of your identity provider, exactly as it calls itself.');
  }
  if (clientId === undefined)
    problems.push('OIDC_CLIENT_ID is missing: your identity provider gives it for this client.');
  const role = read('OIDC_DEFAULT_ROLE')?.toUpperCase();
  const defaultRole = accessRoles.find((each) => each === role);
  if (role !== undefined && (defaultRole === undefined || defaultRole === 'OWNER')) {
    problems.push(`OIDC_DEFAULT_ROLE is "${role.toLowerCase()}": give admin, developer or viewer, or leave it out.`);
  }
  const allowedDomains = (read('OIDC_ALLOWED_DOMAINS') ?? '')
    .split(',')
    .map((domain) => domain.trim().toLowerCase().replace(/^@/, ''))
    .filter((domain) => domain !== '');
  return {
    issuer: issuer ?? '',
    clientId: clientId ?? '',
    ...(clientSecret !== undefined && { clientSecret }),
    name: read('OIDC_NAME') ?? 'single sign-on',
    allowedDomains,
    ...(defaultRole !== undefined && { defaultRole }),
    isOnly: only === 'true',
  };
}

/** Encrypted, or on this machine. */
function isSafeIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}
