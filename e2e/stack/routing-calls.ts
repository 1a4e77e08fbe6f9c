import { owner } from './owner.ts';

/** Answers as they come: tests look at what they need. */
// biome-ignore lint/suspicious/noExplicitAny: The shape is that of the query.
type LooseJson = any;

const headers = { authorization: `Bearer ${owner.apiKey}`, 'content-type': 'application/json' };

/** What the API answers to the owner's key. */
export async function askGraph(url: string, query: string, variables: object = {}): Promise<LooseJson> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as LooseJson;
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Puts these rules into force in place of all others. */
export async function publishRules(url: string, rules: readonly object[]): Promise<void> {
  const { routing } = await askGraph(url, '{ routing { draft { revision } } }');
  const { saveRoutingDraft } = await askGraph(
    url,
    `mutation($input: SaveRoutingDraftInput!) { saveRoutingDraft(input: $input) { ... on SaveRoutingDraftSuccess { draft { revision } } ... on UserError { message } } }`,
    { input: { rules, revision: routing.draft?.revision ?? 0 } },
  );
  const { publishRoutingRules } = await askGraph(
    url,
    `mutation($input: PublishRoutingRulesInput!) { publishRoutingRules(input: $input) { __typename ... on UserError { message } } }`,
    { input: { revision: saveRoutingDraft.draft.revision } },
  );
  if (publishRoutingRules.__typename !== 'PublishRoutingRulesSuccess') throw new Error(publishRoutingRules.message);
}

/** Asks a model as an app does; answers who answered and the decision's id. */
export async function chatWith(
  url: string,
  model: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly model: string | null; readonly decision: string | null }> {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Say hello.' }] });
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...headers, ...more },
    body,
  });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
  return {
    model: response.headers.get('x-switchyard-model'),
    decision: response.headers.get('x-switchyard-decision'),
  };
}
