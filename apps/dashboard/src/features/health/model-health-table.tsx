'use client';

import { formatCount, formatDuration, formatShare } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { CircuitState } from './circuit-state.tsx';
import classes from './provider-details.module.css';
import { StatusBadge } from './status-badge.tsx';
import type { ProviderDetailsData } from './use-provider-details.ts';

/** Every model that was called within a day: its own status, its figures, its circuit. */
export function ModelHealthTable({ models }: { models: ProviderDetailsData['models'] }) {
  const now = useNow(
    models.some(({ circuit }) => circuit?.state === 'OPEN'),
    1000,
  );
  return (
    <section aria-label="Models">
      <h4 className={classes.title}>Models called within 24 hours</h4>
      {models.length === 0 ? (
        <p className={classes.quiet}>None yet. Each model that is called is listed here with a status of its own.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={classes.tableFrame} tabIndex={0} aria-label="Models, table">
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">Model</th>
                <th scope="col">Status</th>
                <th scope="col" className={tableClasses.number}>
                  Score
                </th>
                <th scope="col" className={tableClasses.number}>
                  Calls
                </th>
                <th scope="col" className={tableClasses.number}>
                  Failed
                </th>
                <th scope="col" className={tableClasses.number}>
                  p50
                </th>
                <th scope="col" className={tableClasses.number}>
                  p95
                </th>
                <th scope="col">Circuit</th>
              </tr>
            </thead>
            <tbody>
              {models.map(({ modelId, status, score, figures, circuit }) => (
                <tr key={modelId}>
                  <td>
                    <AppLink href={`/models?search=${encodeURIComponent(modelId)}`} className={classes.model}>
                      {modelId}
                    </AppLink>
                  </td>
                  <td>
                    <StatusBadge status={status} />
                  </td>
                  <td className={tableClasses.number}>{score ?? '—'}</td>
                  <td className={tableClasses.number}>{formatCount(figures.calls)}</td>
                  <td className={tableClasses.number}>
                    {figures.errorRate === null ? '—' : formatShare(figures.errorRate)}
                  </td>
                  <td className={tableClasses.number}>
                    {figures.p50Ms === null ? '—' : formatDuration(figures.p50Ms)}
                  </td>
                  <td className={tableClasses.number}>
                    {figures.p95Ms === null ? '—' : formatDuration(figures.p95Ms)}
                  </td>
                  <td>
                    {circuit ? (
                      <CircuitState circuit={circuit} now={now} />
                    ) : (
                      <span className={tableClasses.muted}>not called lately</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
