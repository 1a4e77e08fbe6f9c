import { formatUtcDay } from '../../format/date-format.ts';
import tableClasses from '../../shell/table.module.css';
import { formatLeft } from '../guardrails/budget-words.ts';
import { formatUptime } from './health-words.ts';
import classes from './provider-details.module.css';
import type { HealthDay } from './uptime-days.ts';

const columns = [
  ['Healthy', 'healthyMs'],
  ['Degraded', 'degradedMs'],
  ['Down', 'downMs'],
  ['Maintenance', 'maintenanceMs'],
  ['Unknown', 'unknownMs'],
] as const;

/** The 90 bars as a table, folded up; days of which nothing is known are left out. */
export function DayTable({ name, days }: { name: string; days: readonly HealthDay[] }) {
  const known = days.filter(({ uptime, maintenanceMs }) => uptime !== null || maintenanceMs > 0).reverse();
  return (
    <details className={classes.fold}>
      <summary>
        The last {days.length} days as a table: {known.length} known
      </summary>
      {known.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
        <section className={classes.tableFrame} tabIndex={0} aria-label={`${name}, day by day`}>
          <table className={tableClasses.table}>
            <thead>
              <tr>
                <th scope="col">Day (UTC)</th>
                <th scope="col" className={tableClasses.number}>
                  Uptime
                </th>
                {columns.map(([word]) => (
                  <th key={word} scope="col" className={tableClasses.number}>
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {known.map((day) => (
                <tr key={day.at}>
                  <td className={classes.when}>{formatUtcDay(day.at)}</td>
                  <td className={tableClasses.number}>{day.uptime === null ? '—' : formatUptime(day.uptime)}</td>
                  {columns.map(([word, field]) => (
                    <td key={word} className={tableClasses.number}>
                      {day[field] === 0 ? '—' : formatLeft(day[field])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
