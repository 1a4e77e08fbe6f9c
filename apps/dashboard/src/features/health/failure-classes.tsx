import { formatCount, formatShare } from '../../format/number-format.ts';
import { failureTitles } from '../comparisons/failure-titles.ts';
import classes from './failure-classes.module.css';
import type { ProviderDetailsData } from './use-provider-details.ts';

type Kind = keyof typeof failureTitles;
/** The fault of the provider; all other kinds are mistakes of who asks, and say nothing of its health. */
const counted: ReadonlySet<Kind> = new Set<Kind>([
  'AUTH',
  'QUOTA',
  'RATE_LIMIT',
  'OVERLOADED',
  'SERVER',
  'TIMEOUT',
  'NETWORK',
  'INVALID_RESPONSE',
]);

/** What went wrong, by its class; mistakes of callers apart, because they count against no provider. */
export function FailureClasses({ figures, hours }: { figures: ProviderDetailsData['figures']; hours: number }) {
  const { failures } = figures;
  if (failures.length === 0) return null;
  const most = Math.max(...failures.map(({ count }) => count));
  return (
    <section className={classes.failures} aria-label="Errors by class">
      <h4>Errors by class, {hours === 1 ? 'last hour' : `last ${hours} hours`}</h4>
      <ul>
        {failures.map(({ kind, count, share }) => {
          const isCounted = kind === null || counted.has(kind);
          return (
            <li key={kind ?? 'other'}>
              <span className={classes.name}>
                {kind ? failureTitles[kind] : 'Something else'}
                {isCounted ? null : <span>counts against nobody</span>}
              </span>
              <span className={classes.track} aria-hidden="true">
                <span data-counted={isCounted || undefined} style={{ width: `${(count / most) * 100}%` }} />
              </span>
              <span className={classes.count}>
                {formatCount(count)} · {formatShare(share)} of calls
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
