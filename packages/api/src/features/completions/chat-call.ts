import { type CallOutcome, type DispatchTarget, type PartListener, runCall } from '@switchyard/core/dispatch';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import type { ChatRequest } from './decode-chat-request.ts';

/** A call that is ready to be made: to which model, and how. */
export interface ChatCall {
  readonly target: DispatchTarget;
  /** Makes the call; see `runCall`. `signal` is the client's. */
  run(onPart: PartListener, signal: AbortSignal): Promise<CallOutcome>;
}

/**
 * Finds the model of a request of an OpenAI-compatible client, on the light path like `complete`: no row and no query of
 * its own. `requestId` is left in the call's record. Throws `NoEligibleModelFailure`.
 */
export function prepareChatCall(
  services: Services,
  identity: Identity,
  request: ChatRequest,
  requestId: string,
): ChatCall {
  const target = services.providers.resolveTarget(request.model);
  if ('reason' in target) throw new NoEligibleModelFailure([target], ['model']);
  const purpose = {
    teamId: identity.teamId,
    source: 'openai-compatible' as const,
    sourceId: requestId,
    ...(identity.userId !== undefined && { userId: identity.userId }),
    ...(identity.apiKeyId !== undefined && { apiKeyId: identity.apiKeyId }),
  };
  const call = { ...request.call, model: target.vendorModelId };
  return { target, run: (onPart, signal) => runCall(target, call, purpose, services.dispatch, onPart, signal) };
}
