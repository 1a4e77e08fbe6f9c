import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestLogEntry } from '../control/request-log.ts';
import type { Fault, FaultKind, FaultOf } from '../faults/fault-schema.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { SimulatedVendor } from '../vendors.ts';

/** One request and its answer: what every protocol needs to speak. */
export interface Exchange {
  readonly vendor: SimulatedVendor;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly entry: RequestLogEntry;
  /** Seeded by the simulator's seed and the number of the request: ids, timings, chance. */
  readonly random: SeededRandom;
  readonly speed: number;
  readonly seed: number;
  /** When set, every answer is this text. */
  readonly fixedAnswer: string | null;
  faults: readonly Fault[];
  /** True when the client left. */
  readonly closed: boolean;
  fault<K extends FaultKind>(kind: K): FaultOf<K> | undefined;
  /** Waits in real time; ends at once, with false, when the client leaves. */
  wait(milliseconds: number): Promise<boolean>;
  /** Waits as `wait` does, divided by the simulator's speed. */
  waitScaled(milliseconds: number): Promise<boolean>;
  /** Sends bytes and respects backpressure; false when the client left. */
  write(bytes: string | Buffer): Promise<boolean>;
}

export function createExchange(
  parts: Omit<Exchange, 'fault' | 'wait' | 'waitScaled' | 'write' | 'closed' | 'faults'>,
): Exchange {
  const { response, entry, speed } = parts;
  let closed = false;
  let wake: (() => void) | undefined;
  response.once('close', () => {
    closed = true;
    entry.endedAt ??= Date.now();
    if (!response.writableFinished && entry.outcome === 'open') entry.outcome = 'aborted';
    wake?.();
  });

  const wait = async (milliseconds: number): Promise<boolean> => {
    if (milliseconds > 0 && !closed) {
      await new Promise<void>((resolve) => {
        const timer = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : undefined;
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = undefined;
    }
    return !closed;
  };

  const exchange: Exchange = {
    ...parts,
    faults: [],
    get closed() {
      return closed;
    },
    fault: <K extends FaultKind>(kind: K) => exchange.faults.find((fault): fault is FaultOf<K> => fault.kind === kind),
    wait,
    waitScaled: (milliseconds) =>
      speed === Number.POSITIVE_INFINITY ? Promise.resolve(!closed) : wait(milliseconds / speed),
    async write(bytes) {
      if (closed || bytes.length === 0) return !closed;
      entry.firstByteAt ??= Date.now();
      if (!response.write(bytes)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          response.once('drain', resolve);
        });
        wake = undefined;
      }
      return !closed;
    },
  };
  return exchange;
}
