import { readSettings } from '../env.ts';
import type { ApiSettings } from '../settings.ts';

/** The owner, and the key with all scopes, of every test server. The key doubles as a canary: it may appear nowhere. */
export const testOwner = { email: 'owner@switchyard.test', password: 'correct horse battery' } as const;
export const testKey = 'sk-canary-0123456789abcdefghijklmnopqrstuvwxyz';

/** Settings of a test server on any free port, with limits that do not disturb tests which are not about limits. */
export function testSettings(dataDir: string, environment: Readonly<Record<string, string>> = {}): ApiSettings {
  return readSettings(
    {
      PORT: '0',
      SWITCHYARD_INIT_OWNER_EMAIL: testOwner.email,
      SWITCHYARD_INIT_OWNER_PASSWORD: testOwner.password,
      SWITCHYARD_INIT_API_KEY: testKey,
      SWITCHYARD_GRAPH_BUCKET_POINTS: '1000000000',
      SWITCHYARD_SIGN_INS_PER_MINUTE: '1000000',
      ...environment,
    },
    dataDir,
  );
}
