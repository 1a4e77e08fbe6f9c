import { IconCheck, IconX } from '@tabler/icons-react';
import { formatMoment } from '../../format/date-format.ts';
import { formatDuration } from '../../format/number-format.ts';
import tableClasses from '../../shell/table.module.css';
import classes from './provider-details.module.css';
import type { ProviderDetailsData } from './use-provider-details.ts';

/** The last checks, folded up. */
export function CheckList({ checks }: { checks: ProviderDetailsData['checks'] }) {
  if (checks.length === 0) return <p className={classes.quiet}>It was not checked yet.</p>;
  const failed = checks.filter(({ isOk }) => !isOk).length;
  return (
    <details className={classes.fold}>
      <summary>
        Last {checks.length} checks: {failed === 0 ? 'none failed' : `${failed} failed`}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={classes.tableFrame} tabIndex={0} aria-label="Checks, table">
        <table className={tableClasses.table}>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Result</th>
              <th scope="col" className={tableClasses.number}>
                Took
              </th>
              <th scope="col">What it said</th>
            </tr>
          </thead>
          <tbody>
            {checks.map(({ at, isOk, isManual, message, latencyMs }) => (
              <tr key={`${at}${latencyMs}`}>
                <td className={classes.when}>{formatMoment(at)}</td>
                <td>
                  <span className={classes.result} data-ok={isOk}>
                    {isOk ? <IconCheck size={14} aria-hidden="true" /> : <IconX size={14} aria-hidden="true" />}
                    {isOk ? 'answered' : 'failed'}
                  </span>
                  {isManual ? <span className={tableClasses.muted}> by hand</span> : null}
                </td>
                <td className={tableClasses.number}>{formatDuration(latencyMs)}</td>
                <td className={classes.said}>{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
