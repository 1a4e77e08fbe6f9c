import { type Configuration, readConfiguration } from '@switchyard/core/provisioning';
import { SettingsError } from '../../env.ts';
import type { ApiSettings } from '../../settings.ts';
import { ConfigurationFile, type ConfigurationReading, describeProblem } from './configuration-file.ts';

/** The configuration file of these settings, which has not been read yet. */
export function openConfigurationFile({
  configurationFile,
}: Pick<ApiSettings, 'configurationFile'>): ConfigurationFile {
  const { variables } = configurationFile;
  return new ConfigurationFile(configurationFile, (text) => readConfiguration(text, { environment: variables }));
}

/** What the file says now; empty when there is none. Throws `SettingsError` with all problems of a bad one. */
export async function readConfigurationFile(settings: Pick<ApiSettings, 'configurationFile'>): Promise<Configuration> {
  const file = openConfigurationFile(settings);
  assertApplied(file, await file.load(0));
  return file.status.configuration;
}

/** Throws `SettingsError` with everything that is wrong when `file` could not be used at a start. */
export function assertApplied(file: ConfigurationFile, { isApplied, problems }: ConfigurationReading): void {
  if (isApplied) return;
  throw new SettingsError(problems.map((problem) => describeProblem(file.status.fileName, problem)));
}
