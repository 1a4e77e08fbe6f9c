import type { IncomingHttpHeaders } from 'node:http';
import type { SimulatedVendor } from '../vendors.ts';

/** `faulted`: a fault or a refusal decided the outcome; `aborted`: the client left before the end. */
export type RequestOutcome = 'open' | 'completed' | 'aborted' | 'faulted';

export interface RequestLogEntry {
  readonly id: number;
  readonly vendor: SimulatedVendor | null;
  model: string | null;
  readonly path: string;
  readonly method: string;
  /** Last four characters of the key. */
  keyLastFour: string | null;
  /** Unix milliseconds. */
  readonly startedAt: number;
  firstByteAt: number | null;
  endedAt: number | null;
  status: number | null;
  outcome: RequestOutcome;
  /** Output tokens that went out, in the vendor's count. */
  tokensSent: number;
  /** Ids of the faults that hit. */
  faults: string[];
  stream: boolean;
  /** The parsed body; a body above 64 kB only as its size. */
  body: unknown;
  /** Request headers without secrets. */
  headers: Record<string, string>;
}

export interface RequestLog {
  add(entry: RequestLogEntry): void;
  /** Newest last. */
  list(): RequestLogEntry[];
  clear(): void;
}

const CAPACITY = 1000;
const SECRET_HEADERS = new Set([
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'api-key',
  'cookie',
  'proxy-authorization',
]);

export function withoutSecrets(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in headers) {
    if (!SECRET_HEADERS.has(name)) kept[name] = String(headers[name]);
  }
  return kept;
}

/** Ring of the last 1,000 requests. */
export function createRequestLog(): RequestLog {
  let ring: RequestLogEntry[] = [];
  let next = 0;
  return {
    add(entry) {
      if (ring.length < CAPACITY) ring.push(entry);
      else ring[next] = entry;
      next = (next + 1) % CAPACITY;
    },
    list: () => (ring.length < CAPACITY ? [...ring] : [...ring.slice(next), ...ring.slice(0, next)]),
    clear() {
      ring = [];
      next = 0;
    },
  };
}
