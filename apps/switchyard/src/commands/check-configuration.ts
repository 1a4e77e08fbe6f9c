import { type Configuration, emptyConfiguration, readConfiguration } from '@switchyard/core/provisioning';
import type { Surroundings } from './command.ts';
import { type ConfigurationFile, readText } from './configuration-file.ts';
import { type DoctorCheck, failed, passed, skipped } from './doctor-check.ts';

const id = 'configuration';
const title = 'Configuration';

/** Whether the file can be used; and what it says, as far as it can. */
export function checkConfiguration(
  file: ConfigurationFile,
  environment: Surroundings['environment'],
): { readonly check: DoctorCheck; readonly configuration: Configuration } {
  const nothing = { configuration: emptyConfiguration };
  const source = readText(file);
  if ('problem' in source) {
    if (source.isMissing && !file.isNamed) {
      const message = `No ${file.shownPath} here: providers come from environment variables.`;
      return { ...nothing, check: skipped(id, title, message) };
    }
    return {
      ...nothing,
      check: failed(id, title, `${source.problem}.`, 'Name the file, or correct SWITCHYARD_CONFIG.'),
    };
  }
  const { configuration, problems } = readConfiguration(source.text, { environment });
  const first = problems.find(({ severity }) => severity === 'error');
  if (configuration === undefined) {
    const count = problems.filter(({ severity }) => severity === 'error').length;
    const place = first ? `, the first in line ${first.position.line}: ${first.message}` : '.';
    const message = `${file.shownPath} has ${count} error${count === 1 ? '' : 's'}${place}`;
    return { ...nothing, check: failed(id, title, message, `Run: switchyard validate ${file.shownPath}`) };
  }
  const warnings = problems.length === 0 ? '' : ` with ${problems.length} warning${problems.length === 1 ? '' : 's'}`;
  return { configuration, check: passed(id, title, `${file.shownPath} can be used${warnings}.`) };
}
