/** A model of a chain as the diagram shows it. */
export interface ChainStop {
  modelId: string;
  isAvailable: boolean;
  unavailableReason: string | null;
}

export type StopState = 'answers' | 'circuit-open' | 'unavailable' | 'in-reserve';

/** Who would answer now: the first that can be called and whose circuit lets calls through; the ones before it say why not. */
export function stopStates(stops: readonly ChainStop[], openModelIds: ReadonlySet<string>): StopState[] {
  let isAnswered = false;
  return stops.map(({ modelId, isAvailable }) => {
    if (!isAvailable) return 'unavailable';
    if (openModelIds.has(modelId)) return 'circuit-open';
    if (isAnswered) return 'in-reserve';
    isAnswered = true;
    return 'answers';
  });
}
