import type { ServerResponse } from 'node:http';
import { type EmbeddingOutcome, runEmbedding } from '@switchyard/core/dispatch';
import { formatUsd } from '@switchyard/core/kernel';
import type { EmbeddingResult } from '@switchyard/core/spec';
import { toRateHeaders } from '../../auth/api-key-rates.ts';
import { countTokens } from '../../features/routing/admit-call.ts';
import { readCallAttributes } from '../../features/routing/call-attributes.ts';
import { sizeOfEmbedding } from '../../features/routing/call-size.ts';
import { assertMayName, permittedResolution } from '../../features/routing/key-rules.ts';
import { sumCosts } from '../../features/routing/model-dispatcher.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { respondJson } from '../respond.ts';
import { watchIdentity } from '../watch-identity.ts';
import { decodeEmbeddingRequest, type EmbeddingRequest } from './decode-embedding-request.ts';
import { wrongKey } from './key-failures.ts';
import type { OpenAiExchange } from './openai-exchange.ts';
import { fromProviderError, respondFailure } from './openai-failure.ts';
import { readChatBody } from './read-chat-body.ts';
import { readTagHeader } from './read-tag-header.ts';
import { targetHeaders } from './target-headers.ts';

/** One object for all: an error with its stack for every call that ends early would only cost. */
const clientGone = new Error('The client went away.');
const keyEnded = new Error('The API key has ended.');

/**
 * `POST /v1/embeddings`. Goes through the same retries, circuits and limits as chats; of a chain only the candidates
 * that serve the very same model, because vectors of two models cannot be compared. A client that goes away takes the
 * upstream call with it.
 */
export async function serveEmbeddings(exchange: OpenAiExchange): Promise<void> {
  const { services, request, response, identity, requestId } = exchange;
  const read = await readChatBody(request, response);
  if (!read) return;
  const wanted = decodeEmbeddingRequest(read.body);
  const tags = readTagHeader(request.headers);
  const resolution = services.providers.resolve(identity.teamId, wanted.model);
  if ('reason' in resolution) throw new NoEligibleModelFailure([resolution], ['model']);
  const rules = await services.keys.of(identity.apiKeyId);
  assertMayName(rules, wanted.model, undefined, ['model']);
  const { targets } = permittedResolution(rules, resolution, ['model']);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(clientGone);
  });
  const purpose = {
    teamId: identity.teamId,
    source: 'openai-compatible' as const,
    sourceId: requestId,
    ...(identity.userId !== undefined && { userId: identity.userId }),
    ...(identity.apiKeyId !== undefined && { apiKeyId: identity.apiKeyId }),
    ...(tags.length > 0 && { tags }),
    ...readCallAttributes(request.headers),
  };
  const { dispatcher } = services;
  const chain = { ...dispatcher.chain, policy: dispatcher.policyOf(resolution) };
  await services.routing.of(identity.teamId);
  const [first, ...others] = services.routing.permit(targets, purpose, sizeOfEmbedding(wanted.call));
  if (!first) {
    const reason = `The rules and limits of your team do not allow ${wanted.model} for this call.`;
    throw new NoEligibleModelFailure([{ modelId: wanted.model, reason }], ['model'], 'ROUTING.NO_CANDIDATE');
  }
  const admission = rules && services.keyRates.admit(rules, () => sizeOfEmbedding(wanted.call).inputTokens);
  if (rules) setHeaders(response, toRateHeaders(services.keyRates.stateOf(rules)));
  const stopWatching = watchIdentity(
    ...([services.identities, services.clock, exchange.credential, () => gone.abort(keyEnded), identity] as const),
  );
  const running = runEmbedding([first, ...others], wanted.call, purpose, chain, gone.signal);
  const outcome = await running.finally(stopWatching);
  admission?.settle(countTokens(outcome.records.map(({ usage }) => usage)));
  const { result, error } = outcome;
  if (gone.signal.reason === keyEnded) respondFailure(response, wrongKey);
  else if (result) respondJson(response, 200, encodeEmbeddings(result, wanted, outcome), factHeaders(outcome));
  else if (error) respondFailure(response, fromProviderError(error), factHeaders(outcome));
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** The answer in OpenAI's form. Usage that the vendor did not report is our own count, and marked so. */
function encodeEmbeddings(result: EmbeddingResult, { format }: EmbeddingRequest, outcome: EmbeddingOutcome) {
  const { vectors, warnings, servedModel } = result;
  const cost = sumCosts(outcome.records);
  const tokens = outcome.records.at(-1)?.usage.inputTokens;
  const isEstimated = outcome.records.some(({ isUsageEstimated }) => isUsageEstimated);
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: format === 'base64' ? toBase64(vector) : Array.from(vector),
    })),
    model: servedModel ?? outcome.target.vendorModelId,
    ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
    switchyard: {
      cost_usd: 'costNanoUsd' in cost ? formatUsd(cost.costNanoUsd) : null,
      ...(isEstimated && { is_estimated: true }),
      model: outcome.target.modelId,
      attempts: outcome.records.length,
      ...(warnings.length > 0 && { warnings }),
    },
  };
}

/** 32-bit floats, little end first. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

function factHeaders({ target, records }: EmbeddingOutcome): Readonly<Record<string, string>> {
  const cost = sumCosts(records);
  return {
    ...targetHeaders(target),
    'x-switchyard-attempts': String(records.length),
    ...('costNanoUsd' in cost && { 'x-switchyard-cost-usd': formatUsd(cost.costNanoUsd) }),
  };
}
