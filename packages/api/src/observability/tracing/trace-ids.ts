import { hash, randomBytes } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace';
import type { TracePlace } from '../request-scope.ts';

/** The trace of a run: worked out from its id, so that every process finds the same one, today and next week. */
export function traceIdOfRun(runId: string): string {
  return digest('run', runId).slice(0, 32);
}

/** The id of a span, worked out from what it is of. */
export function spanIdOf(kind: 'run' | 'retry' | 'step' | 'call', ...parts: readonly (string | number)[]): string {
  return digest(`span-${kind}`, ...parts).slice(0, 16);
}

/** Random ids; never all zero, which means "none". */
export const newTraceId = (): string => randomHex(16);
export const newSpanId = (): string => randomHex(8);

function digest(...parts: readonly (string | number)[]): string {
  return hash('sha256', parts.join('\u0000'), 'hex');
}

function randomHex(bytes: number): string {
  const id = randomBytes(bytes);
  id[0] = (id[0] ?? 0) | 1;
  return id.toString('hex');
}

/** Gives the next span the ids that were chosen for it; all others get random ones. */
export class ChosenIds implements IdGenerator {
  /** Read by the next span alone; its maker clears it. */
  next: { readonly traceId?: string; readonly spanId?: string } | undefined;

  generateTraceId(): string {
    return this.next?.traceId ?? newTraceId();
  }

  generateSpanId(): string {
    return this.next?.spanId ?? newSpanId();
  }
}

/** Reads W3C trace context; undefined for what is not as the recommendation says. */
export function readTraceParent(header: unknown, state: unknown): TracePlace | undefined {
  if (typeof header !== 'string') return undefined;
  const found = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(header.trim());
  const [, version, traceId = '', spanId = '', flags = '', rest] = found ?? [];
  if (!found || version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const traceState = typeof state === 'string' && state.length <= 512 ? state : undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1, ...(traceState && { traceState }) };
}

/** W3C trace context for a request that is sent. */
export function writeTraceParent({ traceId, spanId, isSampled, traceState }: TracePlace): Record<string, string> {
  return {
    traceparent: `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`,
    ...(traceState !== undefined && { tracestate: traceState }),
  };
}
