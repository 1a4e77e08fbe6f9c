import { ask, type LooseJson } from './graph-client.ts';

/** Everything an event says. */
export const eventsDocument = /* GraphQL */ `
  subscription Events($id: ID!, $after: Int!) {
    comparisonEvents(comparisonId: $id, afterSeq: $after) {
      __typename
      ... on SequencedEvent { seq at }
      ... on ComparisonStarted { laneIds }
      ... on LaneStarted { laneId attempt providerId modelId }
      ... on LaneRouteDecided {
        laneId entry { kind modelId route { decisionId requestedName strategy propensity explanation rejectedCount
          candidates { modelId score propensity } rejected { modelId code reason } matchedRules { name effects } } }
      }
      ... on OutputDelta { laneId text offset }
      ... on ReasoningDelta { laneId text offset }
      ... on ToolCallRequested { laneId toolCall { id toolName input } }
      ... on OutputReset { laneId attempt reason }
      ... on OutputCompleted {
        laneId finishReason servedModel providerRequestId costUsd latencyMs timeToFirstTokenMs
        usage { inputTokens outputTokens cachedInputTokens reasoningTokens } warnings { type message }
      }
      ... on LaneFailed { laneId failure { kind message remedy } costUsd costUnknownReason isCostEstimated usage { outputTokens } }
      ... on LaneStopped { laneId }
      ... on LaneInterrupted { laneId message }
      ... on ComparisonFinished { totalCostUsd }
    }
  }
`;

const userErrorFields = '... on UserError { code message path }';

const comparisonFields = /* GraphQL */ `
  id state origin notes bestLaneId lastSeq totalCostUsd
  lanes {
    id position modelId state attempt output reasoning finishReason rawFinishReason costUsd costUnknownReason isCostEstimated latencyMs
    timeToFirstTokenMs servedModel providerRequestId rating toolCalls { id toolName input } warnings { type message }
    usage { inputTokens cachedInputTokens cacheWriteTokens outputTokens reasoningTokens }
    failure { kind message providerStatus providerCode retryAfterMs remedy }
  }
`;

export const startDocument = /* GraphQL */ `
  mutation Start($input: StartComparisonInput!) {
    startComparison(input: $input) {
      __typename
      ... on StartComparisonSuccess { comparison { ${comparisonFields} } }
      ... on ValidationError { issues { path message code } }
      ... on NoEligibleModelError { rejected { modelId reason } }
      ${userErrorFields}
    }
  }
`;

export const comparisonDocument = /* GraphQL */ `
  query Comparison($id: ID!) { comparison(id: $id) { ${comparisonFields} } }
`;

/** A mutation of a lane or a comparison that takes `$input`. */
export const changeDocument = (name: string, inputType: string) => /* GraphQL */ `
  mutation Change($input: ${inputType}!) {
    ${name}(input: $input) { __typename ${userErrorFields} }
  }
`;

type Target = { readonly graphUrl: string; readonly key: string };

/** Starts a comparison and returns it as it was then; a typed error fails the test. */
export async function startComparison(
  server: Target,
  models: readonly string[],
  input: Readonly<Record<string, unknown>> = {},
  options: { readonly key?: string } = {},
): Promise<LooseJson> {
  const variables = { input: { prompt: 'Explain how tides work.', models, ...input } };
  const { startComparison: result } = await ask(server, startDocument, variables, options);
  if (result.__typename !== 'StartComparisonSuccess') throw new Error(`Not started: ${JSON.stringify(result)}`);
  return result.comparison;
}

export async function readComparison(server: Target, id: string): Promise<LooseJson> {
  return (await ask(server, comparisonDocument, { id })).comparison;
}

/** Waits until all lanes are over. */
export async function waitUntilFinished(server: Target, id: string): Promise<LooseJson> {
  for (;;) {
    const { comparison } = await ask(server, 'query($id: ID!) { comparison(id: $id) { state } }', { id });
    if (comparison.state === 'FINISHED') return readComparison(server, id);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Carries out one mutation with `input` and returns its result, typed errors included. */
export async function change(
  server: Target,
  name: string,
  input: Readonly<Record<string, unknown>>,
  options: { readonly key?: string } = {},
): Promise<LooseJson> {
  const inputType = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return (await ask(server, changeDocument(name, inputType), { input }, options))[name];
}
