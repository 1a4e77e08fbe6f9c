import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ApiSettings } from '@switchyard/api/checks';
import { assertPortIsFree } from '../assert-port-is-free.ts';
import { prepareDataFolder } from '../data-folder.ts';
import { StartError } from '../start-error.ts';
import { type DoctorCheck, failed, passed, skipped } from './doctor-check.ts';

const lowestNodeMajor = 24;

export function checkNode(version: string): DoctorCheck {
  const major = Number(version.split('.')[0]);
  if (major >= lowestNodeMajor) return passed('node', 'Node.js', `Version ${version}.`);
  const remedy = 'Start with "npm start", which brings the right version along, or install that one.';
  return failed('node', 'Node.js', `Version ${version}, but ${lowestNodeMajor} or newer is needed.`, remedy);
}

/** Whether data can be kept there. Makes no folder: one that is missing is made at the start. */
export function checkDataFolder({ dataDir }: Pick<ApiSettings, 'dataDir'>): DoctorCheck {
  const remedy = 'Set SWITCHYARD_DATA_DIR to a folder that your user can write.';
  try {
    if (existsSync(dataDir)) prepareDataFolder(dataDir);
    else assertFolderTakesMore(nearestExisting(dataDir));
    const state = existsSync(dataDir) ? 'can be written' : 'will be made at the start';
    return passed('data-folder', 'Data folder', `${dataDir} ${state}.`);
  } catch (error) {
    const message = error instanceof StartError ? error.message : `${dataDir} cannot be made.`;
    return failed('data-folder', 'Data folder', message.replace(/ Set SWITCHYARD_DATA_DIR.*$/, ''), remedy);
  }
}

function assertFolderTakesMore(folder: string): void {
  if (!statSync(folder).isDirectory()) throw new StartError(`${folder} is a file, so no folder can be made below it.`);
  accessSync(folder, constants.W_OK | constants.X_OK);
}

function nearestExisting(path: string): string {
  const parent = dirname(path);
  return parent === path || existsSync(parent) ? parent : nearestExisting(parent);
}

/** Whether the port can be listened on, or by whom it is taken. */
export async function checkPort({ host, port }: Pick<ApiSettings, 'host' | 'port'>): Promise<DoctorCheck> {
  const title = 'Port';
  try {
    await assertPortIsFree(host, port);
    return passed('port', title, port === 0 ? 'Any free port will be taken.' : `${port} on ${host} is free.`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EADDRINUSE') {
      if (await isSwitchyard(host, port)) return passed('port', title, `A running Switchyard has ${port}.`);
      return failed(
        'port',
        title,
        `${port} is used by another program.`,
        `Stop that one, or set PORT, for example PORT=${port + 1}.`,
      );
    }
    if (code === 'EACCES')
      return failed('port', title, `${port} may not be opened by your user.`, 'Set PORT to one above 1023.');
    return failed(
      'port',
      title,
      `HOST=${host} is no address of this machine.`,
      'Use 127.0.0.1 for this machine alone, or 0.0.0.0 for all networks.',
    );
  }
}

const answerWithinMs = 2_000;

/** Asks both health addresses, which a stranger is unlikely to answer in the same words. */
async function isSwitchyard(host: string, port: number): Promise<boolean> {
  const reachable =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  const statusOf = async (path: string): Promise<unknown> => {
    const response = await fetch(`http://${reachable}:${port}${path}`, {
      signal: AbortSignal.timeout(answerWithinMs),
      redirect: 'manual',
    });
    return ((await response.json()) as { status?: unknown } | null)?.status;
  };
  try {
    const [health, readiness] = await Promise.all([statusOf('/healthz'), statusOf('/readyz')]);
    return health === 'ok' && typeof readiness === 'string';
  } catch {
    return false;
  }
}

/** What signs sessions and encrypts keys that were typed into the dashboard. */
export function checkSecret({ secret, databaseUrl }: Pick<ApiSettings, 'secret' | 'databaseUrl'>): DoctorCheck {
  const title = 'Secret';
  if (secret !== undefined) return passed('secret', title, 'SWITCHYARD_SECRET is set and long enough.');
  if (databaseUrl === undefined) return passed('secret', title, 'Generated into the data folder at the first start.');
  return skipped(
    'secret',
    title,
    'SWITCHYARD_SECRET is not set; it is generated into the data folder of this machine.',
    'Set the same SWITCHYARD_SECRET on every server that shares the database, or keep the data folder safe.',
  );
}
