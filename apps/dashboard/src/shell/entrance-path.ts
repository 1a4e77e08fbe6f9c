import { needsOwner } from '../graphql/auth.ts';

const entrances = new Set(['/sign-in', '/setup', '/forgot-password', '/reset-password', '/accept-invitation']);

/** Whether a page is for people who are not signed in. */
export const isEntrance = (path: string): boolean => entrances.has(path);

/** Where somebody without a session goes: setup while there is no owner, else sign-in, which leads back to `target`. */
export async function entrancePath(target: string): Promise<string> {
  const isFresh = await needsOwner().catch(() => false);
  if (isFresh) return '/setup';
  return target === '/' || target === '/compare' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(target)}`;
}

/** Only paths of this site are followed after sign-in. */
export function safeReturnPath(next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/compare';
}
