import type { Clock, Timer } from '@switchyard/core/kernel';
import type { LineSink } from './command.ts';
import type { GraphData } from './graph-connection.ts';
import type { Palette } from './palette.ts';
import { printableText } from './printable-text.ts';
import { renderRun, renderStep, renderSum } from './render-progress.ts';
import { applyProgress, beginProgress, type RunProgress } from './run-progress.ts';

/** Shows a run while it goes on. */
export interface ProgressDisplay {
  take(event: GraphData): void;
  /** Says something beside it. */
  tell(message: string): void;
  /** Draws the end and lets go of the terminal. */
  close(): void;
}

const redrawEveryMs = 100;
const usualColumns = 100;
const usualRows = 24;

/** On a terminal a block of lines that is drawn anew, elsewhere a line for each thing that happens. */
export function showRunProgress(
  sink: LineSink,
  palette: Palette,
  clock: Clock,
  steps: readonly { readonly id: string; readonly title?: string }[],
  link: string,
): ProgressDisplay {
  const display = sink.isTerminal ? LiveDisplay : LineDisplay;
  return new display(sink, palette, clock, beginProgress(steps), link);
}

class LiveDisplay implements ProgressDisplay {
  readonly #sink: LineSink;
  readonly #palette: Palette;
  readonly #clock: Clock;
  readonly #link: string;
  #run: RunProgress;
  #drawn = 0;
  #timer: Timer | undefined;
  #asked: string | undefined;

  constructor(sink: LineSink, palette: Palette, clock: Clock, run: RunProgress, link: string) {
    this.#sink = sink;
    this.#palette = palette;
    this.#clock = clock;
    this.#run = run;
    this.#link = link;
    this.#beat();
  }

  take(event: GraphData): void {
    this.#run = applyProgress(this.#run, event);
    const { question } = this.#run;
    if (question === this.#asked) return;
    this.#asked = question;
    if (question !== undefined) this.tell(`Waiting for a person: ${question} Decide at ${this.#link}`);
  }

  tell(message: string): void {
    this.#sink.write(`${this.#rewind()}${printableText(message)}`);
    this.#draw();
  }

  close(): void {
    this.#timer?.cancel();
    this.#draw();
  }

  #beat(): void {
    this.#draw();
    this.#timer = this.#clock.startTimer(redrawEveryMs, () => this.#beat());
  }

  /** Back over what was drawn, so that the next line takes its place. */
  #rewind(): string {
    const rewind = this.#drawn > 0 ? `\x1b[${this.#drawn}A\x1b[0J` : '';
    this.#drawn = 0;
    return rewind;
  }

  #draw(): void {
    const { columns = usualColumns, rows = usualRows } = this.#sink;
    // One column stays free: a full line would break by itself.
    const size = { columns: Math.max(20, columns - 1), rows };
    const lines = renderRun(this.#run, this.#clock.nowMs(), size, this.#palette);
    this.#sink.write(`${this.#rewind()}${lines.join('\n')}`);
    this.#drawn = lines.length;
  }
}

class LineDisplay implements ProgressDisplay {
  readonly #sink: LineSink;
  readonly #palette: Palette;
  readonly #clock: Clock;
  readonly #link: string;
  #run: RunProgress;

  constructor(sink: LineSink, palette: Palette, clock: Clock, run: RunProgress, link: string) {
    this.#sink = sink;
    this.#palette = palette;
    this.#clock = clock;
    this.#run = run;
    this.#link = link;
  }

  take(event: GraphData): void {
    const before = this.#run;
    this.#run = applyProgress(before, event);
    const place = event.place ? `${event.place.stepId}: ` : '';
    switch (event.__typename) {
      case 'StepCompleted':
      case 'StepStarted':
        for (const [index, step] of this.#run.steps.entries()) {
          if (step.mark === before.steps[index]?.mark || step.stepId !== event.stepId) continue;
          this.#sink.write(renderStep(step, this.#clock.nowMs(), usualColumns, this.#palette));
        }
        break;
      case 'AttemptFailed':
      case 'FailoverHappened':
      case 'GuardrailBreached': {
        const note = this.#run.steps.find(({ stepId }) => stepId === event.place.stepId)?.note;
        this.tell(`  ${place}${note ?? ''}`);
        break;
      }
      case 'ApprovalRequested':
        this.tell(`Waiting for a person: ${event.message} Decide at ${this.#link}`);
        break;
    }
  }

  tell(message: string): void {
    this.#sink.write(printableText(message));
  }

  close(): void {
    this.#sink.write(renderSum(this.#run));
  }
}
