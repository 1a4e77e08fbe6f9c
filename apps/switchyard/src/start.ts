import { join, resolve } from 'node:path';
import { type ApiSettings, createApiServer, readConfigurationFile, readSettings } from '@switchyard/api';
import { type Simulator, startSimulator } from '@switchyard/simulator';
import { assertPortIsFree } from './assert-port-is-free.ts';
import { connectSimulatorControl } from './connect-simulator-control.ts';
import { loadDashboard } from './dashboard/load-dashboard.ts';
import { loadPersistedDocuments } from './dashboard/load-persisted-documents.ts';
import { serveDashboard } from './dashboard/serve-dashboard.ts';
import { prepareDataFolder } from './data-folder.ts';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts';
import { explainStartError } from './explain-start-error.ts';
import { showProgress } from './show-progress.ts';
import { drawStartBox } from './start-box.ts';
import { StartError } from './start-error.ts';
import { startHints } from './start-hints.ts';
import { listenForStop } from './stop-signals.ts';

const repositoryRoot = resolve(import.meta.dirname, '../../..');
const dashboardDir = join(repositoryRoot, 'apps/dashboard');
/** What is running may end by itself for so long … */
const drainMs = 20_000;
/** … and everything together may take so long. */
const stopWithinMs = 30_000;

/** `switchyard start`: API, dashboard and simulator on one port, until asked to stop. Answers the exit code. */
export async function start(environment: Readonly<Record<string, string | undefined>>): Promise<number> {
  const stopSignals = listenForStop();
  let settings: ApiSettings | undefined;
  let running: Running;
  try {
    settings = readSettings(environment, join(repositoryRoot, '.switchyard'));
    const simulatorPort = readSimulatorPort(environment);
    running = await startParts({ ...settings, dataDir: resolve(settings.dataDir) }, simulatorPort);
    stopSignals.onReload(running.reload);
  } catch (error) {
    const explanation = explainStartError(error, settings);
    if (explanation === undefined) throw error;
    console.error(`\n${explanation}\n`);
    return 1;
  }

  const reason = await stopSignals.requested;
  console.log(reason === 'SIGINT' ? '\nStopping … (Ctrl-C again to stop at once)' : '\nStopping …');
  const tooLate = new Promise<'late'>((late) => setTimeout(() => late('late'), stopWithinMs).unref());
  const outcome = await Promise.race([
    running.stop().then(() => 'stopped' as const),
    stopSignals.insisted.then(() => 'insisted' as const),
    tooLate,
  ]);
  if (outcome === 'stopped') {
    console.log('Switchyard has stopped.');
    return 0;
  }
  console.error('Stopped at once: what was running is shown as interrupted after the next start.');
  return outcome === 'insisted' ? 130 : 1;
}

interface Running {
  /** Reads switchyard.yaml again. */
  reload(): void;
  stop(): Promise<void>;
}

async function startParts(settings: ApiSettings, simulatorPort: number): Promise<Running> {
  prepareDataFolder(settings.dataDir);
  const progress = showProgress(process.stdout);
  // With a database server several instances may share the folder, which then holds no database.
  const lock: DataFolderLock | undefined =
    settings.databaseUrl === undefined ? lockDataFolder(settings.dataDir) : undefined;
  let simulator: Simulator | undefined;
  try {
    await assertPortIsFree(settings.host, settings.port);
    const { providers: fileProviders } = await readConfigurationFile(settings);
    const isLive = settings.providers.length > 0 || fileProviders.some(({ isEnabled }) => isEnabled);
    simulator = isSimulatorWanted(settings, isLive) ? await startSimulator({ port: simulatorPort }) : undefined;
    const dashboard = loadDashboard(join(dashboardDir, 'out'));
    const server = createApiServer(settings, {
      fallback: serveDashboard(dashboard),
      persistedDocuments: loadPersistedDocuments(join(dashboardDir, 'src/gql/persisted-documents.json')),
      onProgress: progress.show,
      ...(simulator && {
        simulatorBaseUrls: simulator.baseUrls,
        simulatorControl: connectSimulatorControl(simulator.control),
      }),
    });
    const started = await server.start();
    progress.clear();
    const url = started.url.replace('//127.0.0.1:', '//localhost:');
    lock?.announce(url);
    console.log(
      drawStartBox({
        url,
        dataFolder: settings.dataDir,
        database: describeDatabase(settings),
        providers: started.providers,
        simulatorUrl: simulator?.url,
        hints: startHints(settings, { ...started, url, priceTable: started.services.prices.table }),
        // Counted from the start of the process, so that loading the program counts too.
        startedInSeconds: performance.now() / 1000,
      }),
    );
    return {
      reload: () => {
        void started.services.provisioner.reloadFile();
        void started.services.prices.reloadTable();
      },
      stop: async () => {
        await server.stop(drainMs);
        await simulator?.stop();
        lock?.release();
      },
    };
  } catch (error) {
    progress.clear();
    await simulator?.stop();
    lock?.release();
    throw error;
  }
}

/** A fixed port makes the simulator's control API easy to reach from scripts; 0 takes any free port. */
function readSimulatorPort(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment.SWITCHYARD_SIMULATOR_PORT?.trim() || '0';
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartError(`SWITCHYARD_SIMULATOR_PORT is "${text}": give a whole number from 0 to 65535.`);
}

/** `auto` simulates only when no live provider is set up, so that simulated answers never mix with real ones unasked. */
function isSimulatorWanted({ simulator }: ApiSettings, isLive: boolean): boolean {
  return simulator === 'on' || (simulator === 'auto' && !isLive);
}

function describeDatabase({ databaseUrl }: ApiSettings): string {
  if (databaseUrl === undefined) return 'embedded Postgres in the data folder';
  const { host, pathname } = new URL(databaseUrl);
  return `Postgres at ${host}${pathname}`;
}
