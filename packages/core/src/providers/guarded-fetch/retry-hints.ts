import { arrayAt, isRecord, stringAt } from '../json-shape.ts';
import { type HeaderMap, headerOf } from './header-map.ts';

const millisecondsPer: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Nobody waits for longer; what a vendor says beyond it is a mistake, or would overflow somebody's number. */
const longestHintMs = 7 * 86_400_000;

/** Reads `11ms`, `30.375s`, `6m0s`, `1h2m3s`, `1d` or bare seconds into milliseconds; undefined when it is none. */
export function parseDurationMs(text: string): number | undefined {
  const trimmed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1_000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed)) return undefined;
  let totalMs = 0;
  for (const [, amount = '0', , unit = 's'] of trimmed.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d)/g)) {
    totalMs += Number(amount) * (millisecondsPer[unit] ?? 0);
  }
  return totalMs;
}

/** Milliseconds from `nowMs` to a date as HTTP or RFC 3339 writes it; undefined when it is none. */
export function millisecondsUntil(date: string, nowMs: number): number | undefined {
  // A conversion of text, not a reading of the clock.
  const atMs = Date.parse(date);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/**
 * How long a vendor asks us to wait: the longest of all its hints, since they contradict each other in the wild
 * (`retry-after: 1` beside `retry-after-ms: 0`; Gemini says it only in the body, precisely only in prose).
 */
export function findRetryAfterMs(
  headers: HeaderMap,
  body: unknown,
  message: string,
  nowMs: number,
): number | undefined {
  const hints: (number | undefined)[] = [];
  const retryAfter = headerOf(headers, 'retry-after');
  if (retryAfter !== undefined) hints.push(parseDurationMs(retryAfter) ?? millisecondsUntil(retryAfter, nowMs));
  const retryAfterMs = headerOf(headers, 'retry-after-ms');
  if (retryAfterMs !== undefined && /^\d+(\.\d+)?$/.test(retryAfterMs.trim())) hints.push(Number(retryAfterMs));
  for (const detail of arrayAt(errorOf(body), 'details')) {
    const delay = stringAt(detail, 'retryDelay');
    if (delay !== undefined) hints.push(parseDurationMs(delay));
  }
  for (const [, duration = ''] of message.matchAll(
    /(?:try again|retry|retrying) (?:in|after) ((?:\d+(?:\.\d+)?\s?(?:ms|s|m|h|d)(?![a-z]))+)/gi,
  )) {
    hints.push(parseDurationMs(duration.replaceAll(/\s/g, '')));
  }
  for (const [, seconds = ''] of message.matchAll(
    /(?:try again|retry|retrying) (?:in|after) (\d+(?:\.\d+)?) seconds?/gi,
  ))
    hints.push(Number(seconds) * 1_000);
  const known = hints.filter((hint): hint is number => hint !== undefined && Number.isFinite(hint));
  return known.length === 0 ? undefined : Math.min(longestHintMs, Math.ceil(Math.max(...known)));
}

function errorOf(body: unknown): unknown {
  const first = Array.isArray(body) ? body[0] : body;
  return isRecord(first) ? first.error : undefined;
}
