import { testOwner } from './test-settings.ts';

/** Signs somebody in with a password, as the dashboard does; answers the value of the header Cookie. */
export async function signInCookie(
  server: { readonly url: string },
  who: { readonly email: string; readonly password: string } = testOwner,
): Promise<string> {
  const response = await fetch(`${server.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ email: who.email, password: who.password }),
  });
  if (response.status !== 200) throw new Error(`The sign-in was refused with ${response.status}.`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
