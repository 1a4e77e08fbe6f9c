import { z } from 'zod';
import { providerTypes } from '../../catalog/index.ts';
import { duration, expected, fields, flag, list, oneOf, text, wholeNumber } from '../schema/fields.ts';
import { deadlinesSchema, retrySchema } from './policy-fields.ts';

const hour = 3_600_000;
const idText = 'lower-case letters, digits and single dashes, beginning with a letter, at most 40 characters';

/** A model of which the catalogue knows nothing, or something else. */
const modelSchema = fields({
  id: text("the vendor's own name of the model").describe("The vendor's own name of the model."),
  display_name: text('a name for people').optional().describe('Shown instead of the id.'),
  description: text('a description', { max: 1_000 }).optional().describe('One sentence for people who choose a model.'),
  capabilities: fields({
    text: flag().optional().describe('Takes and writes text.'),
    vision: flag().optional().describe('Takes images.'),
    tools: flag().optional().describe('Can call tools.'),
    json: flag().optional().describe('Can be held to JSON.'),
    reasoning: flag().optional().describe('Thinks before it answers.'),
    streaming: flag().optional().describe('Sends its answer in pieces.'),
  })
    .optional()
    .describe('Replaces what the catalogue says, one by one.'),
  context_window: wholeNumber(1, 100_000_000).optional().describe('Tokens of prompt and answer together.'),
  max_output_tokens: wholeNumber(1, 100_000_000).optional().describe('Tokens of one answer.'),
});

const limitsSchema = fields({
  max_concurrent: wholeNumber(1, 100_000).optional().describe('Calls at a time, per server process.'),
  max_queued: wholeNumber(0, 1_000_000).optional().describe('Calls that may wait; one more is refused at once.'),
  queue_ms: duration(0, hour).optional().describe('Longest wait for a slot.'),
  requests_per_minute: wholeNumber(1, 100_000_000).optional().describe('Calls within a minute.'),
  tokens_per_minute: wholeNumber(1, 1_000_000_000_000).optional().describe('Tokens within a minute.'),
}).describe('How much this provider takes. What is absent is not limited.');

const variableText = 'the name of an environment variable: letters, digits and underscores';

/** A secret, by reference only. */
const apiKeySchema = z
  .union(
    [
      // Editors see the pattern; the reader finds better words for a key that is written out.
      z.string().meta({ pattern: '^\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}$' }),
      fields({
        env: z
          .string(expected(variableText))
          .regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, expected(variableText))
          .describe('Name of the environment variable that holds the key.'),
      }),
    ],
    expected(`a reference to an environment variable: \${NAME}, or {env: NAME}`),
  )
  .describe(
    `The key, by reference to an environment variable: \${OPENAI_EU_KEY} or {env: OPENAI_EU_KEY}. Never the key itself.`,
  );

export const providerSchema = fields({
  id: z
    .string(expected(idText))
    .max(40, expected(idText))
    .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, expected(idText))
    .describe('What stands before the slash of a model name: openai-eu gives openai-eu/gpt-5.'),
  type: oneOf(providerTypes).describe('Which vendor this is; custom for any OpenAI-compatible endpoint.'),
  display_name: text('a name for people').optional().describe('Shown instead of the id.'),
  base_url: text('a URL', { max: 2_000 })
    .optional()
    .describe(`Address of the API; the vendor's own when absent. May hold \${NAME}. Required for custom.`),
  api_key: apiKeySchema.optional(),
  headers: z
    .record(
      text('a header name', { max: 100 }).regex(
        /^[A-Za-z0-9!#$%&'*+.^_|~-]+$/,
        expected('letters, digits and dashes; these are its'),
      ),
      text('the value of a header', { max: 8_000 }),
      expected('a map of header names and values'),
    )
    .optional()
    .describe(`Sent with every request. Values may hold \${NAME}; secrets must.`),
  allow_private_network: flag()
    .optional()
    .describe(
      'Whether base_url may point into a private network (false). Metadata and link-local addresses are never called.',
    ),
  enabled: flag().optional().describe('false keeps the provider out of use (true).'),
  limits: limitsSchema.optional(),
  retry: retrySchema.optional(),
  deadlines: deadlinesSchema.optional(),
  models: list(modelSchema, 'models')
    .optional()
    .describe('Models that the catalogue does not know, or knows differently.'),
}).describe('One provider instance. Several of one type may stand side by side.');

export type GivenProvider = z.output<typeof providerSchema>;
export type GivenModel = NonNullable<GivenProvider['models']>[number];
