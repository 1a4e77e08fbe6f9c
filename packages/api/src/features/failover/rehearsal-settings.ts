import { z } from 'zod';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';

const faultInput = z
  .object({
    kind: z.enum(['outage', 'error', 'latency', 'cut']),
    status: z.union([401, 429, 500, 502, 503, 504, 529].map((status) => z.literal(status))).nullish(),
    share: z.number().min(0.01).max(1).nullish(),
    delayMs: z.int().min(1).max(120_000).nullish(),
    afterTokens: z.int().min(0).max(1_000).nullish(),
  })
  .transform(
    ({ kind, status, share, delayMs, afterTokens }): RehearsalFault => ({
      kind,
      status: status ?? 503,
      share: share ?? 1,
      delayMs: delayMs ?? 15_000,
      afterTokens: afterTokens ?? 3,
    }),
  );

/** What is broken, and how. */
export interface RehearsalFault {
  readonly kind: 'outage' | 'error' | 'latency' | 'cut';
  /** HTTP status, of `error`. */
  readonly status: number;
  /** Share of calls, of `error`. */
  readonly share: number;
  /** Before every answer, of `latency`. */
  readonly delayMs: number;
  /** Of `cut`. */
  readonly afterTokens: number;
}

const name = z.string().trim().min(1).max(300);

export const rehearsalInput = z.object({
  model: name,
  fallbacks: z.array(name).max(16).nullish(),
  role: z.string().trim().min(1).max(200).nullish(),
  workflow: z.string().trim().min(1).max(200).nullish(),
  fault: faultInput.nullish(),
  calls: z.int().min(5).max(200).nullish(),
  everyMs: z.int().min(20).max(5_000).nullish(),
  maxSeconds: z.int().min(10).max(600).nullish(),
  maxCostUsd: z
    .string()
    .regex(/^\d{1,4}(\.\d{1,9})?$/, 'Give an amount of US dollars, for example 0.50.')
    .nullish(),
  idempotencyKey: idempotencyKeyInput,
});

/** What a rehearsal does, as it is stored; plain JSON. */
export interface RehearsalSettings {
  readonly model: string;
  readonly fallbacks: readonly string[];
  readonly role?: string;
  readonly workflow?: string;
  readonly fault: RehearsalFault;
  /** Calls while it is broken. */
  readonly calls: number;
  readonly everyMs: number;
  readonly maxSeconds: number;
  readonly maxCostUsd: string;
}

export function toSettings(given: Omit<z.output<typeof rehearsalInput>, 'idempotencyKey'>): RehearsalSettings {
  const { model, fallbacks, role, workflow, fault, calls, everyMs, maxSeconds, maxCostUsd } = given;
  return {
    model,
    fallbacks: fallbacks ?? [],
    ...(role && { role }),
    ...(workflow && { workflow }),
    fault: fault ?? { kind: 'outage', status: 503, share: 1, delayMs: 15_000, afterTokens: 3 },
    calls: calls ?? 20,
    everyMs: everyMs ?? 200,
    maxSeconds: maxSeconds ?? 120,
    maxCostUsd: maxCostUsd ?? '0.50',
  };
}

/** Whether calls fail at all, so that an outage has to be noticed. */
export function isFailing({ kind, share }: RehearsalFault): boolean {
  return kind !== 'latency' && (kind !== 'error' || share >= 0.5);
}

export const rehearsalTag = 'rehearsal';
