import { z } from 'zod';
import type { ConfiguredPaidProbe } from '../configuration.ts';
import { checkModelReference } from '../names/check-model-reference.ts';
import { checkProviderReference } from '../names/check-provider-reference.ts';
import { defined } from '../schema/defined.ts';
import { decimalUsd, duration, expected, fields, text, wholeNumber } from '../schema/fields.ts';
import { defineSection } from '../section.ts';

const minute = 60_000;
const hour = 3_600_000;

const successShare = () => {
  const what = expected('a share from 0.5 to 0.99999, for example 0.99');
  return z.number(what).min(0.5, what).max(0.99999, what);
};

const probeSchema = fields({
  model: text('the name of a model').describe('Which model is called; the cheapest does.'),
  every_ms: duration(minute, 24 * hour)
    .optional()
    .describe('Between two probes (15m).'),
  max_per_day: wholeNumber(1, 10_000).optional().describe('Probes in a day, UTC (100).'),
  max_usd_per_day: decimalUsd().optional().describe('What they may cost in a day, UTC (0.05).'),
}).describe('A call of one token, which costs money.');

const providerNames = z.record(
  z.string(expected('the id of a provider')).min(1).max(64),
  probeSchema,
  expected('a map of ids of providers and their probes'),
);

export const healthSection = defineSection({
  key: 'health',
  schema: fields({
    interval_ms: duration(10_000, 24 * hour)
      .optional()
      .describe('Between two checks of a provider that is well (5m).'),
    deadline_ms: duration(500, 5_000).optional().describe('After so long a check has failed (5s).'),
    objectives: fields({
      success: successShare().optional().describe('Share of calls that should succeed (0.99).'),
      first_token_ms: duration(1, hour).optional().describe('How soon answers should begin.'),
    })
      .optional()
      .describe('What alert rules measure by where they say nothing themselves.'),
    paid_probes: providerNames.optional().describe('Providers that are also called, which costs money. Absent: none.'),
  }).describe('How providers are looked after.'),
  read(value, context) {
    const paidProbes = Object.entries(value.paid_probes ?? {}).map(
      ([providerId, probe]): ConfiguredPaidProbe => ({
        providerId,
        modelId: probe.model.trim(),
        ...defined({ everyMs: probe.every_ms, maxPerDay: probe.max_per_day, maxUsdPerDay: probe.max_usd_per_day }),
        position: context.positionOf(['health', 'paid_probes', providerId], 'key'),
      }),
    );
    return {
      health: {
        ...defined({
          intervalMs: value.interval_ms,
          deadlineMs: value.deadline_ms,
          successObjective: value.objectives?.success,
          firstTokenObjectiveMs: value.objectives?.first_token_ms,
        }),
        paidProbes,
      },
    };
  },
  check(_given, context, configuration) {
    for (const { providerId, modelId } of configuration.health.paidProbes) {
      const path = ['health', 'paid_probes', providerId];
      checkProviderReference(providerId, path, context, configuration);
      checkModelReference(modelId, [...path, 'model'], context, configuration);
      if (modelId.startsWith(`${providerId}/`)) continue;
      context.report('CONTRADICTION', [...path, 'model'], `"${modelId}" is not a model of ${providerId}.`, {
        suggestion: `Name one that begins with "${providerId}/".`,
      });
    }
  },
});
