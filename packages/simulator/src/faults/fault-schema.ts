import { z } from 'zod';
import { SIMULATED_VENDORS } from '../vendors.ts';
import { PROBLEM_CODES } from './problem-codes.ts';

const common = {
  id: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w.:-]+$/, 'only letters, digits and . : - _')
    .optional(),
  vendor: z.enum(SIMULATED_VENDORS).optional(),
  model: z.string().min(1).optional(),
  /** Chance that a matching request is hit; default 1. */
  probability: z.number().min(0).max(1).optional(),
  /** How many requests it hits before it is spent; default unlimited. */
  times: z.int().min(1).optional(),
  /** How many matching requests pass first; default 0. */
  skip: z.int().min(0).optional(),
  /** Default `chat`. */
  path: z.enum(['chat', 'models', 'embeddings']).optional(),
};
const delayMs = z.number().min(0).max(3_600_000);
const afterTokens = z.int().min(0).optional();

function kind<K extends string, S extends z.core.$ZodShape>(name: K, shape: S) {
  return z.strictObject({ ...common, kind: z.literal(name), ...shape });
}

export const FAULT_STATUSES = [400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 504, 529] as const;

export const faultSchema = z.discriminatedUnion('kind', [
  /** The whole answer, headers included, comes later. */
  kind('latency', { delayMs }),
  /** Headers at once, the first token after `delayMs`. */
  kind('slow-first-token', { delayMs }),
  kind('rate', { tokensPerSecond: z.number().min(0.01).max(1e6) }),
  /** `status` or `code` or both; the missing one follows from the vendor's habits. */
  kind('error', {
    status: z.union(FAULT_STATUSES.map((status) => z.literal(status))).optional(),
    code: z.enum(PROBLEM_CODES).optional(),
    message: z.string().max(4000).optional(),
    retryAfterSeconds: z.number().min(0).optional(),
    retryAfterMs: z.number().min(0).optional(),
    /** An HTTP date, or true: `retryAfterSeconds` from now written as an HTTP date. */
    retryAfterDate: z.union([z.boolean(), z.string().min(1)]).optional(),
    /** Raw JSON sent instead of the vendor's body. */
    body: z.unknown().optional(),
  }),
  /** TCP reset before any header. */
  kind('reset', {}),
  /** Accepts the request and never answers. */
  kind('silent', {}),
  /** Connection ends in the middle, without terminal marker; default after 20 tokens, `fin`. */
  kind('cut', { afterTokens, mode: z.enum(['fin', 'rst']).optional() }),
  /** Silence in the middle; without `forMs` for ever. */
  kind('stall', { afterTokens, forMs: delayMs.optional() }),
  /** One event that is not JSON, then soundly on; `fatal`: garbage until the client leaves. */
  kind('malformed', { afterTokens, fatal: z.boolean().optional() }),
  /** The vendor's in-band error event after a 200. */
  kind('stream-error', {
    afterTokens,
    code: z.enum(PROBLEM_CODES).optional(),
    message: z.string().max(4000).optional(),
  }),
  /** Finish reason and usage, but no terminal marker; `hold`: the connection stays open. */
  kind('missing-end', { hold: z.boolean().optional() }),
  kind('missing-usage', {}),
  kind('empty', {}),
  kind('refusal', {}),
  /** The answer is stopped by the vendor's filter, after `afterTokens` (default 0: no text at all). */
  kind('content-filter', { afterTokens }),
  /** Finish reason `length` after `afterTokens` (default 20). */
  kind('truncate', { afterTokens }),
  kind('unknown-events', {}),
  /** One delta of `sizeBytes` (default 1 MiB). */
  kind('huge-delta', {
    sizeBytes: z
      .int()
      .min(1)
      .max(64 * 1024 * 1024)
      .optional(),
  }),
  kind('reasoning-only', {}),
  kind('usage-every-chunk', {}),
]);

export type FaultInput = z.input<typeof faultSchema>;
export type Fault = FaultInput & { id: string };
export type FaultKind = FaultInput['kind'];
export type FaultOf<K extends FaultKind> = Extract<Fault, { kind: K }>;
export const FAULT_KINDS = faultSchema.options.map((option) => option.shape.kind.value) as FaultKind[];
