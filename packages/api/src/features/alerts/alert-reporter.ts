import type { Clock, Log } from '@switchyard/core/kernel';
import type { AlertDraft, RaisedAlert } from './raise-alert.ts';

/** What was just raised is not raised again by this process for so long: a storm must not become a storm of writes. */
const quietForMs = 10_000;
const maxRemembered = 10_000;
const maxWaiting = 1_000;

/** Raises alerts behind whoever reports them, once the database takes them; the same thing at most every ten seconds. */
export class AlertReporter {
  readonly #raise: (draft: AlertDraft) => Promise<RaisedAlert>;
  readonly #clock: Clock;
  readonly #log: Log;
  /** In the order of reporting; what is reported again meanwhile moves to the end. */
  readonly #waiting = new Map<string, AlertDraft>();
  readonly #quietUntilMs = new Map<string, number>();
  #flushing: Promise<void> | undefined;

  constructor(raise: (draft: AlertDraft) => Promise<RaisedAlert>, clock: Clock, log: Log) {
    this.#raise = raise;
    this.#clock = clock;
    this.#log = log;
  }

  /** Takes an alert to be raised soon. Never waits and never throws; cheap enough for every refused call. */
  report(draft: AlertDraft): void {
    const name = nameOf(draft, draft.status);
    if ((this.#quietUntilMs.get(name) ?? 0) > this.#clock.monotonicMs()) return;
    if (!this.#waiting.delete(name) && this.#waiting.size >= maxWaiting) {
      this.#log.error({ kind: draft.kind, teamId: draft.teamId }, 'an alert was dropped: too many wait to be stored');
      return;
    }
    this.#waiting.set(name, draft);
    this.flush().catch(() => {});
  }

  /** Raises what waits, in order. Rejects when the database is away: what waits is kept for the next time. */
  flush(): Promise<void> {
    this.#flushing ??= this.#raiseAll().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  async #raiseAll(): Promise<void> {
    for (let next = this.#first(); next; next = this.#first()) {
      const [name, draft] = next;
      try {
        await this.#raise(draft);
      } catch (error) {
        if (!isHopeless(error)) throw error;
        // It would hold up all that wait behind it for ever.
        this.#log.error({ kind: draft.kind, teamId: draft.teamId, error: String(error) }, 'an alert was dropped');
      }
      if (this.#waiting.get(name) === draft) this.#waiting.delete(name);
      if (this.#quietUntilMs.size >= maxRemembered) this.#quietUntilMs.clear();
      this.#quietUntilMs.set(name, this.#clock.monotonicMs() + quietForMs);
      // Its end and its next beginning are news to each other.
      this.#quietUntilMs.delete(nameOf(draft, draft.status === 'firing' ? 'resolved' : 'firing'));
    }
  }

  #first(): readonly [string, AlertDraft] | undefined {
    for (const entry of this.#waiting) return entry;
    return undefined;
  }
}

/** Its team is gone, or it holds what no row can: trying again is of no use. */
function isHopeless(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'PrismaClientValidationError' || ('code' in error && error.code === 'P2003'))
  );
}

const nameOf = ({ teamId, dedupeKey, severity }: AlertDraft, status: AlertDraft['status']) =>
  `${teamId} ${status} ${severity} ${dedupeKey}`;
