import type { HealthHistoryFragment } from '../../gql/health.ts';
import { formatLeft } from '../guardrails/budget-words.ts';
import { formatUptime } from './health-words.ts';

export type HealthDay = HealthHistoryFragment['days'][number];
export type DayPart = 'down' | 'degraded' | 'maintenance' | 'healthy' | 'unknown';

/** From the bottom of a bar to its top. */
const order: readonly DayPart[] = ['down', 'degraded', 'maintenance', 'healthy', 'unknown'];
/** What is there is seen, however short it was. */
const smallestShare = 0.22;

export interface BarPart {
  readonly part: DayPart;
  /** Lower end and height as shares of the bar. */
  readonly from: number;
  readonly share: number;
}

const timesOf = (day: HealthDay): Readonly<Record<DayPart, number>> => ({
  down: day.downMs,
  degraded: day.degradedMs,
  maintenance: day.maintenanceMs,
  healthy: day.healthyMs,
  unknown: day.unknownMs,
});

/** The parts of a day's bar from bottom to top; shares add up to 1. A part that lasted at all is at least 22 % high. */
export function layOutDay(day: HealthDay): readonly BarPart[] {
  const times = timesOf(day);
  const sum = order.reduce((all, part) => all + times[part], 0);
  const present = order.filter((part) => times[part] > 0);
  if (sum === 0 || present.length === 0) return [{ part: 'unknown', from: 0, share: 1 }];
  const raised = present.map((part) => Math.max(smallestShare, times[part] / sum));
  const total = raised.reduce((all, share) => all + share, 0);
  let from = 0;
  return present.map((part, index) => {
    const share = (raised[index] ?? 0) / total;
    const laid = { part, from, share };
    from += share;
    return laid;
  });
}

/** A day in words: `99.98 % up, down 14 s, degraded 3 min; 4 h unknown`. */
export function dayInWords(day: HealthDay): string {
  if (day.uptime === null)
    return day.maintenanceMs > 0 ? `maintenance for ${formatLeft(day.maintenanceMs)}` : 'nothing known';
  const told = [
    day.downMs > 0 ? `down ${formatLeft(day.downMs)}` : '',
    day.degradedMs > 0 ? `degraded ${formatLeft(day.degradedMs)}` : '',
    day.maintenanceMs > 0 ? `maintenance ${formatLeft(day.maintenanceMs)}` : '',
  ].filter(Boolean);
  const known = `${formatUptime(day.uptime)} up${told.length > 0 ? `, ${told.join(', ')}` : ''}`;
  return day.unknownMs > 60_000 ? `${known}; ${formatLeft(day.unknownMs)} unknown` : known;
}

/** All days in one sentence, for who does not see the bars. */
export function daysInWords(days: readonly HealthDay[]): string {
  const known = days.filter(({ uptime }) => uptime !== null).length;
  const troubled = days.filter(({ downMs }) => downMs > 0).length;
  const degraded = days.filter(({ downMs, degradedMs }) => downMs === 0 && degradedMs > 0).length;
  const count = (number: number) => (number === 1 ? '1 day' : `${number} days`);
  return `Of ${count(days.length)} ${known} known: ${count(troubled)} with time down, ${count(degraded)} degraded.`;
}
