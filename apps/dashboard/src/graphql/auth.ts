/** The result of a call to the sign-in endpoints: nothing on success, else a sentence for the form. */
export type AuthOutcome = { ok: true } | { ok: false; message: string };

const sentences: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'The email or the password is not right.',
  USER_ALREADY_EXISTS: 'There is already an account with this email. Sign in instead.',
  PASSWORD_TOO_SHORT: 'The password is too short.',
  PASSWORD_TOO_LONG: 'The password is too long (128 characters at most).',
  INVALID_EMAIL: 'This is not an email address.',
};

async function post(path: string, body: object): Promise<AuthOutcome> {
  try {
    const response = await fetch(`/api/auth/${path}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) return { ok: true };
    if (response.status === 429) return { ok: false, message: 'Too many tries. Wait a minute, then try again.' };
    const problem = (await response.json().catch(() => undefined)) as { code?: string; message?: string } | undefined;
    return {
      ok: false,
      message:
        sentences[problem?.code ?? ''] ?? problem?.message ?? `The server answered with status ${response.status}.`,
    };
  } catch {
    return { ok: false, message: 'The server did not answer. Is Switchyard running?' };
  }
}

export const signIn = (input: { email: string; password: string }) => post('sign-in/email', input);
export const signUp = (input: { name: string; email: string; password: string }) => post('sign-up/email', input);
export const signOut = () => post('sign-out', {});

/** True while the installation has no owner yet. */
export async function needsOwner(): Promise<boolean> {
  const response = await fetch('/api/auth/setup', { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return ((await response.json()) as { needsOwner: boolean }).needsOwner;
}
