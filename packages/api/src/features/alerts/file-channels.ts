import type { ConfiguredAlertChannel } from '@switchyard/core/provisioning';
import type { CredentialVault } from '../providers/credential-vault.ts';
import type { ChannelView } from './alert-target.ts';
import type { EnvironmentChannel } from './environment-channels.ts';

/**
 * The channels of the configuration file, for every team. Their ids are the same in every process and stay as long as
 * the name does; one whose variable is not set is absent. The operator may name an address inside the network.
 */
export function readFileChannels(
  channels: readonly ConfiguredAlertChannel[],
  fileName: string,
  vault: CredentialVault,
): ReadonlyMap<string, EnvironmentChannel> {
  return new Map(
    channels.flatMap(({ name, type, url, secret: given, kinds, isEnabled }): [string, EnvironmentChannel][] => {
      if (url === undefined) return [];
      const id = `file_${vault.fingerprint(`alert channel of the file ${name}`).slice(0, 22)}`;
      const secret = type === 'webhook' ? given : undefined;
      const view: ChannelView = {
        id,
        name: `${name} (${fileName})`,
        type,
        origin: new URL(url).origin,
        kinds,
        isEnabled,
        disabledReason: undefined,
        failingSinceMs: undefined,
        isSigned: secret !== undefined,
        isReadOnly: true,
        createdAtMs: undefined,
      };
      return [[id, { view, target: { type, url, secret, addressPolicy: 'allow-private' } }]];
    }),
  );
}
