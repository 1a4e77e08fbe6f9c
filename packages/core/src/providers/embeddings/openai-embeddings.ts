import { definedOnly, mergeProviderOptions, UnsupportedCallError } from '../encoded-call.ts';
import { countAt, isRecord, type JsonRecord, recordAt, stringAt } from '../json-shape.ts';
import type { EmbeddingQuirks, ProviderProfile } from '../provider-profile.ts';
import type { EmbeddingsProtocol } from './embeddings-protocol.ts';

/** `POST /embeddings` in OpenAI's form. */
export function createOpenAiEmbeddings(profile: ProviderProfile, quirks: EmbeddingQuirks): EmbeddingsProtocol {
  const name = profile.displayName;
  return {
    maxInputs: quirks.maxInputs,
    check(call) {
      if (!quirks.takesTokens && call.inputs.some((input) => typeof input !== 'string'))
        throw new UnsupportedCallError(`${name} embeds texts only, not token ids. Send the inputs as text.`);
      if (call.dimensions === undefined || quirks.takesDimensions) return [];
      return [{ type: 'unsupported-setting', setting: 'dimensions', message: `${name} takes no dimensions.` }];
    },
    encode(call, inputs) {
      const body = definedOnly({
        model: call.model,
        input: inputs,
        encoding_format: quirks.format,
        dimensions: quirks.takesDimensions ? call.dimensions : undefined,
      });
      return { path: '/embeddings', body: mergeProviderOptions(body, call.providerOptions) };
    },
    decode: decodeOpenAiEmbeddings,
  };
}

function decodeOpenAiEmbeddings(answer: JsonRecord): ReturnType<EmbeddingsProtocol['decode']> {
  const { data } = answer;
  if (!Array.isArray(data) || !data.every(isRecord)) return undefined;
  // The form allows any order.
  const rows: readonly JsonRecord[] = data.every((row) => typeof row.index === 'number')
    ? data.toSorted((a, b) => Number(a.index) - Number(b.index))
    : data;
  const usage = recordAt(answer, 'usage');
  const inputTokens = countAt(usage, 'prompt_tokens') ?? countAt(usage, 'total_tokens');
  const servedModel = stringAt(answer, 'model');
  return {
    vectors: rows.map((row) => row.embedding),
    usage: inputTokens === undefined ? {} : { inputTokens },
    ...(servedModel && { servedModel }),
  };
}
