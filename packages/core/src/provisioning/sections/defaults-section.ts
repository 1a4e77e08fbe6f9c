import { defaultCircuitSettings as standard } from '../../policies/index.ts';
import { defined } from '../schema/defined.ts';
import { duration, fields, sayDuration, share, wholeNumber } from '../schema/fields.ts';
import { defineSection } from '../section.ts';
import {
  deadlinesSchema,
  deliverySchema,
  hedgeSchema,
  overallMsSchema,
  patienceSchema,
  readDeadlines,
  readHedge,
  readPatience,
  readRetry,
  retrySchema,
} from './policy-fields.ts';

const hour = 3_600_000;

const circuitSchema = fields({
  window_ms: duration(1_000, hour)
    .optional()
    .describe(`Only calls of this last stretch of time count (${sayDuration(standard.windowMs)}).`),
  min_errors: wholeNumber(1, 1_000)
    .optional()
    .describe(`The circuit opens at this many failures (${standard.minErrors}) …`),
  min_error_rate: share()
    .optional()
    .describe(`… when they are also this share of all calls (${standard.minErrorRate}).`),
  cool_down_ms: duration(100, hour)
    .optional()
    .describe(`From opening to the first probe, and between probes (${sayDuration(standard.coolDownMs)}).`),
  max_cool_down_ms: duration(100, hour)
    .optional()
    .describe(`The cool-down doubles with every failed probe up to this (${sayDuration(standard.maxCoolDownMs)}).`),
}).describe('When a model that keeps failing is left alone for a while.');

export const defaultsSection = defineSection({
  key: 'defaults',
  schema: fields({
    retry: retrySchema.optional(),
    deadlines: deadlinesSchema.optional(),
    circuit: circuitSchema.optional(),
    delivery: deliverySchema.optional(),
    overall_ms: overallMsSchema.optional(),
    patience: patienceSchema.optional(),
    hedge: hedgeSchema.optional(),
  }).describe('What holds where a provider, a chain or a call says nothing.'),
  read(value, context) {
    const circuit = value.circuit;
    const coolDownMs = circuit?.cool_down_ms ?? standard.coolDownMs;
    const maxCoolDownMs = circuit?.max_cool_down_ms ?? Math.max(standard.maxCoolDownMs, coolDownMs);
    if (coolDownMs > maxCoolDownMs) {
      context.report(
        'CONTRADICTION',
        ['defaults', 'circuit', 'max_cool_down_ms'],
        '"max_cool_down_ms" is shorter than the cool-down itself.',
        {
          suggestion: `Give at least the ${coolDownMs} ms of cool_down_ms.`,
        },
      );
    }
    return {
      defaults: {
        retry: readRetry(value.retry, undefined, ['defaults', 'retry'], context),
        deadlines: readDeadlines(value.deadlines, ['defaults', 'deadlines'], context),
        circuit: circuit
          ? defined({
              windowMs: circuit.window_ms,
              minErrors: circuit.min_errors,
              minErrorRate: circuit.min_error_rate,
              coolDownMs: circuit.cool_down_ms,
              maxCoolDownMs: circuit.cool_down_ms === undefined ? circuit.max_cool_down_ms : maxCoolDownMs,
            })
          : {},
        ...defined({ delivery: value.delivery, overallMs: value.overall_ms }),
        ...readPatience(value.patience),
        ...readHedge(value.hedge),
      },
    };
  },
});
