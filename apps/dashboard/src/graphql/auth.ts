/** The result of a call to the sign-in endpoints: the answer on success, else a sentence for the form. */
export type AuthOutcome<Data = unknown> =
  | { readonly ok: true; readonly data: Data }
  | { readonly ok: false; readonly message: string; readonly code: string | undefined };

const sentences: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'The email or the password is not right.',
  INVALID_PASSWORD: 'The password is not right.',
  CREDENTIAL_ACCOUNT_NOT_FOUND: 'This account has no password: it signs in with single sign-on.',
  USER_ALREADY_EXISTS: 'There is already an account with this email. Sign in instead.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'There is already an account with this email. Sign in instead.',
  PASSWORD_TOO_SHORT: 'The password is too short (8 characters at least).',
  PASSWORD_TOO_LONG: 'The password is too long (128 characters at most).',
  INVALID_EMAIL: 'This is not an email address.',
  INVALID_TOKEN: 'This link has been used already, or it has expired. Ask for a new one.',
  INVALID_CODE: 'The code is not right. Codes change every 30 seconds: try the one that is shown now.',
  INVALID_BACKUP_CODE: 'This backup code is not right, or it was used before.',
  INVALID_TWO_FACTOR_COOKIE: 'Too much time has passed since the password. Sign in again.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many wrong codes. Sign in again with your password.',
  SESSION_NOT_FRESH: 'For this you need to have signed in a short time ago. Sign out, sign in, and try again.',
};

/** "30 seconds", "2 minutes": how long to wait, as the server asks. */
function waitOf(response: Response): string {
  const seconds = Number(response.headers.get('retry-after') ?? response.headers.get('x-retry-after'));
  if (!Number.isFinite(seconds) || seconds <= 0) return 'a minute';
  if (seconds < 90) return `${Math.ceil(seconds)} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}

/** Asks a sign-in endpoint. Never throws: what went wrong is a sentence that says what to do. */
export async function askAuth<Data = unknown>(path: string, body?: object): Promise<AuthOutcome<Data>> {
  try {
    const response = await fetch(`/api/auth/${path}`, {
      credentials: 'same-origin',
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = (await response.json().catch(() => undefined)) as
      | (Data & { code?: string; message?: string })
      | undefined;
    if (response.ok) return { ok: true, data: (answer ?? {}) as Data };
    const code = answer?.code;
    if (response.status === 429)
      return { ok: false, code, message: `Too many tries. Wait ${waitOf(response)}, then try again.` };
    return {
      ok: false,
      code,
      message:
        sentences[code ?? ''] ||
        answer?.message ||
        (response.status === 401
          ? 'You are not signed in any more. Sign in and try again.'
          : `The server answered with status ${response.status}.`),
    };
  } catch {
    return { ok: false, code: undefined, message: 'The server did not answer. Is Switchyard running?' };
  }
}

/** How people may sign in to this installation. */
export interface SignInWays {
  readonly needsOwner: boolean;
  readonly password: boolean;
  readonly sso: { readonly id: string; readonly name: string } | null;
  /** Whether the installation can send mail. */
  readonly mail: boolean;
}

/** Signs in; `twoFactorRedirect` says that a code is wanted before there is a session. */
export const signIn = (input: { email: string; password: string }) =>
  askAuth<{ twoFactorRedirect?: boolean }>('sign-in/email', input);
export const signUp = (input: { name: string; email: string; password: string }) => askAuth('sign-up/email', input);
export const signOut = () => askAuth('sign-out', {});
export const signInWays = () => askAuth<SignInWays>('ways');

/** True while the installation has no owner yet. */
export async function needsOwner(): Promise<boolean> {
  const outcome = await askAuth<{ needsOwner: boolean }>('setup');
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.data.needsOwner;
}
