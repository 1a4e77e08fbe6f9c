'use client';

import { Button, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconList } from '@tabler/icons-react';
import { formatCompact, formatCount, formatDuration, formatShare, formatUsd } from '../../format/number-format.ts';
import tableClasses from '../../shell/table.module.css';
import { useAddressState } from '../../shell/use-address-state.ts';
import { changeText, type ExploreGroup, keyOf, nameOf } from './report-figures.ts';
import { labelOf } from './report-filters.ts';
import classes from './reports.module.css';

interface Column {
  readonly name: string;
  readonly label: string;
  read(group: ExploreGroup): number | null;
  format(value: number, group: ExploreGroup): string;
}

/** The same columns are shown, sorted by, and exported. */
export const groupColumns: readonly Column[] = [
  { name: 'calls', label: 'Calls', read: ({ figures }) => figures.calls, format: formatCount },
  { name: 'success', label: 'Success', read: ({ figures }) => figures.successRate, format: formatShare },
  { name: 'p50', label: 'Median', read: ({ figures }) => figures.latency?.p50Ms ?? null, format: formatDuration },
  { name: 'p95', label: '95 %', read: ({ figures }) => figures.latency?.p95Ms ?? null, format: formatDuration },
  {
    name: 'ttft',
    label: 'First token',
    read: ({ figures }) => figures.timeToFirstToken?.p50Ms ?? null,
    format: formatDuration,
  },
  {
    name: 'speed',
    label: 'Tokens/s',
    read: ({ figures }) => figures.tokensPerSecond,
    format: (value) => value.toFixed(0),
  },
  {
    name: 'tokens',
    label: 'Tokens',
    read: ({ figures }) => figures.inputTokens + figures.outputTokens,
    format: formatCompact,
  },
  {
    name: 'quality',
    label: 'Quality',
    read: ({ quality }) => quality?.mean ?? null,
    format: (value) => value.toFixed(2),
  },
  {
    name: 'perSuccess',
    label: 'Per success',
    read: ({ figures }) => (figures.costPerSuccessUsd === null ? null : Number(figures.costPerSuccessUsd)),
    format: formatUsd,
  },
  { name: 'cost', label: 'Spend', read: ({ figures }) => Number(figures.costUsd), format: formatUsd },
];

export function sortGroups(groups: readonly ExploreGroup[], sort: string): readonly ExploreGroup[] {
  const isAscending = sort.startsWith('-');
  const column = groupColumns.find(({ name }) => name === sort.replace(/^-/, '')) ?? groupColumns.at(-1)!;
  // What has no value stands last, whichever way.
  const place = (group: ExploreGroup) => column.read(group);
  return [...groups].sort((a, b) => {
    const [left, right] = [place(a), place(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return isAscending ? left - right : right - left;
  });
}

/** One line for each group; a name narrows the report to it, and its calls are one click away. */
export function GroupTable({
  groups,
  onNarrow,
  onCalls,
}: {
  groups: readonly ExploreGroup[];
  onNarrow: (group: ExploreGroup) => void;
  onCalls: (group: ExploreGroup) => void;
}) {
  const [address, change] = useAddressState();
  const sort = address.get('sort') ?? 'cost';
  const by = groups[0]?.values.map(({ dimension }) => labelOf(dimension)).join(' and ') ?? 'Group';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Groups">
      <table className={`${tableClasses.table} ${classes.groups}`}>
        <thead>
          <tr>
            <th scope="col">{by}</th>
            {groupColumns.map(({ name, label }) => {
              const isSorted = sort.replace(/^-/, '') === name;
              const isUp = isSorted && sort.startsWith('-');
              return (
                <th
                  key={name}
                  scope="col"
                  className={tableClasses.number}
                  aria-sort={isSorted ? (isUp ? 'ascending' : 'descending') : undefined}
                >
                  <UnstyledButton
                    className={classes.sort}
                    onClick={() => change({ sort: isSorted && !isUp ? `-${name}` : name })}
                  >
                    {label}
                    {isSorted ? (
                      isUp ? (
                        <IconChevronUp size={12} aria-hidden="true" />
                      ) : (
                        <IconChevronDown size={12} aria-hidden="true" />
                      )
                    ) : null}
                  </UnstyledButton>
                </th>
              );
            })}
            <th scope="col" className={tableClasses.number}>
              Change
            </th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sortGroups(groups, sort).map((group) => (
            <tr key={keyOf(group)}>
              <th scope="row" className={classes.groupName}>
                <UnstyledButton onClick={() => onNarrow(group)} title="Narrow the report to this">
                  {nameOf(group)}
                </UnstyledButton>
              </th>
              {groupColumns.map(({ name, read, format }) => {
                const value = read(group);
                return (
                  <td key={name} className={tableClasses.number}>
                    {value === null ? <span className={tableClasses.muted}>—</span> : format(value, group)}
                  </td>
                );
              })}
              <td className={tableClasses.number}>
                {changeText(Number(group.figures.costUsd), group.previous && Number(group.previous.costUsd)) ?? '—'}
              </td>
              <td>
                <Button
                  size="compact-xs"
                  mih={26}
                  variant="subtle"
                  leftSection={<IconList size={14} />}
                  aria-label={`Calls of ${nameOf(group)}`}
                  onClick={() => onCalls(group)}
                >
                  Calls
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
