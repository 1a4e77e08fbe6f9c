import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@switchyard/core/kernel';
import type { TestProject } from 'vitest/node';
import { createApiServer } from '../server.ts';
import { testSettings } from './test-settings.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Postgres server to test against; empty means the embedded one. */
    testDatabaseUrl: string;
    /** A data folder with a migrated database, owner and key, to be copied. */
    dataDirTemplate: string;
  }
}

/** Vitest's global setup: makes one data folder that every test server starts from a copy of. */
export default async function createDataDirTemplate(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-template-'));
  const server = createApiServer(testSettings(dataDir), { log: silentLog });
  await server.start();
  await server.stop();
  project.provide('dataDirTemplate', dataDir);
  return () => rm(dataDir, { recursive: true, force: true });
}
