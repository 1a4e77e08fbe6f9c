import { ask, type LooseJson } from './graph-client.ts';

const providerFields = `id slug type displayName source sourceDetail isReadOnly readOnlyReason isEnabled state stateMessage baseUrl
  hasKey keyLastFour headerNames limits { maxConcurrent } retry { maxAttempts } deadlines { firstTokenMs }
  configuredModels { vendorModelId capabilities { tools } } models { modelId isAvailable unavailableReason price { inputPerMillionUsd source } }`;

const errorFields = '... on UserError { code message path }';

const successFields: Readonly<Record<string, string>> = {
  createProvider: `provider { ${providerFields} }`,
  updateProvider: `isKeyDropped areHeadersDropped provider { ${providerFields} }`,
  setProviderEnabled: `provider { ${providerFields} }`,
  deleteProvider: 'providerId slug',
  testProviderConnection: 'isOk message modelCount listedModels latencyMs',
  setSimulatedFailure: 'simulated { providerId errorRate status outage cutAfterTokens otherFaults }',
};

type Asker = { readonly graphUrl: string; readonly key: string };

/** Runs a mutation of providers; answers its result with `__typename`. */
export async function changeProviders(
  server: Asker,
  name: string,
  input: Readonly<Record<string, unknown>>,
  key?: string,
): Promise<LooseJson> {
  const typeName = name[0]?.toUpperCase() + name.slice(1);
  const document = `mutation($input: ${typeName}Input!) { ${name}(input: $input) { __typename ${errorFields}
    ... on ${typeName}Success { ${successFields[name]} } } }`;
  return (await ask(server, document, { input }, key === undefined ? {} : { key }))[name];
}

/** All providers that the team sees. */
export async function listProviders(server: Asker, key?: string): Promise<LooseJson> {
  return (await ask(server, `{ providers { ${providerFields} } }`, {}, key === undefined ? {} : { key })).providers;
}

/** Asks one model for a word; answers the success or the error. */
export async function completeWith(server: Asker, model: string, key?: string): Promise<LooseJson> {
  const document = `mutation($input: CompleteInput!) { complete(input: $input) { __typename ... on UserError { code message }
    ... on CompleteSuccess { text } } }`;
  const data = await ask(server, document, { input: { model, prompt: 'Say hello' } }, key === undefined ? {} : { key });
  return data.complete;
}
