import { askAuth } from '../../graphql/auth.ts';

/** What somebody who holds the link of an invitation may know of it. */
export interface InvitationView {
  readonly teamName: string;
  readonly email: string;
  readonly accessRole: 'OWNER' | 'ADMIN' | 'DEVELOPER' | 'VIEWER';
  readonly invitedBy: string | null;
  readonly hasAccount: boolean;
  readonly state: 'PENDING' | 'ACCEPTED' | 'EXPIRED' | 'REVOKED';
}

export const readInvitation = (token: string) =>
  askAuth<InvitationView>(`invitation?token=${encodeURIComponent(token)}`);
export const acceptInvitation = (input: { token: string; name?: string; password?: string }) =>
  askAuth<{ isSignedIn?: boolean }>('accept-invitation', input);

/** The e-mail of whoever is signed in on this device; undefined for nobody. */
export async function signedInEmail(): Promise<string | undefined> {
  const outcome = await askAuth<{ user?: { email: string } }>('get-session');
  return outcome.ok ? outcome.data.user?.email : undefined;
}

/** Why an invitation cannot be accepted and what to do; undefined while it can. */
export function invitationEnd(state: InvitationView['state']): { title: string; text: string } | undefined {
  switch (state) {
    case 'PENDING':
      return undefined;
    case 'ACCEPTED':
      return {
        title: 'This invitation was accepted already',
        text: 'Sign in with the account that accepted it. If that was not you, tell the person who invited you.',
      };
    case 'EXPIRED':
      return {
        title: 'This invitation has expired',
        text: 'Ask the person who invited you to renew it: under Team, Members, one press makes a new link.',
      };
    case 'REVOKED':
      return {
        title: 'This invitation was taken back',
        text: 'If you think that is a mistake, ask the person who invited you for a new one.',
      };
  }
}
