import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@switchyard/core/kernel';
import type { TestProject } from 'vitest/node';
import { createApiServer } from '../server.ts';
import { createTestDatabase } from './test-database.ts';
import { testSettings } from './test-settings.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Postgres server to test against; empty means the embedded one. */
    testDatabaseUrl: string;
    /** A data folder to be copied: its secret and, unless there is a Postgres server, a migrated database with owner and key. */
    dataDirTemplate: string;
    /** On a Postgres server: the name of a database with the same content, to be copied. */
    databaseTemplate: string;
  }
}

/** Vitest's global setup: makes one data folder, and database, that every test server starts from a copy of. */
export default async function createDataDirTemplate(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-template-'));
  const serverUrl = project.config.provide.testDatabaseUrl ?? '';
  const database = serverUrl === '' ? undefined : await createTestDatabase(serverUrl);
  const settings = testSettings(dataDir, database && { DATABASE_URL: database.url });
  const server = createApiServer(settings, { log: silentLog });
  await server.start();
  await server.stop();
  project.provide('dataDirTemplate', dataDir);
  project.provide('databaseTemplate', database?.name ?? '');
  return async () => {
    await database?.drop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
