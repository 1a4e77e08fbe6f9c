import { owner } from './owner.ts';
import { expect } from './test.ts';

const usualModels = ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5', 'google/gemini-2.5-flash'];

interface GraphAnswer<Data> {
  readonly data?: Data;
  readonly errors?: readonly { readonly message: string }[];
}

async function ask<Data>(url: string, query: string, variables: object): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.apiKey}` },
    body: JSON.stringify({ query, variables }),
  });
  const answer = (await response.json()) as GraphAnswer<Data>;
  if (!answer.data)
    throw new Error(answer.errors?.map(({ message }) => message).join(' ') ?? `status ${response.status}`);
  return answer.data;
}

/** Runs a comparison through the API and waits for its end. Answers its id. */
export async function runComparison(
  url: string,
  prompt: string,
  models: readonly string[] = usualModels,
): Promise<string> {
  const { startComparison } = await ask<{ startComparison: { comparison?: { id: string }; message?: string } }>(
    url,
    `mutation ($input: StartComparisonInput!) { startComparison(input: $input) {
      ... on StartComparisonSuccess { comparison { id } } ... on UserError { message } } }`,
    { input: { prompt, models } },
  );
  const id = startComparison.comparison?.id;
  if (id === undefined) throw new Error(startComparison.message);
  await expect
    .poll(
      async () => {
        const { comparison } = await ask<{ comparison: { state: string } }>(
          url,
          'query ($id: ID!) { comparison(id: $id) { state } }',
          { id },
        );
        return comparison.state;
      },
      { timeout: 60_000 },
    )
    .toBe('FINISHED');
  return id;
}
