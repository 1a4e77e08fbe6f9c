import type { AlertWebhookSetting } from '../../settings.ts';
import type { CredentialVault } from '../providers/credential-vault.ts';
import type { AlertTarget, ChannelView } from './alert-target.ts';

/** A channel that the operator set up by `GUARDRAIL_ALERT_WEBHOOK` for every team. */
export interface EnvironmentChannel {
  readonly view: ChannelView;
  readonly target: AlertTarget;
}

/**
 * The channels of the environment. Their ids are the same in every process with the same secret and say nothing of the
 * URL; equal URLs are one channel. The operator may name an address inside the network.
 */
export function readEnvironmentChannels(
  settings: readonly AlertWebhookSetting[],
  signingSecret: string | undefined,
  vault: CredentialVault,
): ReadonlyMap<string, EnvironmentChannel> {
  const channels = settings.map(({ type, url }): [string, EnvironmentChannel] => {
    const id = `env_${vault.fingerprint(`alert channel ${url}`).slice(0, 22)}`;
    const { origin, host } = new URL(url);
    const secret = type === 'webhook' ? signingSecret : undefined;
    const view: ChannelView = {
      id,
      name: `${host} (GUARDRAIL_ALERT_WEBHOOK)`,
      type,
      origin,
      kinds: [],
      isEnabled: true,
      disabledReason: undefined,
      failingSinceMs: undefined,
      isSigned: secret !== undefined,
      isReadOnly: true,
      createdAtMs: undefined,
    };
    return [id, { view, target: { type, url, secret, addressPolicy: 'allow-private' } }];
  });
  return new Map(channels);
}
