import { z } from 'zod';
import {
  type DeliveryMode,
  defaultFirstTokenPatienceMs,
  defaultIdlePatienceMs,
  defaultThinkingPatienceMs,
  type HedgeSettings,
} from '../../dispatch/index.ts';
import {
  type BackoffSettings,
  type Deadlines,
  defaultBackoff,
  defaultDeadlines,
  defaultRetrySettings,
  type RetrySettings,
} from '../../policies/index.ts';
import type { ConfiguredPatience } from '../configuration.ts';
import { type Defined, defined } from '../schema/defined.ts';
import { duration, expected, fields, oneOf, sayDuration, share, wholeNumber } from '../schema/fields.ts';
import type { SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';

const day = 86_400_000;
const hour = 3_600_000;
const defaultHedgeShare = 0.1;

export const deliverySchema = oneOf(['restart', 'continue', 'hold-back', 'fail'] satisfies DeliveryMode[] as [
  'restart',
  'continue',
  'hold-back',
  'fail',
]).describe(
  'What happens when a stream breaks after text was passed on: restart on the next model (readers are told to forget), continue on a model that takes a prefill, hold-back (pass nothing on before the answer is complete), or fail.',
);

export const contentPolicySchema = oneOf(['return-error', 'next-candidate']).describe(
  'What a refusal for content policy leads to: the error, or a try of the next model.',
);

export const overallMsSchema = duration(100, hour).describe(
  'One deadline for everything a call does: queues, attempts and waits on all models.',
);

export const retrySchema = fields({
  max_attempts: wholeNumber(1, 20)
    .optional()
    .describe(`Calls of one model, the first included (${defaultRetrySettings.maxAttempts}).`),
  initial_delay_ms: duration(0, hour)
    .optional()
    .describe(
      `Longest wait after the first failure; doubles with every further one. The actual wait is random below it (${sayDuration(defaultBackoff.baseMs)}).`,
    ),
  max_delay_ms: duration(0, hour)
    .optional()
    .describe(`No wait of our own choosing is longer than this (${sayDuration(defaultBackoff.capMs)}).`),
  patience_ms: duration(0, hour)
    .optional()
    .describe(
      `Longest wait for a model while another one could answer at once (${sayDuration(defaultRetrySettings.patienceMs)}).`,
    ),
  max_total_wait_ms: duration(0, hour)
    .optional()
    .describe(`All waits of a call together (${sayDuration(defaultRetrySettings.maxTotalWaitMs)}).`),
  on_content_filter: contentPolicySchema.optional(),
}).describe('When the same model is asked again.');

export const deadlinesSchema = fields({
  first_token_ms: duration(10, hour)
    .optional()
    .describe(`From the start until the first piece of the answer (${sayDuration(defaultDeadlines.firstTokenMs)}).`),
  idle_ms: duration(10, hour)
    .optional()
    .describe(`Between two pieces of the answer (${sayDuration(defaultDeadlines.idleMs)}).`),
  total_ms: duration(10, day)
    .optional()
    .describe(`From the start until the end of the answer (${sayDuration(defaultDeadlines.totalMs)}).`),
}).describe('How long one attempt may take.');

export const patienceSchema = fields({
  first_token_ms: duration(10, hour)
    .optional()
    .describe(`Until the first piece of the answer (${sayDuration(defaultFirstTokenPatienceMs)}).`),
  thinking_ms: duration(10, hour)
    .optional()
    .describe(
      `The same when the call asks for reasoning effort low or more, because some models think and show nothing of it (${sayDuration(defaultThinkingPatienceMs)}).`,
    ),
  idle_ms: duration(10, hour)
    .optional()
    .describe(`Between two pieces of the answer (${sayDuration(defaultIdlePatienceMs)}).`),
}).describe('How long a model may be silent while another one could answer in its place.');

export const hedgeSchema = fields({
  after_ms: z
    .union([duration(0, hour), z.literal('p95')], expected('a time such as 800ms or 2s, or p95'))
    .describe(
      "How long the first model may be silent before the second is started; p95 takes the model's own measured value.",
    ),
  max_share: share().optional().describe(`Hedged calls may be at most this share of all calls (${defaultHedgeShare}).`),
}).describe('Starts a second model while the first is still silent. Both are paid for.');

type Given<Schema extends z.ZodType> = z.output<Schema>;

/** Retry settings; a delay that is not given comes from `inherited`. */
export function readRetry(
  given: Given<typeof retrySchema> | undefined,
  inherited: BackoffSettings | undefined,
  path: SourcePath,
  context: SectionContext,
): Partial<RetrySettings> {
  if (given === undefined) return {};
  const base = inherited ?? defaultBackoff;
  const { initial_delay_ms: initialMs, max_delay_ms: maxMs } = given;
  const backoff =
    initialMs === undefined && maxMs === undefined
      ? undefined
      : {
          baseMs: initialMs ?? Math.min(base.baseMs, maxMs ?? base.baseMs),
          capMs: maxMs ?? Math.max(base.capMs, initialMs ?? 0),
        };
  if (initialMs !== undefined && maxMs !== undefined && initialMs > maxMs) {
    context.report(
      'CONTRADICTION',
      [...path, 'initial_delay_ms'],
      '"initial_delay_ms" is longer than "max_delay_ms".',
      {
        suggestion: 'Raise max_delay_ms or lower initial_delay_ms.',
      },
    );
  }
  return defined({
    maxAttempts: given.max_attempts,
    backoff,
    patienceMs: given.patience_ms,
    maxTotalWaitMs: given.max_total_wait_ms,
    onContentFilter: given.on_content_filter,
  });
}

export function readDeadlines(
  given: Given<typeof deadlinesSchema> | undefined,
  path: SourcePath,
  context: SectionContext,
): Partial<Deadlines> {
  if (given === undefined) return {};
  const { first_token_ms: firstTokenMs, idle_ms: idleMs, total_ms: totalMs } = given;
  for (const [name, ms] of [
    ['first_token_ms', firstTokenMs],
    ['idle_ms', idleMs],
  ] as const) {
    if (totalMs === undefined || ms === undefined || ms <= totalMs) continue;
    context.report('CONTRADICTION', [...path, name], `"${name}" is longer than "total_ms" and can never be reached.`, {
      severity: 'warning',
      suggestion: 'Raise total_ms or lower the other.',
    });
  }
  return defined({ firstTokenMs, idleMs, totalMs });
}

export function readPatience(
  given: Given<typeof patienceSchema> | undefined,
): Defined<{ patience: ConfiguredPatience | undefined }> {
  if (given === undefined) return {};
  return {
    patience: defined({
      firstTokenPatienceMs: given.first_token_ms,
      thinkingPatienceMs: given.thinking_ms,
      idlePatienceMs: given.idle_ms,
    }),
  };
}

export function readHedge(given: Given<typeof hedgeSchema> | undefined): Defined<{ hedge: HedgeSettings | undefined }> {
  if (given === undefined) return {};
  return { hedge: { afterMs: given.after_ms, maxShare: given.max_share ?? defaultHedgeShare } };
}
