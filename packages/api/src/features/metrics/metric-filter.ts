import type { MetricDimension, MetricFilter } from '@switchyard/core/metrics';
import { decodeId } from '../../graphql/global-id.ts';

type List = readonly string[] | null | undefined;

/** A filter as clients write it. */
export interface MetricFilterArgument {
  readonly providers?: List;
  readonly models?: List;
  readonly members?: List;
  readonly apiKeys?: List;
  readonly workflows?: List;
  readonly steps?: List;
  readonly roles?: List;
  readonly taskClasses?: List;
  readonly tag?: string | null | undefined;
  readonly sources?: List;
}

/** The filter in core's words. Ids of members and keys are taken as global ids and as plain ones. */
export function toMetricFilter(given: MetricFilterArgument | null | undefined): MetricFilter | undefined {
  if (!given) return undefined;
  const plain = (values: List, typename: string) => values?.map((id) => decodeId(id, typename) ?? id);
  const lists: readonly (readonly [MetricDimension, List])[] = [
    ['provider', given.providers],
    ['model', given.models],
    ['member', plain(given.members, 'User')],
    ['apiKey', plain(given.apiKeys, 'ApiKey')],
    ['workflow', given.workflows],
    ['step', given.steps],
    ['role', given.roles],
    ['taskClass', given.taskClasses],
    ['tag', given.tag == null ? undefined : [given.tag]],
    ['source', given.sources],
  ];
  // A text that no store can hold matches nothing; it must not reach a statement.
  return Object.fromEntries(
    lists.flatMap(([name, values]) =>
      values ? [[name, values.map((value) => value.replaceAll('\0', '\ufffd'))]] : [],
    ),
  );
}
