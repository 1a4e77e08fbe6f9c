import { formatCount, formatDuration, formatShare } from '../../format/number-format.ts';
import type { TodayFieldsFragment } from '../../gql/home.ts';

type Total = TodayFieldsFragment['total'];

export interface TodayFigure {
  readonly name: string;
  readonly value: string;
  /** Against yesterday by the same time, in words. */
  readonly change: string;
  /** Whether the change is good news; undefined when it is neither. */
  readonly isBetter: boolean | undefined;
}

const errorRateOf = ({ succeeded, failed }: Total): number | null =>
  succeeded + failed === 0 ? null : failed / (succeeded + failed);

const percentOf = (now: number, before: number): string => {
  const percent = Math.round((now / before - 1) * 100);
  if (percent === 0) return 'as yesterday';
  return `${percent > 0 ? '+' : '−'}${formatCount(Math.abs(percent))} % against yesterday`;
};

/** Calls, error rate and speed of today until now, each against yesterday until the same time. */
export function todayFigures(today: Total, yesterday: Total): readonly TodayFigure[] {
  const rates = { now: errorRateOf(today), before: errorRateOf(yesterday) };
  // Answers that are not streamed have no first token.
  const speedOf = (total: Total) => total.timeToFirstToken ?? total.latency;
  const isStreamed = today.timeToFirstToken !== null;
  const speeds = { now: speedOf(today), before: isStreamed ? yesterday.timeToFirstToken : yesterday.latency };
  return [
    {
      name: 'Calls',
      value: formatCount(today.calls),
      change: yesterday.calls === 0 ? 'none yesterday by this time' : percentOf(today.calls, yesterday.calls),
      isBetter: undefined,
    },
    {
      name: 'Error rate',
      value: rates.now === null ? '—' : formatShare(rates.now),
      change:
        rates.before === null
          ? 'nothing to compare with'
          : rates.now === null
            ? `${formatShare(rates.before)} yesterday`
            : changeOfShare(rates.now, rates.before),
      isBetter: better(rates.now, rates.before, 0.0005),
    },
    {
      name: isStreamed ? 'First token, 95 of 100 within' : 'Answer, 95 of 100 within',
      value: speeds.now ? formatDuration(speeds.now.p95Ms) : '—',
      change:
        speeds.before && speeds.now
          ? percentOf(speeds.now.p95Ms, Math.max(1, speeds.before.p95Ms))
          : 'nothing to compare with',
      isBetter: better(speeds.now?.p95Ms ?? null, speeds.before?.p95Ms ?? null, 1),
    },
  ];
}

function changeOfShare(now: number, before: number): string {
  const points = Math.round((now - before) * 1000) / 10;
  if (points === 0) return 'as yesterday';
  return `${points > 0 ? '+' : '−'}${Math.abs(points)} points against yesterday`;
}

/** Less is better; differences up to `noise` are none. */
function better(now: number | null, before: number | null, noise: number): boolean | undefined {
  if (now === null || before === null || Math.abs(now - before) <= noise) return undefined;
  return now < before;
}
