import { RotationRefused, readSettings, rotateSecret, SettingsError } from '@switchyard/api';
import { prepareDataFolder } from '../data-folder.ts';
import { lockDataFolder } from '../data-folder-lock.ts';
import { explainStartError } from '../explain-start-error.ts';
import type { Surroundings } from './command.ts';

/**
 * `switchyard rotate-secret`: seals everything stored with a new secret and ends all sessions. With the embedded
 * database the server must be stopped first. Killed, it is taken up by calling it again. Answers the exit code.
 */
export async function rotateSecretCommand(
  args: readonly string[],
  { environment, output, errorOutput }: Surroundings,
  defaultDataDir: string,
): Promise<number> {
  if (args.length > 0) {
    errorOutput.write(
      'switchyard rotate-secret takes nothing but settings of the environment; see docs/deployment-security.md.',
    );
    return 2;
  }
  try {
    const settings = readSettings(environment, defaultDataDir);
    prepareDataFolder(settings.dataDir);
    const lock = settings.databaseUrl === undefined ? lockDataFolder(settings.dataDir) : undefined;
    try {
      const { resealed, current, unreadable } = await rotateSecret(settings);
      output.write(`Sealed ${resealed} rows with the new secret; ${current} had it already. All sessions have ended.`);
      for (const row of unreadable)
        output.write(`Not readable with either secret, left as it is: ${row}. Type it again.`);
      if (settings.secret !== undefined) {
        output.write('Start all servers with the new SWITCHYARD_SECRET, then remove SWITCHYARD_SECRET_PREVIOUS.');
      }
      return unreadable.length === 0 ? 0 : 1;
    } finally {
      lock?.release();
    }
  } catch (thrown) {
    const explanation =
      thrown instanceof RotationRefused || thrown instanceof SettingsError
        ? thrown.message
        : explainStartError(thrown, undefined);
    if (explanation === undefined) throw thrown;
    errorOutput.write(explanation);
    return 1;
  }
}
