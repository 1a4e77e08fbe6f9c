/** Today and yesterday by the hours of a calendar day, both as running sums. */
export interface DayHours {
  /** Use of each hour of today until now. */
  hours: readonly number[];
  /** Running sums of today until now. */
  today: readonly number[];
  /** Running sums of the whole of yesterday. */
  yesterday: readonly number[];
  /** How many hours of today are gone. */
  elapsedHours: number;
  /** Yesterday until this time of the day. */
  yesterdayUntilNow: number;
}

const hourMs = 3_600_000;

/** The first instant of the calendar day of this browser that `now` (epoch ms) lies in, and of the day before. */
export function dayBounds(now: number): { todayMs: number; yesterdayMs: number } {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  const before = new Date(day);
  before.setDate(before.getDate() - 1);
  return { todayMs: day.getTime(), yesterdayMs: before.getTime() };
}

/** Splits an hourly series that begins with yesterday into the two days. `startsAt` and `amounts` belong together entry by entry. */
export function splitDays(startsAt: readonly string[], amounts: readonly (string | number)[], now: number): DayHours {
  const { todayMs, yesterdayMs } = dayBounds(now);
  const hours: number[] = Array.from({ length: Math.floor((now - todayMs) / hourMs) + 1 }, () => 0);
  const before: number[] = Array.from({ length: Math.max(1, Math.round((todayMs - yesterdayMs) / hourMs)) }, () => 0);
  const elapsedMs = now - todayMs;
  let yesterdayUntilNow = 0;
  for (const [index, text] of startsAt.entries()) {
    const at = Date.parse(text);
    const amount = Number(amounts[index] ?? 0);
    if (at >= todayMs) {
      const hour = Math.floor((at - todayMs) / hourMs);
      hours[hour] = (hours[hour] ?? 0) + amount;
    } else if (at >= yesterdayMs) {
      const hour = Math.floor((at - yesterdayMs) / hourMs);
      before[hour] = (before[hour] ?? 0) + amount;
      // The hour that is under way counts by the part of it that is gone.
      const gone = Math.min(1, Math.max(0, (elapsedMs - (at - yesterdayMs)) / hourMs));
      yesterdayUntilNow += amount * gone;
    }
  }
  return {
    hours,
    today: runningSums(hours),
    yesterday: runningSums(before),
    elapsedHours: elapsedMs / hourMs,
    yesterdayUntilNow,
  };
}

function runningSums(amounts: readonly number[]): number[] {
  let sum = 0;
  return amounts.map((amount) => {
    sum += amount;
    return sum;
  });
}

/** `+12 %`, `−40 %`, `same`; undefined when there was nothing to compare with. */
export function formatChange(now: number, before: number): string | undefined {
  if (before <= 0) return undefined;
  const percent = Math.round((now / before - 1) * 100);
  if (percent === 0) return 'same';
  return percent > 0 ? `+${percent.toLocaleString('en-US')} %` : `−${-percent} %`;
}
