import type { ChainPolicy } from '@switchyard/core/dispatch';
import { defaultRetrySettings } from '@switchyard/core/policies';
import type { Configuration, ConfiguredChain } from '@switchyard/core/provisioning';

/** What the file says about surviving failure, for a chain or for any call. */
export function policyOf(
  { defaults, costControls }: Pick<Configuration, 'defaults' | 'costControls'>,
  chain: ConfiguredChain | undefined,
): Partial<ChainPolicy> {
  const onContentFilter = chain?.contentPolicy;
  const hasRetry = Object.keys(defaults.retry).length > 0 || onContentFilter !== undefined;
  const delivery = chain?.delivery ?? defaults.delivery;
  const overallMs = chain?.overallMs ?? defaults.overallMs;
  const hedge = chain?.hedge ?? defaults.hedge;
  const { maxCostPerRequestNanoUsd, maxTokensPerRequest } = costControls;
  const isLimited = maxCostPerRequestNanoUsd !== undefined || maxTokensPerRequest !== undefined;
  return {
    ...defaults.patience,
    ...chain?.patience,
    ...(hasRetry && {
      retry: { ...defaultRetrySettings, ...defaults.retry, ...(onContentFilter !== undefined && { onContentFilter }) },
    }),
    ...(delivery !== undefined && { delivery }),
    ...(overallMs !== undefined && { overallMs }),
    ...(hedge !== undefined && { hedge }),
    ...(chain?.triggers !== undefined && { triggers: chain.triggers }),
    ...(isLimited && {
      requestLimits: {
        ...(maxCostPerRequestNanoUsd !== undefined && { costNanoUsd: maxCostPerRequestNanoUsd }),
        ...(maxTokensPerRequest !== undefined && { tokens: maxTokensPerRequest }),
      },
    }),
    ...(chain?.failoverOn !== undefined && { failoverOn: chain.failoverOn }),
  };
}
