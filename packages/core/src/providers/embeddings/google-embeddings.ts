import { definedOnly, mergeProviderOptions, UnsupportedCallError } from '../encoded-call.ts';
import { checkModelName } from '../google-generate/encode.ts';
import { countAt, isRecord, type JsonRecord, recordAt } from '../json-shape.ts';
import type { EmbeddingsProtocol } from './embeddings-protocol.ts';

/** Length up to which Gemini's vectors come as they were cut, no longer of length 1. */
const fullDimensions = 3_072;

/** `:batchEmbedContents`, which takes one text as well as many. Not through the SDK: its types lack `outputDimensionality`. */
export const googleEmbeddings: EmbeddingsProtocol = {
  maxInputs: 100,
  check({ model, inputs, dimensions }) {
    checkModelName(model);
    if (inputs.some((input) => typeof input !== 'string'))
      throw new UnsupportedCallError('Google embeds texts only, not token ids. Send the inputs as text.');
    if (dimensions === undefined || dimensions >= fullDimensions) return [];
    const message = `Google scales only vectors of ${fullDimensions} numbers to length 1; compare these by cosine.`;
    return [{ type: 'other', setting: 'dimensions', message }];
  },
  encode(call, inputs) {
    const name = call.model.includes('/') ? call.model : `models/${call.model}`;
    const requests = inputs.map((text) =>
      mergeProviderOptions(
        definedOnly({ model: name, content: { parts: [{ text }] }, outputDimensionality: call.dimensions }),
        call.providerOptions,
      ),
    );
    return { path: `/v1beta/${name}:batchEmbedContents`, body: { requests } };
  },
  decode: decodeGoogleEmbeddings,
};

function decodeGoogleEmbeddings(answer: JsonRecord): ReturnType<EmbeddingsProtocol['decode']> {
  const { embeddings } = answer;
  if (!Array.isArray(embeddings)) return undefined;
  const inputTokens = countAt(recordAt(answer, 'usageMetadata'), 'promptTokenCount');
  return {
    vectors: embeddings.map((entry) => (isRecord(entry) ? entry.values : undefined)),
    usage: inputTokens === undefined ? {} : { inputTokens },
  };
}
