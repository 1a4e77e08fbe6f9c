/** Switchyard's API alone: identity, limits, routing to one model, metering and telemetry on, embedded database. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiServer, readSettings } from '@switchyard/api';

const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-bench-'));
const server = createApiServer(readSettings({ ...process.env, PORT: '0', SWITCHYARD_SIMULATOR: 'off' }, dataDir));
const { url } = await server.start();
console.log(`ready ${url}`);
process.once('SIGTERM', async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
  process.exit(0);
});
