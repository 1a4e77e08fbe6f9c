import type { ChainListener, ChainOutcome, ChainPolicy } from '@switchyard/core/dispatch';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { ModelResolution } from '../providers/model-resolution.ts';
import type { CallAttributes } from '../routing/call-attributes.ts';
import { type RoutedCall, routeCall } from '../routing/route-call.ts';
import type { ChatRequest } from './decode-chat-request.ts';

/** A call that is ready to be made: of what, and how. */
export interface ChatCall {
  readonly resolution: ModelResolution;
  /** Why these models; undefined when there was nothing to decide. */
  readonly decision: RoutedCall['decision'];
  /** What holds for it where the entrance has no way of its own. */
  readonly policy: ChainPolicy;
  /** Makes the call; see `runChain`. `signal` is the client's; `overrides` are for streams. */
  run(listener: ChainListener, signal: AbortSignal, overrides?: Partial<ChainPolicy>): Promise<ChainOutcome>;
}

/**
 * Finds what the model name of a request of an OpenAI-compatible client stands for, on the light path like `complete`:
 * no row and no query of its own. `requestId` is left in the calls' records. Throws `NoEligibleModelFailure`.
 */
export async function prepareChatCall(
  services: Services,
  identity: Identity,
  request: ChatRequest,
  requestId: string,
  attributes: CallAttributes = {},
): Promise<ChatCall> {
  const { dispatcher } = services;
  const wantedFor = {
    teamId: identity.teamId,
    source: 'openai-compatible' as const,
    sourceId: requestId,
    ...(identity.userId !== undefined && { userId: identity.userId }),
    ...(identity.apiKeyId !== undefined && { apiKeyId: identity.apiKeyId }),
    ...(request.tags.length > 0 && { tags: request.tags }),
    ...attributes,
  };
  const routed = await routeCall(services, { model: request.model }, request.call, wantedFor, ['model']);
  const { resolution, purpose, decision } = routed;
  const call = { ...request.call, model: resolution.targets[0].vendorModelId };
  return {
    resolution,
    decision,
    policy: dispatcher.policyOf(resolution),
    run: (listener, signal, overrides) =>
      routed.follow(
        request.isStream
          ? dispatcher.run(resolution, call, purpose, listener, signal, overrides)
          : dispatcher.runWhole(resolution, call, purpose, listener, signal),
      ),
  };
}
