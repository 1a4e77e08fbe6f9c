import type { ChainEvent } from '@switchyard/core/dispatch';
import { DeltaCoalescer } from '@switchyard/core/events';
import type { Clock, Timer } from '@switchyard/core/kernel';
import type { StreamPart } from '@switchyard/core/spec';
import { type CallPlace, type ProgressFact, toProgressFact } from '@switchyard/core/workflows';
import { toTimelineEntry } from '../routing/to-timeline-entry.ts';

/** Deltas are gathered this long before they become one event. */
const coalesceMs = 40;

/** Tells what happens in one call, in order, and keeps the text that stands. */
export class StepProgress {
  readonly #place: CallPlace;
  readonly #clock: Clock;
  readonly #tell: (facts: readonly ProgressFact[]) => void;
  #coalescer: DeltaCoalescer;
  #text = '';
  #isFirst = true;
  #voided: ProgressFact | undefined;
  #timer: Timer | undefined;

  constructor(place: CallPlace, clock: Clock, tell: (facts: readonly ProgressFact[]) => void) {
    this.#place = place;
    this.#clock = clock;
    this.#tell = tell;
    this.#coalescer = new DeltaCoalescer(place.callId);
  }

  /** What the model has written and nothing has voided. */
  get text(): string {
    return this.#text;
  }

  take(part: StreamPart): void {
    if (part.type === 'text-delta') {
      this.#text += part.delta;
      this.#add('output-delta', part.delta);
    } else if (part.type === 'reasoning-delta') this.#add('reasoning-delta', part.delta);
    else if (part.type === 'tool-call') {
      const { id, toolName, input } = part;
      this.#publish({ type: 'tool-call-requested', ...this.#place, id, toolName, input });
    }
  }

  /** The chain has told why by its event; the deltas begin anew. */
  reset(): void {
    this.#drain(this.#coalescer.finish());
    const voidedLength = this.#text.length;
    this.#text = '';
    this.#coalescer = new DeltaCoalescer(this.#place.callId);
    const known = this.#voided;
    this.#voided = undefined;
    this.#tell([
      known ?? { type: 'output-reset', ...this.#place, reason: 'The answer is written anew.', voidedLength },
    ]);
  }

  note(event: ChainEvent): void {
    const fact = toProgressFact(event, this.#place);
    const entry = toTimelineEntry(event);
    // It is told when the deltas before it are out.
    if (fact?.type === 'output-reset') this.#voided = fact;
    else if (fact) this.#publish({ ...fact, entry } as ProgressFact);
    else this.#publish({ type: 'call-progressed', ...this.#place, entry });
  }

  tell(fact: ProgressFact): void {
    this.#publish(fact);
  }

  finish(): void {
    this.#drain(this.#coalescer.finish());
  }

  #add(type: 'output-delta' | 'reasoning-delta', text: string): void {
    this.#coalescer.add(type, text);
    // The first delta goes out at once: it is what the reader waits for.
    if (this.#isFirst) this.#drain(this.#coalescer.drain());
    else this.#timer ??= this.#clock.startTimer(coalesceMs, () => this.#drain(this.#coalescer.drain()));
    this.#isFirst = false;
  }

  /** What was written before stands before it in the order of events. */
  #publish(fact: ProgressFact): void {
    this.#drain(this.#coalescer.drain());
    this.#tell([fact]);
  }

  #drain(deltas: ReturnType<DeltaCoalescer['drain']>): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (deltas.length === 0) return;
    this.#tell(deltas.map(({ type, text, offset }) => ({ type, ...this.#place, text, offset })));
  }
}
