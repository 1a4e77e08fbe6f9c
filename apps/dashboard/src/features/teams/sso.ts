import { askAuth } from '../../graphql/auth.ts';

/** Leaves the page for the sign-in service, which leads back to `next`; answers only when that did not work, with why. */
export async function leaveForSso(next: string): Promise<string> {
  const outcome = await askAuth<{ url?: string }>('sign-in/oauth2', { callbackURL: next });
  if (!outcome.ok) return outcome.message;
  if (!outcome.data.url) return 'Single sign-on did not say where to go. Tell your admin.';
  location.assign(outcome.data.url);
  return new Promise(() => {});
}
