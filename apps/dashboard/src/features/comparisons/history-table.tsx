'use client';

import { ActionIcon, Skeleton, Tooltip } from '@mantine/core';
import { IconTrash, IconTrophyFilled } from '@tabler/icons-react';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { formatUsd } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { distinctMarks } from '../catalog/model-identity.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import type { HistoryRow } from './history-page.tsx';
import classes from './history-table.module.css';
import { LaneStateBadge } from './lane-state.tsx';

const heads = ['Prompt', 'Models', 'State', 'Cost', 'Created', ''];

function Head() {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th key={head} scope="col" className={head === 'Cost' ? tableClasses.number : undefined}>
            {head === '' ? <span className="visually-hidden">Actions</span> : head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function stateOf(row: HistoryRow) {
  if (row.state === 'RUNNING') return <LaneStateBadge state="RUNNING" />;
  const failed = row.lanes.filter(({ state }) => state === 'FAILED' || state === 'INTERRUPTED').length;
  if (failed === 0)
    return <LaneStateBadge state={row.lanes.some(({ state }) => state === 'STOPPED') ? 'STOPPED' : 'COMPLETED'} />;
  return (
    <span className={classes.state}>
      <LaneStateBadge state={row.lanes.some(({ state }) => state === 'FAILED') ? 'FAILED' : 'INTERRUPTED'} />
      <span className={tableClasses.muted}>
        {failed} of {row.lanes.length}
      </span>
    </span>
  );
}

export function HistoryTable({
  rows,
  choices,
  onDelete,
}: {
  rows: HistoryRow[];
  choices: ModelChoices;
  onDelete: (row: HistoryRow) => void;
}) {
  const now = Date.now();
  const nameOf = (modelId: string) => choices.byId.get(modelId)?.displayName ?? modelId;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Comparisons">
      <table className={`${tableClasses.table} ${classes.table}`}>
        <Head />
        <tbody>
          {rows.map((row) => {
            const lanes = [...row.lanes].sort((left, right) => left.position - right.position);
            const marks = distinctMarks(lanes.map(({ modelId }) => modelId));
            return (
              <tr key={row.id} className={classes.row}>
                <td className={classes.prompt}>
                  <AppLink href={`/compare?id=${encodeURIComponent(row.id)}`} className={classes.title}>
                    {row.title}
                  </AppLink>
                </td>
                <td className={classes.lanesCell}>
                  <ul className={classes.lanes}>
                    {lanes.map((lane, index) => (
                      <li key={lane.id} data-best={lane.id === row.bestLaneId || undefined}>
                        <ModelGlyph mark={marks[index] ?? 0} size={12} />
                        {nameOf(lane.modelId)}
                        {lane.id === row.bestLaneId ? <IconTrophyFilled size={13} aria-label="best" /> : null}
                      </li>
                    ))}
                  </ul>
                </td>
                <td>{stateOf(row)}</td>
                <td className={tableClasses.number}>
                  {row.totalCostUsd === null ? (
                    <span className={tableClasses.muted}>{row.state === 'RUNNING' ? '—' : 'unknown'}</span>
                  ) : (
                    formatUsd(row.totalCostUsd)
                  )}
                </td>
                <td className={classes.created}>
                  <Tooltip label={`${formatMoment(row.createdAt)}${row.createdBy ? `, ${row.createdBy.name}` : ''}`}>
                    <time dateTime={row.createdAt}>{formatAge(row.createdAt, now)}</time>
                  </Tooltip>
                  <OriginBadge origin={row.origin} isCompact />
                </td>
                <td className={classes.actions}>
                  <ActionIcon aria-label={`Delete “${row.title}”`} onClick={() => onDelete(row)}>
                    <IconTrash size={16} />
                  </ActionIcon>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

export function HistoryTableSkeleton() {
  return (
    <div className={tableClasses.frame} aria-busy="true">
      <table className={tableClasses.table}>
        <Head />
        <tbody>
          {[62, 48, 70, 55, 40, 66].map((width) => (
            <tr key={width}>
              <td className={classes.prompt}>
                <Skeleton h={12} w={`${width}%`} />
              </td>
              <td>
                <Skeleton h={12} w={220} />
              </td>
              <td>
                <Skeleton h={20} w={84} radius="xl" />
              </td>
              <td>
                <Skeleton h={12} w={60} ml="auto" />
              </td>
              <td>
                <Skeleton h={12} w={70} />
              </td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
