import { expect } from 'vitest';
import { ask, type LooseJson } from './graph-client.ts';
import type { TestServer } from './test-server.ts';

export const errorFields = '... on UserError { code message path }';

export const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

/** Saves `rules` as the draft and puts them into force. */
export async function publishRules(server: TestServer, rules: readonly object[]): Promise<void> {
  const { routing } = await ask(server, '{ routing { draft { revision } } }');
  const saved = await ask(
    server,
    `mutation($input: SaveRoutingDraftInput!) { saveRoutingDraft(input: $input) { ... on SaveRoutingDraftSuccess { draft { revision } } ${errorFields} } }`,
    { input: { rules, revision: routing.draft?.revision ?? 0 } },
  );
  const { publishRoutingRules } = await ask(
    server,
    `mutation($input: PublishRoutingRulesInput!) { publishRoutingRules(input: $input) { __typename ${errorFields} } }`,
    { input: { revision: saved.saveRoutingDraft.draft.revision } },
  );
  expect(publishRoutingRules.__typename).toBe('PublishRoutingRulesSuccess');
}

/** Replaces what the team says about routing. */
export async function setTeamRouting(server: TestServer, preferences: object): Promise<void> {
  const { routing } = await ask(server, '{ routing { settings { scope revision } } }');
  const revision = routing.settings.find((each: { scope: string }) => each.scope === 'team')?.revision ?? 0;
  const { saveRoutingSettings } = await ask(
    server,
    `mutation($input: SaveRoutingSettingsInput!) { saveRoutingSettings(input: $input) { __typename ${errorFields} } }`,
    { input: { scope: 'team', revision, ...preferences } },
  );
  expect(saveRoutingSettings.__typename).toBe('SaveRoutingSettingsSuccess');
}

export async function giveFeedback(
  server: TestServer,
  of: object,
  score: number,
  more: object = {},
  key: string = server.key,
): Promise<LooseJson> {
  const { submitFeedback } = await ask(
    server,
    `mutation($input: SubmitFeedbackInput!) { submitFeedback(input: $input) { __typename ... on SubmitFeedbackSuccess { isReplaced score } ${errorFields} } }`,
    { input: { of, score, ...more } },
    { key },
  );
  return submitFeedback;
}
