import type { ApiSettings, SettingsError } from '@switchyard/api';
import { StartError } from './start-error.ts';

type Surroundings = Pick<ApiSettings, 'host' | 'port' | 'databaseUrl'>;

/** What to show a person for an error at start: clear sentences for what they can mend, undefined for a defect of ours. */
export function explainStartError(error: unknown, settings: Surroundings | undefined): string | undefined {
  if (error instanceof StartError) return error.message;
  if (isSettingsError(error)) {
    return ['These settings cannot be used:', ...error.problems.map((problem) => `  - ${problem}`)].join('\n');
  }
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined) {
    // The API throws a plain Error with a sentence for what it foresaw; anything else is a defect and keeps its stack.
    return error.name === 'Error' ? error.message : undefined;
  }
  if (code === 'ENOSPC') return 'The disk is full: free some space and start again.';
  if (settings?.databaseUrl !== undefined && syscall !== 'listen' && isDatabaseCode(code)) {
    const { host } = new URL(settings.databaseUrl);
    return `The database at ${host} cannot be used (${error.message || code}): check DATABASE_URL and that the server runs.`;
  }
  return settings ? explainAddress(code, settings) : undefined;
}

/** By name: loading the whole API only to know its class would cost seconds. */
const isSettingsError = (error: unknown): error is SettingsError =>
  error instanceof Error && error.name === 'SettingsError';

/** Network errors of a connection, and the five characters of an SQLSTATE. */
const isDatabaseCode = (code: string): boolean =>
  ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(code) ||
  /^[0-9A-Z]{5}$/.test(code);

function explainAddress(code: string, { host, port }: Surroundings): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is used by another program: stop that one, or start with another port, for example PORT=${port + 1} npm start.`;
    case 'EACCES':
      return `Port ${port} may not be opened by your user: take one above 1023, for example PORT=4400 npm start.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST=${host} is no address of this machine: use 127.0.0.1 for this machine alone, or 0.0.0.0 for all networks.`;
    default:
      return undefined;
  }
}
