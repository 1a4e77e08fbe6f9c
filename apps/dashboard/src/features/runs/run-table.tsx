'use client';

import { Skeleton, Tooltip } from '@mantine/core';
import { formatAge, formatMoment } from '../../format/date-format.ts';
import { formatCompact, formatDuration, formatUsd } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { RunStateBadge, TroubleBadges } from './run-badges.tsx';
import type { RunRow } from './run-list-page.tsx';
import { isEnded } from './run-record.ts';
import classes from './run-table.module.css';
import { costWords, runTitle, startedByWords, versionWords } from './run-words.ts';

const heads = ['Workflow', 'State', 'Started', 'Duration', 'Tokens', 'Cost', 'Answered by'] as const;
const numbers: readonly string[] = ['Duration', 'Tokens', 'Cost'];

interface Props {
  rows: readonly RunRow[];
  /** The filters as they stand in the address, for the way into a run and back. */
  address: string;
  onTag(tag: string): void;
}

/** The address of a run inside a filtered list. */
export const runAddress = (id: string, filters: string): string =>
  `/runs?id=${encodeURIComponent(id)}${filters === '' ? '' : `&${filters}`}`;

function Head() {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th key={head} scope="col" className={numbers.includes(head) ? tableClasses.number : undefined}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** One row for each run; what is under way counts on. */
export function RunTable({ rows, address, onTag }: Props) {
  const now = useNow(
    rows.some(({ state }) => !isEnded(state)),
    1000,
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Runs">
      <table className={`${tableClasses.table} ${classes.table}`}>
        <Head />
        <tbody>
          {rows.map((run) => (
            <Row key={run.id} run={run} address={address} now={now} onTag={onTag} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ run, address, now, onTag }: Omit<Props, 'rows'> & { run: RunRow; now: number }) {
  const version = versionWords(run.workflowVersion);
  const durationMs = run.durationMs ?? Math.max(0, now - Date.parse(run.createdAt));
  const tokens = run.inputTokens + run.outputTokens;
  const isCounted = run.totals.every(({ uncountedCalls }) => uncountedCalls === 0);
  return (
    <tr className={classes.row}>
      <td className={classes.what}>
        <AppLink href={runAddress(run.id, address)} className={classes.title}>
          {runTitle(run)}
        </AppLink>
        <span className={classes.under}>
          {version ? <span>{version}</span> : null}
          {run.previewStepId ? <span>step {run.previewStepId} alone</span> : null}
          {run.tags.map((tag) => (
            <button key={tag} type="button" className={classes.tag} onClick={() => onTag(tag)}>
              <span className="visually-hidden">Only runs with the tag </span>
              {tag}
            </button>
          ))}
        </span>
      </td>
      <td className={classes.state}>
        <RunStateBadge state={run.state} />
        {isEnded(run.state) ? null : (
          <span className={classes.progress}>
            {run.settledStepCount} of {run.stepCount}
          </span>
        )}
        <TroubleBadges failovers={run.failovers} breaches={run.breaches} />
      </td>
      <td className={classes.started}>
        <Tooltip label={formatMoment(run.createdAt)}>
          <time dateTime={run.createdAt}>{formatAge(run.createdAt, now)}</time>
        </Tooltip>
        <span>{startedByWords(run)}</span>
      </td>
      <td className={tableClasses.number} data-label="took">
        {formatDuration(durationMs)}
      </td>
      <td className={tableClasses.number} data-label="tokens">
        {tokens === 0 ? (
          <span className={tableClasses.muted}>—</span>
        ) : (
          `${isCounted ? '' : '≥ '}${formatCompact(tokens)}`
        )}
      </td>
      <td className={tableClasses.number} data-label="cost">
        {run.totals.length === 0 ? <span className={tableClasses.muted}>—</span> : costWords(run, formatUsd)}
      </td>
      <td className={classes.providers}>
        <span>
          {run.totals.map(({ providerId }) => providerId).join(', ') || (
            <span className={tableClasses.muted}>nobody yet</span>
          )}
          {run.origin ? <OriginBadge origin={run.origin} isCompact /> : null}
        </span>
      </td>
    </tr>
  );
}

export function RunTableSkeleton() {
  return (
    <div className={tableClasses.frame} aria-busy="true">
      <table className={tableClasses.table}>
        <Head />
        <tbody>
          {[62, 48, 70, 55, 40, 66].map((width) => (
            <tr key={width}>
              <td>
                <Skeleton h={12} w={`${width * 3}px`} maw="100%" />
              </td>
              <td>
                <Skeleton h={20} w={96} radius="xl" />
              </td>
              <td>
                <Skeleton h={12} w={120} />
              </td>
              {numbers.map((name) => (
                <td key={name}>
                  <Skeleton h={12} w={52} ml="auto" />
                </td>
              ))}
              <td>
                <Skeleton h={12} w={100} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
