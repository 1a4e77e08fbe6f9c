import { type EmbeddingOutcome, runEmbedding } from '@switchyard/core/dispatch';
import { formatUsd } from '@switchyard/core/kernel';
import type { EmbeddingResult } from '@switchyard/core/spec';
import { readCallAttributes } from '../../features/routing/call-attributes.ts';
import { sizeOfEmbedding } from '../../features/routing/call-size.ts';
import { sumCosts } from '../../features/routing/model-dispatcher.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { respondJson } from '../respond.ts';
import { decodeEmbeddingRequest, type EmbeddingRequest } from './decode-embedding-request.ts';
import type { OpenAiExchange } from './openai-exchange.ts';
import { fromProviderError, respondFailure } from './openai-failure.ts';
import { readChatBody } from './read-chat-body.ts';
import { readTagHeader } from './read-tag-header.ts';
import { targetHeaders } from './target-headers.ts';

/** One object for all: an error with its stack for every call that ends early would only cost. */
const clientGone = new Error('The client went away.');

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
  const [first, ...others] = services.routing.permit(resolution.targets, purpose, sizeOfEmbedding(wanted.call));
  if (!first) {
    const reason = `The rules and limits of your team do not allow ${wanted.model} for this call.`;
    throw new NoEligibleModelFailure([{ modelId: wanted.model, reason }], ['model'], 'ROUTING.NO_CANDIDATE');
  }
  const outcome = await runEmbedding([first, ...others], wanted.call, purpose, chain, gone.signal);
  const { result, error } = outcome;
  if (result) respondJson(response, 200, encodeEmbeddings(result, wanted, outcome), factHeaders(outcome));
  else if (error) respondFailure(response, fromProviderError(error), factHeaders(outcome));
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
