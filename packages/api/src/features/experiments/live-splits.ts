import { assignVariant, type ExperimentDefinition } from '@switchyard/core/experiments';
import type { Clock, Log } from '@switchyard/core/kernel';
import type { OpenCall, RunState } from '@switchyard/core/workflows';
import type { Experiment, PrismaClient } from '../../generated/prisma/client.ts';
import { runPeriodically } from '../../workers/periodic.ts';
import type { LiveTests, StepTest } from '../runs/live-tests.ts';
import type { RunContextFacts } from '../runs/make-call.ts';
import type { KeyedDefinition } from '../runs/run-definitions.ts';
import { definitionOf } from './experiment-row.ts';
import { ExposureBook } from './live-exposures.ts';
import { changesStep, fingerprintOf, splitStepOf, withVariant } from './variant-step.ts';

/** A live split that runs, as every process knows it. */
export interface LiveSplit {
  readonly id: string;
  readonly teamId: string;
  readonly name: string;
  readonly definition: ExperimentDefinition;
  readonly source: Extract<ExperimentDefinition['source'], { type: 'live-split' }>;
  /** Of the step as it was at the start: another one is not split. */
  readonly fingerprint: string;
}

const refreshEveryMs = 1_000;

/**
 * Puts executions of steps on the variants of live splits. A step without a test costs one look into a map; the map is renewed
 * when a test of this process starts or ends, and every second. Whether a test still runs is decided by the database with
 * each exposure, so that nothing is split after its end.
 */
export class LiveSplits implements LiveTests {
  readonly #prisma: PrismaClient;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #exposures: ExposureBook;
  #byStep = new Map<string, LiveSplit>();
  /** Definitions with a variant in them, by the key of the run's definition, test and variant. */
  readonly #changed = new WeakMap<object, Map<string, KeyedDefinition>>();
  #refreshing: Promise<void> | undefined;
  #stop: (() => Promise<void>) | undefined;

  constructor(parts: { readonly prisma: PrismaClient; readonly clock: Clock; readonly log: Log }) {
    this.#prisma = parts.prisma;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#exposures = new ExposureBook(parts.prisma);
  }

  async start(): Promise<void> {
    await this.refresh();
    const { clock, log } = { clock: this.#clock, log: this.#log };
    this.#stop = runPeriodically({ name: 'live-splits', everyMs: refreshEveryMs, clock, log }, () => this.refresh());
  }

  async stop(): Promise<void> {
    await this.#stop?.();
  }

  /** Reads which splits run. */
  async refresh(): Promise<void> {
    // One that began before may have read what was there before.
    await this.#refreshing?.catch(() => {});
    this.#refreshing ??= this.#read().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #read(): Promise<void> {
    const known = new Map([...this.#byStep.values()].map((split) => [split.id, split]));
    const rows = await this.#prisma.experiment.findMany({
      where: { state: 'running', liveStep: { not: null } },
      select: { id: true },
    });
    const fresh = rows.filter(({ id }) => !known.has(id)).map(({ id }) => id);
    const more = fresh.length === 0 ? [] : await this.#prisma.experiment.findMany({ where: { id: { in: fresh } } });
    for (const row of more) {
      try {
        const split = toSplit(row);
        if (split) known.set(split.id, split);
      } catch (error) {
        // One that cannot be read must not stand in the way of the others.
        this.#log.error({ experimentId: row.id, error: String(error) }, 'a live split cannot be read');
      }
    }
    const running = new Set(rows.map(({ id }) => id));
    this.#byStep = new Map(
      [...known.values()]
        .filter(({ id }) => running.has(id))
        .map((split) => [placeOf(split.teamId, split.source.workflowName, split.source.stepId), split]),
    );
  }

  assign(
    run: RunContextFacts,
    definition: KeyedDefinition,
    call: OpenCall,
    state: RunState,
  ): Promise<StepTest | undefined> | undefined {
    if (this.#byStep.size === 0 || !run.isTraffic) return undefined;
    const split = this.#byStep.get(placeOf(run.teamId, run.workflowName, call.stepId));
    return split && this.#expose(split, run, definition, state.steps[call.stepId]?.generation ?? 0);
  }

  async asExecuted(
    teamId: string,
    { experimentId, variant: key }: StepTest['test'],
    written: KeyedDefinition,
    stepId: string,
  ): Promise<KeyedDefinition | undefined> {
    const row = await this.#prisma.experiment.findUnique({ where: { id_teamId: { id: experimentId, teamId } } });
    const variant = row && definitionOf(row).variants.find((each) => each.key === key);
    if (!variant || !changesStep(variant)) return undefined;
    const definition = withVariant(written.definition, stepId, variant);
    return { key: `${written.key} ${experimentId} ${key}`, definition };
  }

  /** Never rejects: a test must not stand in the way of what it tests. */
  async #expose(
    split: LiveSplit,
    run: RunContextFacts,
    definition: KeyedDefinition,
    generation: number,
  ): Promise<StepTest | undefined> {
    const { id: experimentId, name, source } = split;
    const unit = source.unit === 'user' ? run.subject : source.unit === 'session' ? run.session : run.runId;
    const step = splitStepOf(definition.definition, source.stepId);
    if (unit === undefined || !step || fingerprintOf(step) !== split.fingerprint) return undefined;
    const key = assignVariant(experimentId, unit, split.definition.variants);
    const variant = split.definition.variants.find((each) => each.key === key)!;
    const execution = { experimentId, runId: run.runId, generation };
    try {
      const session = source.unit === 'user' ? run.session : undefined;
      const isIn = await this.#exposures.note(
        { ...execution, kind: source.unit, unit, session, variant: key },
        this.#clock.nowMs(),
      );
      if (!isIn) return undefined;
    } catch (error) {
      this.#log.warn({ experimentId, runId: run.runId, error: String(error) }, 'a step could not be put on a variant');
      return undefined;
    }
    return {
      test: { experimentId, name, variant: key },
      definition: changesStep(variant) ? this.#change(split, definition, variant) : definition,
      giveUp: () => this.#exposures.spoil(execution, 'not-applied').catch(() => {}),
    };
  }

  #change(
    { id, source }: LiveSplit,
    before: KeyedDefinition,
    variant: ExperimentDefinition['variants'][number],
  ): KeyedDefinition {
    const ofText = this.#changed.get(before.definition) ?? new Map<string, KeyedDefinition>();
    this.#changed.set(before.definition, ofText);
    const name = `${id} ${variant.key}`;
    const known = ofText.get(name);
    if (known) return known;
    const definition = withVariant(before.definition, source.stepId, variant);
    const made = { key: `${before.key} ${name}`, definition };
    ofText.set(name, made);
    return made;
  }
}

function toSplit(row: Experiment): LiveSplit | undefined {
  const definition = definitionOf(row);
  const { source } = definition;
  const { step } = JSON.parse(row.registration ?? '{}') as { step?: { fingerprint?: string } };
  if (source.type !== 'live-split' || step?.fingerprint === undefined) return undefined;
  const { id, teamId, name } = row;
  return { id, teamId, name, definition, source, fingerprint: step.fingerprint };
}

const placeOf = (teamId: string, workflow: string, stepId: string): string => `${teamId} ${workflow} ${stepId}`;
