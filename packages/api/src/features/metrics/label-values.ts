import type { MetricDimension } from '@switchyard/core/metrics';
import type { Services } from '../../container.ts';

export type ValueLabel = string;

/** What people call the members and API keys among the groups, by `dimension value`; of this team only. */
export async function labelValues(
  {
    services,
    identity,
  }: { readonly services: Pick<Services, 'prisma'>; readonly identity: { readonly teamId: string } },
  by: readonly MetricDimension[],
  groups: readonly { readonly values: readonly string[] }[],
): Promise<ReadonlyMap<string, ValueLabel>> {
  const labels = new Map<string, ValueLabel>();
  const idsOf = (dimension: MetricDimension) => {
    const place = by.indexOf(dimension);
    return place < 0 ? [] : [...new Set(groups.map(({ values }) => values[place] ?? ''))];
  };
  const [keys, members] = [idsOf('apiKey'), idsOf('member')];
  const { teamId } = identity;
  if (keys.length > 0) {
    const rows = await services.prisma.apiKey.findMany({ where: { teamId, id: { in: keys } } });
    for (const row of rows) labels.set(`apiKey ${row.id}`, row.name);
  }
  if (members.length > 0) {
    const rows = await services.prisma.user.findMany({
      where: { id: { in: members }, memberships: { some: { teamId } } },
    });
    for (const row of rows) labels.set(`member ${row.id}`, row.name);
  }
  return labels;
}
