import type { ModelTelemetry } from '../../features/metrics/model-telemetry.ts';
import type { MetricFamily } from '../metrics/metric-family.ts';
import { vendorNameOf } from './call-attributes.ts';
import type { NamedFamily } from './otlp-metrics.ts';

type Labels = Readonly<Record<string, string>>;

const vendorTypes = { openai: 'openai', anthropic: 'anthropic', google: 'google', cohere: 'cohere' } as const;

/** Everything that is exported to a collector: the metrics as Prometheus has them, and those that the GenAI conventions name. */
export function toOtlpFamilies(families: readonly MetricFamily[], models: ModelTelemetry): readonly NamedFamily[] {
  const { duration, firstToken, tokens } = models.distributions();
  return [
    ...families.map((family) => ({ family })),
    { family: duration, name: 'gen_ai.client.operation.duration', unit: 's', attributesOf },
    { family: firstToken, name: 'gen_ai.client.operation.time_to_first_chunk', unit: 's', attributesOf },
    {
      family: tokens,
      name: 'gen_ai.client.token.usage',
      unit: '{token}',
      attributesOf: (labels) => ({ ...attributesOf(labels), 'gen_ai.token.type': labels.kind ?? '' }),
    },
  ];
}

function attributesOf({ provider = '', model = '', origin = '', operation = 'chat', outcome }: Labels): Labels {
  const type = Object.hasOwn(vendorTypes, provider) ? vendorTypes[provider as keyof typeof vendorTypes] : undefined;
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': vendorNameOf(provider, type && { type, baseUrl: undefined }),
    'gen_ai.request.model': model.startsWith(`${provider}/`) ? model.slice(provider.length + 1) : model,
    'switchyard.origin': origin,
    ...(outcome !== undefined && outcome !== 'succeeded' && { 'error.type': '_OTHER' }),
  };
}
