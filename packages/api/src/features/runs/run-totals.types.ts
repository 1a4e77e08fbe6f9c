import { formatUsd } from '@switchyard/core/kernel';
import type { ProviderSpend, ProviderTotal } from '@switchyard/core/workflows';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { builder } from '../../graphql/builder.ts';
import { UsageType } from '../comparisons/answer.types.ts';
import { embedded } from './embedded.ts';

export const RunProviderTotalType = builder.objectRef<ProviderTotal>('RunProviderTotal').implement({
  description: 'What one provider was paid, failed attempts included.',
  fields: (t) => ({
    providerId: t.exposeString('providerId', { description: 'The slug of the provider.' }),
    calls: t.exposeInt('calls', { description: 'Attempts at its models.' }),
    inputTokens: t.exposeInt('inputTokens', { description: 'As far as it said.' }),
    outputTokens: t.exposeInt('outputTokens', { description: 'As far as it said.' }),
    costUsd: t.field({
      type: 'Decimal',
      description: 'What is known of the cost; all of it when `unpricedCalls` is 0.',
      resolve: ({ costNanoUsd }) => formatUsd(BigInt(costNanoUsd)),
    }),
    unpricedCalls: t.exposeInt('unpricedCalls', { description: 'Attempts whose cost nobody knows.' }),
    uncountedCalls: t.exposeInt('uncountedCalls', { description: 'Attempts whose tokens were not all reported.' }),
  }),
});

export const CallSpendType = builder.objectRef<ProviderSpend>('CallSpend').implement({
  description: 'What one provider was paid for a call, failed attempts included.',
  fields: (t) => ({
    providerId: t.exposeString('providerId', { description: 'The slug of the provider.' }),
    calls: t.exposeInt('calls', { description: 'Attempts.' }),
    usage: t.expose('usage', { type: UsageType, complexity: embedded, description: 'As far as it said.' }),
    costUsd: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Null when nobody knows.',
      resolve: ({ costNanoUsd }) => (costNanoUsd === undefined ? null : formatUsd(BigInt(costNanoUsd))),
    }),
  }),
});

/** What all providers were paid together, in nano-dollars; undefined when the cost of one attempt is unknown. */
export function sumCostNanoUsd(totals: readonly ProviderTotal[]): bigint | undefined {
  if (totals.some(({ unpricedCalls }) => unpricedCalls > 0)) return undefined;
  return totals.reduce((sum, { costNanoUsd }) => sum + BigInt(costNanoUsd), 0n);
}

/** Whether the answers of these providers are real; undefined when none was asked or none is set up any more. */
export function originOf(
  { providers }: Pick<Services, 'providers'>,
  { teamId }: Pick<Identity, 'teamId'>,
  totals: readonly ProviderTotal[],
): 'LIVE' | 'SIMULATED' | 'MIXED' | undefined {
  const asked = new Set(totals.map(({ providerId }) => providerId));
  const instances = providers.instancesOf(teamId).filter(({ slug }) => asked.has(slug));
  const origins = new Set(instances.map(({ origin }) => origin));
  if (origins.size === 0) return undefined;
  return origins.size > 1 ? 'MIXED' : origins.has('live') ? 'LIVE' : 'SIMULATED';
}
