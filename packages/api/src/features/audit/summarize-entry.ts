import type { AuditEntry } from '../../generated/prisma/client.ts';
import { listChanges, readPayload } from './audit-payload.ts';

const verbs: Readonly<Record<string, string>> = { INSERT: 'Added', UPDATE: 'Changed', DELETE: 'Removed' };

/** `AlertChannel` → `alert channel`. */
export function wordsOf(objectType: string): string {
  return objectType
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^api /, 'API ')
    .replace(/^two factor$/, 'second factor');
}

/** One sentence of what happened, for people. */
export function summarizeEntry(entry: AuditEntry): string {
  const { operation, objectType, objectName, action } = entry;
  const name = objectName === null || objectName === '' ? '' : ` "${objectName}"`;
  if (operation === 'EVENT') {
    const words = wordsOf(action.replace(/^./, (first) => first.toUpperCase()));
    return `${words[0]?.toUpperCase()}${words.slice(1)}${name}.`;
  }
  if (objectType === 'Session')
    return operation === 'INSERT' ? `${objectName ?? 'Somebody'} signed in.` : `A session of ${objectName} ended.`;
  if (objectType === 'TwoFactor' && operation !== 'UPDATE')
    return `${objectName} ${operation === 'INSERT' ? 'set up' : 'removed'} a second factor.`;
  if (objectType === 'Account' && operation === 'UPDATE') return `${objectName} changed the password.`;
  const { secrets } = readPayload(entry);
  const paths = operation === 'UPDATE' ? [...new Set([...topNames(entry), ...secrets])] : [];
  const what = paths.length === 0 ? '' : `: ${paths.slice(0, 6).join(', ')}${paths.length > 6 ? ', …' : ''}`;
  return `${verbs[operation] ?? operation} ${wordsOf(objectType)}${name}${what}.`;
}

function topNames(entry: AuditEntry): readonly string[] {
  return listChanges(entry)
    .filter(({ isSecret }) => !isSecret)
    .map(({ path }) => path.split('.')[0] ?? path);
}
