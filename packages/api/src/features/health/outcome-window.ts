import type { HealthOutcome } from '@switchyard/core/health';

/** One outcome, with the model that was called. */
export interface SeenOutcome extends HealthOutcome {
  /** `provider/model`; undefined for a check. */
  readonly modelId: string | undefined;
}

/** What went wrong last. */
export interface LastFailure {
  readonly atMs: number;
  readonly kind: string | undefined;
  /** In the vendor's words, without secrets. */
  readonly message: string;
  readonly modelId: string | undefined;
}

const maxOutcomes = 512;
/** A clock that was set back leaves outcomes in the future; they say nothing of now. */
const toleratedSkewMs = 60_000;

/** The last outcomes of one provider, as this process saw them. */
export class OutcomeWindow {
  #outcomes: SeenOutcome[] = [];
  lastSuccessAtMs: number | undefined;
  lastFailure: LastFailure | undefined;
  /** Nothing was added since the last judgement, since it was written, and since the others were told. */
  isJudged = true;
  isWritten = true;
  isShared = true;

  add(outcome: SeenOutcome, failure?: LastFailure): void {
    this.#outcomes.push(outcome);
    if (this.#outcomes.length >= 2 * maxOutcomes) this.#outcomes = this.#outcomes.slice(-maxOutcomes);
    if (outcome.verdict === 'success') this.lastSuccessAtMs = outcome.atMs;
    if (failure) this.lastFailure = failure;
    this.isJudged = false;
    this.isWritten = false;
    this.isShared = false;
  }

  /** Whether the last two outcomes were faults. */
  get isFailing(): boolean {
    const last = this.#outcomes.slice(-2);
    return last.length === 2 && last.every(({ verdict }) => verdict === 'fault');
  }

  /** Oldest first. */
  read(nowMs: number): readonly SeenOutcome[] {
    return this.#outcomes.slice(-maxOutcomes).filter(({ atMs }) => atMs <= nowMs + toleratedSkewMs);
  }

  clear(): void {
    this.#outcomes = [];
    this.lastFailure = undefined;
    this.isJudged = false;
    this.isWritten = false;
    this.isShared = false;
  }
}

/** The models whose calls failed since `sinceMs`, each once. */
export function failedModels(outcomes: readonly SeenOutcome[], sinceMs: number): readonly string[] {
  const models = new Set<string>();
  for (const { atMs, verdict, modelId } of outcomes)
    if (verdict === 'fault' && modelId !== undefined && atMs >= sinceMs) models.add(modelId);
  return [...models];
}

const sharedOutcomes = 128;

/** A short form for other processes: one text for each outcome. */
export function packOutcomes(outcomes: readonly SeenOutcome[]): readonly (readonly [number, string, string])[] {
  return outcomes
    .slice(-sharedOutcomes)
    .map(({ atMs, source, verdict, speed, modelId }) => [atMs, `${source} ${verdict} ${speed}`, modelId ?? '']);
}

/** Takes the short form apart; what is not one is left out. */
export function unpackOutcomes(packed: unknown): readonly SeenOutcome[] {
  if (!Array.isArray(packed)) return [];
  return packed.flatMap((entry) => {
    const [atMs, words, modelId] = entry as readonly [number, string, string];
    const [source, verdict, speed] = String(words).split(' ') as [
      SeenOutcome['source'],
      SeenOutcome['verdict'],
      SeenOutcome['speed'],
    ];
    return Number.isFinite(atMs) ? [{ atMs, source, verdict, speed, modelId: modelId || undefined }] : [];
  });
}
