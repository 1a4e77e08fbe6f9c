import type { ApiSettings } from '@switchyard/api/checks';
import { type DoctorCheck, failed, passed } from './doctor-check.ts';

const title = 'Database';

/** Whether the database can be used; `connect` answers the server's version. Credentials are never shown. */
export async function checkDatabaseServer(
  { databaseUrl }: Pick<ApiSettings, 'databaseUrl'>,
  connect: (url: string) => Promise<string>,
): Promise<DoctorCheck> {
  if (databaseUrl === undefined) return passed('database', title, 'Embedded Postgres in the data folder.');
  const { host, pathname, username, password } = new URL(databaseUrl);
  try {
    return passed('database', title, `Postgres ${await connect(databaseUrl)} at ${host}${pathname}.`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const words = [password, decoded(password)]
      .filter((secret) => secret.length > 0)
      .reduce((text, secret) => text.replaceAll(secret, '•••'), message || (code ?? 'no answer'));
    return failed(
      'database',
      title,
      `Postgres at ${host}${pathname} cannot be used: ${words}.`,
      remedyFor(code, username),
    );
  }
}

/** A password with a lone percent sign is what it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function remedyFor(code: string | undefined, username: string): string {
  if (code === '28P01' || code === '28000')
    return `Check user${username ? ` "${username}"` : ''} and password in DATABASE_URL.`;
  if (code === '3D000') return 'Create that database, or name another one in DATABASE_URL.';
  return 'Check that the server runs, and host and port in DATABASE_URL.';
}
