import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@switchyard/simulator';
import { inject } from 'vitest';
import type { Services } from '../container.ts';
import type { SimulatorControl } from '../features/providers/simulated-failures.ts';
import { createApiServer, type ServerParts } from '../server.ts';
import { RecordingLog } from './recording-log.ts';
import { createTestDatabase, type DatabaseOutage } from './test-database.ts';
import { testKey, testSettings } from './test-settings.ts';

export interface TestServerOptions extends Omit<ServerParts, 'simulatorBaseUrls' | 'log'> {
  /** Of the simulator: 1 is real time; default Infinity. */
  readonly speed?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Begin without owner and key, on a fresh database. */
  readonly isFresh?: boolean;
  /** Give the server the simulator's levers, as the launcher does. */
  readonly isWithSimulatorControl?: boolean;
  /** Leave out the simulator's providers. */
  readonly isWithoutSimulator?: boolean;
}

/** A whole server on a database of its own, with the simulator behind it. */
export interface TestServer {
  readonly url: string;
  readonly graphUrl: string;
  readonly socketUrl: string;
  /** A key of the owner with all scopes. */
  readonly key: string;
  readonly dataDir: string;
  /** On a Postgres server: take the database away, and give it back. */
  readonly outage: DatabaseOutage | undefined;
  readonly simulator: Simulator;
  readonly services: Services;
  readonly log: RecordingLog;
  /** Stops the server alone; `stop` may still be called. */
  stopServer(drainMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { speed, environment, isFresh, isWithoutSimulator, isWithSimulatorControl, ...parts } = options;
  const serverUrl = inject('testDatabaseUrl');
  const template = isFresh ? undefined : inject('databaseTemplate');
  const database = serverUrl === '' ? undefined : await createTestDatabase(serverUrl, template);
  const dataDir = await mkdtemp(join(tmpdir(), 'switchyard-test-'));
  if (!isFresh) await cp(inject('dataDirTemplate'), dataDir, { recursive: true });
  const simulator = await startSimulator({ speed: speed ?? Number.POSITIVE_INFINITY });
  const log = new RecordingLog();
  const settings = testSettings(dataDir, { ...environment, ...(database && { DATABASE_URL: database.url }) });
  const { firstOwner, ...withoutOwner } = settings;
  const server = createApiServer(isFresh || !firstOwner ? withoutOwner : settings, {
    ...parts,
    log,
    ...(!isWithoutSimulator && { simulatorBaseUrls: simulator.baseUrls }),
    ...(isWithSimulatorControl && { simulatorControl: simulator.control as unknown as SimulatorControl }),
  });
  const { url, services } = await server.start();
  return {
    url,
    graphUrl: `${url}/graphql`,
    socketUrl: `${url.replace('http', 'ws')}/graphql`,
    key: testKey,
    dataDir,
    outage: database?.outage,
    simulator,
    services,
    log,
    stopServer: (drainMs) => server.stop(drainMs),
    stop: async () => {
      await server.stop();
      await simulator.stop();
      await database?.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
