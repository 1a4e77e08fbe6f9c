import { describe, expect, it } from 'vitest';
import { checkDatabaseServer } from './check-database-server.ts';

const failing = (code: string | undefined, message: string) => () =>
  Promise.reject(Object.assign(new Error(message), { code }));

describe('checkDatabaseServer', () => {
  it('names server and version, not the password', async () => {
    const check = await checkDatabaseServer(
      { databaseUrl: 'postgresql://me:hunter2@db.example.com/main' },
      async () => '16.4',
    );
    expect(check).toEqual({
      id: 'database',
      title: 'Database',
      status: 'passed',
      message: 'Postgres 16.4 at db.example.com/main.',
    });
  });

  it('asks no server when the database is embedded', async () => {
    expect((await checkDatabaseServer({}, failing(undefined, 'never'))).status).toBe('passed');
  });

  it.each([
    ['28P01', 'password authentication failed', 'Check user "me" and password in DATABASE_URL.'],
    ['3D000', 'database "main" does not exist', 'Create that database, or name another one in DATABASE_URL.'],
    ['ECONNREFUSED', '', 'Check that the server runs, and host and port in DATABASE_URL.'],
    [undefined, 'timeout expired', 'Check that the server runs, and host and port in DATABASE_URL.'],
  ])('%s: %s', async (code, message, remedy) => {
    const check = await checkDatabaseServer({ databaseUrl: 'postgresql://me:hunter2@db/main' }, failing(code, message));
    expect(check).toMatchObject({ status: 'failed', remedy });
    expect(check.message).toContain(message || code);
  });

  it.each(['hunter2', 'hunter%232', 'hunter%zz2'])(
    'takes the password %s out of the words of the driver',
    async (password) => {
      const decoded = password.replace('%23', '#');
      const check = await checkDatabaseServer(
        { databaseUrl: `postgresql://me:${password}@db/main` },
        failing(undefined, `cannot use ${password} or ${decoded}`),
      );
      expect(check.message).not.toContain('hunter');
    },
  );
});
