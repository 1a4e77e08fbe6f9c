import { providerTypes } from '@switchyard/core/catalog';
import { z } from 'zod';

const count = (highest: number) => z.int().min(1).max(highest);
const durationMs = z.int().min(1).max(3_600_000);

/** Drops what is null, so that an empty field of a form counts as absent. */
function withoutNulls<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null && each !== undefined))
        : value,
    z.object(shape),
  );
}

/** The JSON columns of a provider's row; the same checks hold for what people type and for what is read back. */
export const limitsColumn = withoutNulls({
  maxConcurrent: count(10_000).exactOptional(),
  maxQueued: z.int().min(0).max(100_000).exactOptional(),
  queueMs: z.int().min(0).max(3_600_000).exactOptional(),
  requestsPerMinute: count(10_000_000).exactOptional(),
  tokensPerMinute: count(2_000_000_000).exactOptional(),
});

export const retryColumn = withoutNulls({
  maxAttempts: count(10).exactOptional(),
  patienceMs: z.int().min(0).max(3_600_000).exactOptional(),
  maxTotalWaitMs: z.int().min(0).max(3_600_000).exactOptional(),
});

export const deadlinesColumn = withoutNulls({
  firstTokenMs: durationMs.exactOptional(),
  idleMs: durationMs.exactOptional(),
  totalMs: durationMs.exactOptional(),
});

const configuredModel = withoutNulls({
  vendorModelId: z
    .string()
    .trim()
    .min(1, 'Give the name that the provider knows the model by.')
    .max(200)
    .regex(/^\S+$/, 'A model name has no spaces.'),
  displayName: z.string().trim().min(1).max(100).exactOptional(),
  vision: z.boolean().exactOptional(),
  tools: z.boolean().exactOptional(),
  json: z.boolean().exactOptional(),
  reasoning: z.boolean().exactOptional(),
  contextWindowTokens: count(100_000_000).exactOptional(),
  maxOutputTokens: count(100_000_000).exactOptional(),
});

export const modelsColumn = z
  .array(configuredModel)
  .max(200)
  .refine((models) => new Set(models.map((model) => model.vendorModelId)).size === models.length, {
    error: 'A model is named twice.',
  });

export type StoredModel = z.output<typeof modelsColumn>[number];

export const providerTypeColumn = z.enum(providerTypes);

/** Names and values of extra headers, as they are sealed. */
export const headersColumn = z.record(z.string(), z.string());
