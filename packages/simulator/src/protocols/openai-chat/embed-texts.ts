import type { Exchange } from '../../exchange/exchange.ts';
import { refuse } from '../../faults/problem-codes.ts';
import { asArray, asNumber, asRecord, asText } from '../../json-value.ts';
import { findModel } from '../../models/find-model.ts';
import { countTokens } from '../../tokens/count-tokens.ts';
import { createEmbedding } from '../create-embedding.ts';

const FALLBACK_DIMENSIONS = 768;
const MAX_INPUTS = 2_048;
const TOO_MANY = `Invalid 'input': array too long. Expected an array with maximum length ${MAX_INPUTS}.`;

/** OpenAI's `/embeddings`: texts or token arrays in, floats or base64 out. */
export function embedTexts(exchange: Exchange, body: unknown): unknown {
  const { input, model: name, encoding_format: format, dimensions } = asRecord(body);
  const modelName = asText(name);
  const model = findModel(exchange.vendor, modelName);
  // Ollama makes vectors with any model; the others do not.
  if (model === undefined || (exchange.vendor !== 'ollama' && model.kind !== 'embedding'))
    return refuse({ code: 'model-not-found', model: modelName });
  const inputs = typeof input === 'string' || typeof asArray(input)[0] === 'number' ? [input] : asArray(input);
  if (inputs.length === 0 || inputs.includes(''))
    refuse({
      code: 'invalid-request',
      parameter: 'input',
      message: "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
    });
  if (inputs.length > MAX_INPUTS) refuse({ code: 'invalid-request', parameter: 'input', message: TOO_MANY });
  const texts = inputs.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  const size = asNumber(dimensions) ?? model.embeddingDimensions ?? FALLBACK_DIMENSIONS;
  const full = model.embeddingDimensions ?? FALLBACK_DIMENSIONS;
  if (!Number.isInteger(size) || size < 1 || size > full)
    refuse({
      code: 'invalid-request',
      parameter: 'dimensions',
      message: `Invalid value for 'dimensions' = ${size}. Must be less than or equal to ${full}.`,
    });
  const counts = inputs.map((item) => (Array.isArray(item) ? item.length : countTokens(asText(item))));
  const tooLong = counts.find((count) => count > model.contextTokens);
  if (tooLong !== undefined)
    refuse({ code: 'context-length', limit: { tokens: tooLong, limitTokens: model.contextTokens } });
  const tokens = counts.reduce((sum, count) => sum + count, 0);
  const data = texts.map((text, index) => {
    const vector = createEmbedding(text, model.id, size);
    const embedding = format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector;
    return { object: 'embedding', index, embedding };
  });
  return {
    object: 'list',
    data,
    model: model.servedId,
    ...(!exchange.fault('missing-usage') && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
  };
}
