import type { EmbeddingCall, EmbeddingInput } from '@switchyard/core/spec';
import { z } from 'zod';
import { ValidationFailure } from '../../user-errors.ts';

/** What a client of `POST /v1/embeddings` asked for. */
export interface EmbeddingRequest {
  /** As the client named it: `provider/model`. */
  readonly model: string;
  readonly format: 'float' | 'base64';
  readonly call: Omit<EmbeddingCall, 'model'>;
}

const maxInputs = 2_048;

const text = z.string().min(1, 'A text to embed cannot be empty.');
const tokens = z.array(z.int().min(0)).min(1, 'A list of token ids cannot be empty.');
const many = <Item extends z.ZodType>(item: Item) =>
  z.array(item).min(1, 'Send at least one text.').max(maxInputs, `Send at most ${maxInputs} texts at a time.`);

const request = z.object({
  model: z.string('Name a model that makes embeddings, for example openai/text-embedding-3-small.').min(1).max(300),
  // Judged by its first item, so that what is wrong is told of the form that was meant.
  input: z.unknown().transform((value, context): readonly EmbeddingInput[] => {
    const isOne = typeof value === 'string' || (Array.isArray(value) && typeof value[0] === 'number');
    const list = isOne ? [value] : value;
    const isTokens = Array.isArray(list) && Array.isArray(list[0]);
    const result = many(isTokens ? tokens : text).safeParse(list, {
      error: () => 'input is a text, a list of texts, a list of token ids, or a list of such lists.',
    });
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.addIssue({ code: 'custom', path: isOne ? [] : [...issue.path], message: issue.message });
    return z.NEVER;
  }),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  dimensions: z.int().min(1).max(100_000).nullish(),
  /** Not passed on, like that of a chat: the vendor has no need to know our clients' users. */
  user: z.string().nullish(),
});

/** Reads the parsed body of `POST /v1/embeddings`; throws `ValidationFailure` whose paths are OpenAI's field names. */
export function decodeEmbeddingRequest(body: unknown): EmbeddingRequest {
  const result = request.safeParse(body);
  if (!result.success) {
    throw new ValidationFailure(
      result.error.issues.slice(0, 20).map(({ path, message, code }) => {
        const names = path.map(String);
        return { path: names, message: names.length > 0 ? `${names.join('.')}: ${message}` : message, code };
      }),
    );
  }
  const { model, input, encoding_format: format, dimensions } = result.data;
  return { model, format: format ?? 'float', call: { inputs: input, ...(dimensions != null && { dimensions }) } };
}
