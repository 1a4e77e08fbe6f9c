import { formatDuration, formatShare } from '../../format/number-format.ts';
import type { SetSimulatedFailureInput, SimulatedFailureFragment } from '../../gql/providers.ts';

/** The levers of a simulated provider as the sliders hold them; null: as fast and sound as ever. */
export interface FailureLevers {
  errorRate: number;
  status: number;
  latencyMs: number;
  tokensPerSecond: number | null;
  isOut: boolean;
  cutAfterTokens: number | null;
  stallAfterTokens: number | null;
}

/** What the errors can be, with what they mean at the vendors. */
export const failureStatuses = [
  { status: 429, meaning: 'rate limit' },
  { status: 500, meaning: 'server error' },
  { status: 503, meaning: 'unavailable' },
  { status: 529, meaning: 'overloaded' },
] as const;

export const soundLevers: FailureLevers = {
  errorRate: 0,
  status: 503,
  latencyMs: 0,
  tokensPerSecond: null,
  isOut: false,
  cutAfterTokens: null,
  stallAfterTokens: null,
};

type Lever = Omit<SimulatedFailureFragment, '__typename' | 'providerId' | 'otherFaults'>;

export function leversOf(failure: Lever): FailureLevers {
  return {
    errorRate: failure.errorRate ?? 0,
    status: failure.status ?? soundLevers.status,
    latencyMs: failure.latencyMs ?? 0,
    tokensPerSecond: failure.tokensPerSecond,
    isOut: failure.outage,
    cutAfterTokens: failure.cutAfterTokens,
    stallAfterTokens: failure.stallAfterTokens,
  };
}

export function failureInputOf(providerId: string, levers: FailureLevers): SetSimulatedFailureInput {
  const { errorRate, status, latencyMs, tokensPerSecond, isOut, cutAfterTokens, stallAfterTokens } = levers;
  return {
    providerId,
    errorRate: errorRate > 0 ? errorRate : null,
    status: errorRate > 0 ? status : null,
    latencyMs: latencyMs > 0 ? latencyMs : null,
    tokensPerSecond,
    outage: isOut,
    cutAfterTokens,
    stallAfterTokens,
  };
}

/** Whether something is broken that can be repaired here. */
export const isBrokenHere = (failure: Lever): boolean => brokenWords({ ...failure, otherFaults: [] }).length > 0;

/** What is broken at a provider, one phrase each; empty when it is sound. */
export function brokenWords(failure: Lever & { otherFaults?: readonly string[] }): string[] {
  const { errorRate, status, latencyMs, tokensPerSecond, isOut, cutAfterTokens, stallAfterTokens } = leversOf(failure);
  const words = [
    isOut ? 'out' : undefined,
    errorRate > 0 ? `${formatShare(errorRate)} of calls answer ${status}` : undefined,
    latencyMs > 0 ? `+${formatDuration(latencyMs)}` : undefined,
    tokensPerSecond === null ? undefined : `${tokensPerSecond} tokens/s`,
    cutAfterTokens === null ? undefined : `cut after ${cutAfterTokens} tokens`,
    stallAfterTokens === null ? undefined : `silent after ${stallAfterTokens} tokens`,
    ...(failure.otherFaults ?? []).map((kind) => `${kind.replaceAll('-', ' ')}, set by the simulator’s control API`),
  ];
  return words.filter((word) => word !== undefined);
}
