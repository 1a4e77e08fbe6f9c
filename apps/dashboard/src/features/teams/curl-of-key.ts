/** One `complete` request that works at once with the key. */
export function curlOfKey(secret: string, origin: string, modelId = 'openai/gpt-5-mini'): string {
  const query =
    'mutation($input: CompleteInput!) { complete(input: $input) { ... on CompleteSuccess { text costUsd latencyMs } ... on UserError { code message } } }';
  const body = JSON.stringify(
    { query, variables: { input: { model: modelId, prompt: 'Say hello in one sentence.' } } },
    null,
    2,
  );
  return `curl ${origin}/graphql \\\n  -H 'authorization: Bearer ${secret}' \\\n  -H 'content-type: application/json' \\\n  --data '${body}'`;
}
