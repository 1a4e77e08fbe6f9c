import type { ApiSettings } from '../../settings.ts';
import { AdapterPool } from '../providers/adapter-pool.ts';
import { Provisioner, type ProvisionerParts } from './provisioner.ts';
import { openConfigurationFile } from './read-configuration-file.ts';

/** The provisioner of one server process, which has read nothing yet. */
export function createProvisioner(
  parts: Omit<ProvisionerParts, 'file' | 'pool' | 'settings'> & {
    readonly settings: ApiSettings;
    /** What is sent along to a provider so that it takes part in the trace. */
    readonly traceHeaders?: (providerId: string) => Readonly<Record<string, string>> | undefined;
  },
): Provisioner {
  return new Provisioner({ ...parts, file: openConfigurationFile(parts.settings), pool: new AdapterPool(parts) });
}
