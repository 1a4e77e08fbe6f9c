import classes from './uptime-bars.module.css';
import type { DayPart } from './uptime-days.ts';

const parts: readonly (readonly [DayPart, string])[] = [
  ['healthy', 'healthy'],
  ['degraded', 'degraded'],
  ['down', 'down, at the bottom'],
  ['maintenance', 'maintenance'],
  ['unknown', 'unknown: counts neither way'],
];

/** What the colours of the bars mean. */
export function UptimeLegend() {
  return (
    <ul className={classes.legend} aria-label="Colours of the bars">
      {parts.map(([part, words]) => (
        <li key={part}>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect className={classes.part} data-part={part} width="10" height="10" rx="2" />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}
