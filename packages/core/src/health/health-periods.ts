import type { HealthStatus } from './judge-health.ts';

/** How a provider stood for a while; epoch milliseconds, the end not included. What no period covers is unknown. */
export interface HealthPeriod {
  readonly fromMs: number;
  readonly toMs: number;
  readonly status: HealthStatus;
}

/** A stretch of time that counts as maintenance, whatever happens in it. */
export interface TimeSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How a stretch of time was spent, in milliseconds that add up to its length. */
export interface StatusTimes {
  readonly healthyMs: number;
  readonly degradedMs: number;
  readonly downMs: number;
  readonly maintenanceMs: number;
  readonly unknownMs: number;
}

/**
 * How the time from `fromMs` to `toMs` was spent. `periods` may come in any order and must not overlap each other;
 * `maintenance` may overlap anything and takes precedence.
 */
export function sumPeriods(
  periods: readonly HealthPeriod[],
  maintenance: readonly TimeSpan[],
  fromMs: number,
  toMs: number,
): StatusTimes {
  const length = Math.max(0, toMs - fromMs);
  const pauses = mergeSpans(maintenance, fromMs, toMs);
  const maintenanceMs = pauses.reduce((sum, pause) => sum + pause.toMs - pause.fromMs, 0);
  const times = { healthy: 0, degraded: 0, down: 0, unknown: 0 };
  for (const period of periods) {
    const start = Math.max(fromMs, period.fromMs);
    const end = Math.min(toMs, period.toMs);
    if (end <= start || period.status === 'unknown') continue;
    const paused = pauses.reduce((sum, pause) => sum + overlap(pause, start, end), 0);
    times[period.status] += end - start - paused;
  }
  const known = times.healthy + times.degraded + times.down + maintenanceMs;
  return {
    healthyMs: times.healthy,
    degradedMs: times.degraded,
    downMs: times.down,
    maintenanceMs,
    unknownMs: Math.max(0, length - known),
  };
}

/**
 * Uptime as a share of the time in which something is known, maintenance left out; degraded time counts as up. Undefined
 * when nothing is known.
 */
export function uptimeOf({ healthyMs, degradedMs, downMs }: StatusTimes): number | undefined {
  const known = healthyMs + degradedMs + downMs;
  return known === 0 ? undefined : (healthyMs + degradedMs) / known;
}

/** The share of the time in which something is known, maintenance left out of both; 0 for nothing but maintenance. */
export function knownShareOf({ healthyMs, degradedMs, downMs, unknownMs }: StatusTimes): number {
  const known = healthyMs + degradedMs + downMs;
  return known === 0 ? 0 : known / (known + unknownMs);
}

/** In order, without overlaps, cut to the range. */
function mergeSpans(spans: readonly TimeSpan[], fromMs: number, toMs: number): readonly TimeSpan[] {
  const merged: { fromMs: number; toMs: number }[] = [];
  const cut = spans
    .map((span) => ({ fromMs: Math.max(fromMs, span.fromMs), toMs: Math.min(toMs, span.toMs) }))
    .filter((span) => span.toMs > span.fromMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  for (const span of cut) {
    const last = merged.at(-1);
    if (last && span.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, span.toMs);
    else merged.push(span);
  }
  return merged;
}

function overlap(span: TimeSpan, fromMs: number, toMs: number): number {
  return Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs));
}
