import { createOperatorReset, readSettings, SettingsError, UnknownPerson } from '@switchyard/api';
import { prepareDataFolder } from '../data-folder.ts';
import { lockDataFolder } from '../data-folder-lock.ts';
import { explainStartError } from '../explain-start-error.ts';
import type { Surroundings } from './command.ts';

const usage = 'Usage: switchyard reset-password EMAIL [--without-two-factor]';

/**
 * `switchyard reset-password EMAIL`: prints a link by which this person chooses a new password, for an owner whom nobody
 * else can help. With the embedded database the server must be stopped meanwhile. Answers the exit code.
 */
export async function resetPasswordCommand(
  args: readonly string[],
  { environment, output, errorOutput }: Surroundings,
  defaultDataDir: string,
): Promise<number> {
  const emails = args.filter((arg) => !arg.startsWith('--'));
  const flags = args.filter((arg) => arg.startsWith('--'));
  const [email] = emails;
  if (email === undefined || emails.length > 1 || flags.some((flag) => flag !== '--without-two-factor')) {
    errorOutput.write(usage);
    return 2;
  }
  try {
    const settings = readSettings(environment, defaultDataDir);
    prepareDataFolder(settings.dataDir);
    const lock = settings.databaseUrl === undefined ? lockDataFolder(settings.dataDir) : undefined;
    try {
      const { link, expiresAt } = await createOperatorReset(settings, email, { removesTwoFactor: flags.length > 0 });
      output.write(link);
      output.write(
        `Open it in a browser before ${expiresAt.toISOString()}; it works once. The server must run by then.`,
      );
      return 0;
    } finally {
      lock?.release();
    }
  } catch (thrown) {
    const explanation =
      thrown instanceof UnknownPerson || thrown instanceof SettingsError
        ? thrown.message
        : explainStartError(thrown, undefined);
    if (explanation === undefined) throw thrown;
    errorOutput.write(explanation);
    return 1;
  }
}
