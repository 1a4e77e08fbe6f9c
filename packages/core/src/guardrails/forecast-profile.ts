import type { WindowSpan } from './budget-window.ts';

/** What was used in one stretch of time, in the budget's unit. Stretches are equally long and begin at multiples of their length. */
export interface SpendBucket {
  /** Epoch ms. */
  readonly startMs: number;
  readonly amount: bigint;
  /** Calls that it comes from. */
  readonly calls: number;
  /** When the first of them began (epoch ms), where that is known. */
  readonly firstMs?: number;
}

/** What the shape of the forecast is taken from. */
export type ProfileKind = 'hour-of-week' | 'hour-of-day' | 'flat';

/** How much is usually used in a bucket, by when it lies in the week or day. */
export interface SpendProfile {
  readonly kind: ProfileKind;
  /** How many buckets of history stand behind it; 0 when there is none and everything expected is 0. */
  readonly bucketCount: number;
  /** Per bucket, in the budget's unit. */
  expectedAt(startMs: number): number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Two of each weekday at least, so that one odd Tuesday is not the rule for Tuesdays. */
const hourOfWeekNeedsMs = 14 * dayMs;
const hourOfDayNeedsMs = 3 * dayMs;

/**
 * The mean use per bucket over `history`, the stretch of time before the window, by hour of the week in `timeZone` from
 * two weeks on, by hour of the day from three days on, else one mean for all. Buckets without use may be absent.
 */
export function learnProfile(
  buckets: ReadonlyMap<number, number>,
  history: { readonly startMs: number; readonly endMs: number },
  bucketMs: number,
  timeZone: string,
): SpendProfile {
  const lengthMs = history.endMs - history.startMs;
  const kind =
    bucketMs !== hourMs || lengthMs < hourOfDayNeedsMs
      ? 'flat'
      : lengthMs < hourOfWeekNeedsMs
        ? 'hour-of-day'
        : 'hour-of-week';
  const slotOf = slotFunction(kind, timeZone);
  const sums = new Map<number, { amount: number; count: number }>();
  let bucketCount = 0;
  for (let startMs = history.startMs; startMs < history.endMs; startMs += bucketMs) {
    const slot = slotOf(startMs);
    const sum = sums.get(slot) ?? { amount: 0, count: 0 };
    sum.amount += buckets.get(startMs) ?? 0;
    sum.count += 1;
    sums.set(slot, sum);
    bucketCount += 1;
  }
  return {
    kind,
    bucketCount,
    expectedAt(startMs) {
      const sum = sums.get(slotOf(startMs));
      return sum ? sum.amount / sum.count : 0;
    },
  };
}

/** The parts of buckets that lie in `span`: each bucket's start and which share of it lies inside. */
export function* bucketsIn(
  span: { readonly startMs: number; readonly endMs: number },
  bucketMs: number,
): Iterable<{ readonly startMs: number; readonly fromMs: number; readonly share: number }> {
  for (let startMs = Math.floor(span.startMs / bucketMs) * bucketMs; startMs < span.endMs; startMs += bucketMs) {
    const fromMs = Math.max(startMs, span.startMs);
    const untilMs = Math.min(startMs + bucketMs, span.endMs);
    yield { startMs, fromMs, share: (untilMs - fromMs) / bucketMs };
  }
}

/** How long a bucket should be for a window: five minutes within an hour, else an hour. */
export function bucketMsFor(span: WindowSpan): number {
  return span.endMs !== undefined && span.endMs - span.startMs <= hourMs ? 300_000 : hourMs;
}

function slotFunction(kind: ProfileKind, timeZone: string): (startMs: number) => number {
  if (kind === 'flat') return () => 0;
  const clock = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  return (startMs) => {
    // "Tue, 14" or "Tue 14", as the machine's language data has it.
    const text = clock.format(startMs);
    const hour = Number(/\d+/.exec(text)?.[0] ?? 0);
    return kind === 'hour-of-day' ? hour : weekdays.indexOf(text.slice(0, 3)) * 24 + hour;
  };
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
