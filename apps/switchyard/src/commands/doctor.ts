import { resolve } from 'node:path';
import { type ApiSettings, checkBooks, checkDatabase, readSettings } from '@switchyard/api/checks';
import { checkBooksAgree } from './check-books-agree.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkDatabaseServer } from './check-database-server.ts';
import { checkDataFolder, checkNode, checkPort, checkSecret } from './check-machine.ts';
import { checkPriceTable } from './check-price-table.ts';
import { checkProviders } from './check-providers.ts';
import { mayColour, type Surroundings } from './command.ts';
import { findConfigurationFile } from './configuration-file.ts';
import { type DoctorCheck, failed } from './doctor-check.ts';
import { colourful, colourless } from './palette.ts';
import { parseFileArguments } from './parse-arguments.ts';
import { renderChecks } from './render-checks.ts';

/** Everything that goes over the network must be known after this time. */
const answerWithinMs = 5_000;

/**
 * `switchyard doctor [FILE] [--json]`: looks at the machine, the settings, the configuration file and every provider's
 * credentials, and says what to mend. Answers the exit code: 0 all well, 1 something to mend, 2 wrong use.
 */
export async function doctor(
  args: readonly string[],
  surroundings: Surroundings,
  options: { readonly defaultDataDir: string; readonly timeoutMs?: number },
): Promise<number> {
  const { environment, output, errorOutput } = surroundings;
  const parsed = parseFileArguments('doctor', args);
  if ('problem' in parsed) {
    errorOutput.write(parsed.problem);
    return 2;
  }
  const checks = await runChecks(
    parsed.file,
    surroundings,
    options.defaultDataDir,
    options.timeoutMs ?? answerWithinMs,
  );
  const isWell = checks.every(({ status }) => status !== 'failed');
  if (parsed.isJson) output.write(JSON.stringify({ isWell, checks }, undefined, 2));
  else output.write(renderChecks(checks, mayColour(output, environment) ? colourful : colourless));
  return isWell ? 0 : 1;
}

async function runChecks(
  argument: string | undefined,
  surroundings: Surroundings,
  defaultDataDir: string,
  timeoutMs: number,
): Promise<readonly DoctorCheck[]> {
  const { environment, workingDirectory } = surroundings;
  const file = findConfigurationFile(argument, surroundings);
  const node = checkNode(process.versions.node);
  const { check, configuration } = checkConfiguration(file, environment);
  const settings = readOrExplain(environment, defaultDataDir);
  if (!('dataDir' in settings)) return [node, ...settings.faults, check];
  const dataDir = resolve(workingDirectory, settings.dataDir);
  const [port, database, providers] = await Promise.all([
    checkPort(settings),
    checkDatabaseServer(settings, (url) => checkDatabase(url, timeoutMs)),
    checkProviders(configuration, settings, file.shownPath, check.status !== 'failed', timeoutMs),
  ]);
  return [
    node,
    checkDataFolder({ dataDir }),
    port,
    database,
    ...(database.status === 'passed' ? await checkBooksAgree(settings, (url) => checkBooks(url, timeoutMs)) : []),
    checkSecret(settings),
    check,
    ...checkPriceTable(surroundings),
    ...providers,
  ];
}

function readOrExplain(
  environment: Surroundings['environment'],
  defaultDataDir: string,
): ApiSettings | { readonly faults: readonly DoctorCheck[] } {
  try {
    return readSettings(environment, defaultDataDir);
  } catch (error) {
    if (!(error instanceof Error) || !('problems' in error)) throw error;
    const problems = error.problems as readonly string[];
    return {
      faults: problems.map((problem) =>
        failed('settings', 'Settings', problem, 'Correct the variable, then run the doctor again for the rest.'),
      ),
    };
  }
}
