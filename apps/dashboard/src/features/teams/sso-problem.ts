const sentences: Readonly<Record<string, string>> = {
  signup_disabled: 'You have no account here yet. Ask an admin of your team for an invitation.',
  account_not_linked:
    'There is an account with your email that single sign-on may not open. Sign in with your password, or ask an admin.',
  unable_to_link_account:
    'There is an account with your email that single sign-on may not open. Sign in with your password, or ask an admin.',
  email_not_verified: 'Your email is not verified at the sign-in service. Verify it there, then try again.',
  email_domain_not_allowed: 'Addresses of this domain may not sign in here. Use the address of your work.',
  domain_not_allowed: 'Addresses of this domain may not sign in here. Use the address of your work.',
  not_invited: 'You have no account here yet. Ask an admin of your team for an invitation to this address.',
  sign_up_closed: 'You have no account here yet. Ask an admin of your team for an invitation to this address.',
  no_team: 'You are in no team any more. Ask an admin of your team for an invitation.',
  invalid_code: 'The sign-in took too long or was started in another window. Try again.',
  email_is_missing: 'The sign-in service did not tell your email. Ask its admin to release it.',
  state_mismatch: 'The sign-in took too long or was started in another window. Try again.',
  state_not_found: 'The sign-in took too long or was started in another window. Try again.',
  please_restart_the_process: 'The sign-in took too long. Try again.',
  access_denied: 'The sign-in was cancelled.',
  issuer_mismatch: 'The answer came from another sign-in service than the one that was asked. Tell your admin.',
};

/** What the code means that a single sign-on brought back in the address; undefined without a code. */
export function ssoProblem(code: string | null): string | undefined {
  if (!code) return undefined;
  const known = sentences[code.toLowerCase()];
  if (known) return known;
  // The address can be written by anybody, so only something that looks like a code is repeated.
  const shown = /^[\w-]{1,60}$/.test(code) ? ` (${code})` : '';
  return `Single sign-on did not work${shown}. Try again; if it goes on, tell your admin.`;
}
