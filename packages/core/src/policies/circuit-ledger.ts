import type { Clock, Timer } from '../kernel/index.ts';
import type { CircuitChange } from './circuit-breakers.ts';

/**
 * What the replicas of a server tell each other about their circuits. Each replica counts failures for itself; what it
 * concludes is published, and the others apply it (`CircuitBreakers.applyRemote`):
 *
 * - `open` opens the circuit everywhere until the same time, `closed` closes it everywhere, `half-open` says that a
 *   probe is under way, so that the others wait for its verdict, at most one cool-down.
 * - Of two openings or closings the one with the later `atMs` stands; `half-open` never undoes a closing. Replicas whose clocks differ by less than a cool-down thus
 *   agree within one; a wrong clock never keeps a circuit open for longer than the longest cool-down.
 * - Before a probe a replica claims it. Of all claims of one key within `intervalMs`, by the store's clock, exactly one
 *   is granted; claims expire by themselves, so that a replica that dies while probing blocks nobody for longer.
 * - The ledger is a help and not a condition: lost messages, a claim that fails or a store that hangs leave each replica
 *   with its own circuits, and no call waits for it longer than {@link claimTimeoutMs}.
 */
export interface CircuitLedger {
  /** Tells the other replicas, some time; never the one that publishes. Must not block. */
  readonly publish: (change: CircuitChange) => void;
  /** Whether the caller may make the one probe of this interval. May reject. */
  claimProbe(key: string, intervalMs: number): Promise<boolean>;
}

/** How long a probe waits for the ledger before the local rule holds. */
export const claimTimeoutMs = 500;

/** {@link CircuitLedger.claimProbe}, but true when the ledger fails or is silent. */
export function claimWithin(ledger: CircuitLedger, key: string, intervalMs: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const timer: Timer = clock.startTimer(claimTimeoutMs, () => resolve(true));
    const end = (isMine: boolean) => {
      timer.cancel();
      resolve(isMine);
    };
    Promise.resolve()
      .then(() => ledger.claimProbe(key, intervalMs))
      .then(end, () => end(true));
  });
}

/** {@link CircuitLedger.publish}, whose failure harms no call. */
export function publishSafely(ledger: CircuitLedger, change: CircuitChange): void {
  try {
    ledger.publish(change);
  } catch {
    // The other replicas find out for themselves.
  }
}
