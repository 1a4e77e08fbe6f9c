import {
  type AnsweredItem,
  addItem,
  boundariesOf,
  decideStop,
  lookAtWatch,
  orderVariants,
  type PairedWatch,
  startPairedWatch,
  type WatchBoundaries,
  type WatchPlan,
} from '@switchyard/core/experiments';
import { type Clock, type Log, parseUsd } from '@switchyard/core/kernel';
import type { WorkflowDefinition } from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';
import type { Experiment, ExperimentItem } from '../../generated/prisma/client.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import type { TestRewards } from '../quality/test-rewards.ts';
import { findRunWorkflow } from '../runs/find-run-workflow.ts';
import { toAnsweredItems } from './answered-items.ts';
import { type CallingServices, type CallResult, callOfVariant, notAsked, type TestCaller } from './ask-variant.ts';
import { type ExperimentRepository, LeaseLost, type TestLease } from './experiment.repository.ts';
import { planOf, shownOf } from './experiment-row.ts';
import { fillPrompt } from './fill-prompt.ts';
import { type StoredScores, scoreByChecks, scoreByJudges } from './score-answers.ts';
import { NoMoreCalls, TestCalls, type TestEnd } from './test-calls.ts';
import type { TurnPermits } from './turn-permits.ts';
import { inputsOfItem } from './workflow-inputs.ts';
import { cancelTestRuns } from './workflow-variant.ts';

export interface ActorParts {
  readonly services: CallingServices & Pick<Services, 'runs' | 'workflows' | 'liveSplits' | 'prisma'>;
  /** Of all tests of this process. */
  readonly turns: TurnPermits;
  readonly repository: ExperimentRepository;
  /** What scores tell the router. */
  readonly rewards: TestRewards;
  readonly clock: Clock;
  readonly log: Log;
}

const itemsAtOnce = 100;
/** So often in a row a model may be missing before the test is given up. */
const mostMissing = 3;

/** Executes one test in this process: asks, scores, looks after every item, stops. All it knows is in the tables. */
export class ExperimentActor {
  readonly lease: TestLease;
  readonly #row: Experiment;
  readonly #parts: ActorParts;
  readonly #caller: TestCaller;
  readonly #abort = new AbortController();
  #plan!: WatchPlan;
  #boundaries!: WatchBoundaries;
  #watch!: PairedWatch;
  #calls!: TestCalls;
  #doneItems: number;
  #end: TestEnd | undefined;
  #isLeaving = false;
  readonly #missing = new Map<string, number>();
  /** By variant. */
  readonly #workflows = new Map<string, WorkflowDefinition>();
  #finishing: Promise<void> = Promise.resolve();

  constructor(row: Experiment, lease: TestLease, parts: ActorParts) {
    this.#row = row;
    this.lease = lease;
    this.#parts = parts;
    this.#doneItems = row.doneItems;
    const { teamId, id, startedById, apiKeyId } = row;
    this.#caller = { teamId, experimentId: id, userId: startedById ?? undefined, apiKeyId: apiKeyId ?? undefined };
  }

  /** Asks for nothing more and ends the test. */
  requestStop(): void {
    this.#stop({ reason: 'stopped', winner: undefined, message: 'It was stopped by hand.' });
    this.#abort.abort();
  }

  /** Makes no new calls; the test goes on elsewhere or later. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Closes the calls that are open, too. */
  interrupt(): void {
    this.#isLeaving = true;
    this.#abort.abort();
  }

  /** Resolves with 'ended' when the test is over, with 'left' when it goes on elsewhere. Throws what the database throws. */
  async execute(): Promise<'ended' | 'left'> {
    try {
      await this.#load();
      this.#look();
      const { concurrency } = this.#plan.definition.caps;
      const lanes = Math.max(1, Math.floor(concurrency / this.#plan.definition.variants.length));
      const items = this.#openItems();
      const work = async () => {
        for (let next = await items.next(); !next.done; next = await items.next()) {
          await this.#doItem(next.value);
          if (this.#end || this.#isLeaving) return;
        }
      };
      const settled = await Promise.allSettled(Array.from({ length: lanes }, work));
      await this.#finishing;
      const failed = settled.find((each) => each.status === 'rejected');
      if (failed) throw failed.reason;
      const { repository, clock, services, rewards } = this.#parts;
      if (this.#isLeaving && !this.#end) {
        await repository.noteSpend(this.lease, this.#calls.spentNanoUsd);
        return 'left';
      }
      const end = this.#end ?? { reason: 'end', winner: undefined, message: undefined };
      if (this.#plan.definition.variants.some(({ workflow }) => workflow)) {
        await cancelTestRuns(services.runs, this.#caller, await repository.openRuns(this.#row.teamId, this.#row.id));
      }
      await repository.noteSpend(this.lease, this.#calls.spentNanoUsd);
      await rewards.noteAll(this.#row, this.#plan.definition);
      await repository.finish(this.lease, end, clock.nowMs());
      return 'ended';
    } catch (error) {
      this.#isLeaving = true;
      this.#abort.abort();
      if (error instanceof LeaseLost) return 'left';
      throw error;
    }
  }

  async #load(): Promise<void> {
    const { repository } = this.#parts;
    this.#plan = planOf(this.#row, await repository.clusterSizes(this.#row.id));
    const { definition, plannedUnits } = this.#plan;
    this.#boundaries = boundariesOf(definition, plannedUnits);
    const { services, clock, turns } = this.#parts;
    const { costUsd, concurrency } = definition.caps;
    this.#calls = new TestCalls({
      ...{ services, clock, turns, concurrency, caller: this.#caller, signal: this.#abort.signal },
      ...{ capNanoUsd: parseUsd(costUsd), spentNanoUsd: this.#row.spentNanoUsd },
      stop: (end) => this.#stop(end),
      isOver: () => this.#end !== undefined || this.#isLeaving,
    });
    for (const { key, workflow } of definition.variants) {
      if (!workflow) continue;
      const found = await findRunWorkflow(services, this.#row, workflow, workflow.version).catch((error: unknown) => {
        if (!(error instanceof NotFoundFailure || error instanceof ConflictFailure)) throw error;
      });
      if (found) this.#workflows.set(key, found.definition);
    }
    const done = await repository.readDone(this.#row.id);
    const begun: PairedWatch = { ...startPairedWatch(this.#plan), ...shownOf(this.#row) };
    this.#watch = done.reduce((watch, item) => addItem(watch, this.#plan, item), begun);
  }

  /** Only one worker asks at a time: a generator queues what is asked of it. */
  async *#openItems(): AsyncGenerator<ExperimentItem> {
    for (let after = -1; ; ) {
      const page = await this.#parts.repository.readOpenItems(this.#row.id, after, itemsAtOnce);
      for (const item of page) {
        after = item.position;
        if (this.#end || this.#isLeaving) return;
        yield item;
      }
      if (page.length < itemsAtOnce) return;
    }
  }

  async #doItem(item: ExperimentItem): Promise<void> {
    const { definition } = this.#plan;
    const repeats = definition.source.type === 'paired' ? definition.source.repeats : 1;
    const stored = await this.#parts.repository.readAnswers(this.#row.id, item.position);
    const known = new Set(stored.map(({ repeat, variant }) => `${repeat} ${variant}`));
    try {
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        const keys = orderVariants(
          definition.seed,
          item.key,
          repeat,
          definition.variants.map(({ key }) => key),
        );
        const missing = keys.filter((key) => !known.has(`${repeat} ${key}`));
        // All variants at the same time; the order in which they are asked is random.
        const settled = await Promise.allSettled(missing.map((key) => this.#answer(item, repeat, key)));
        const failed = settled.find((each) => each.status === 'rejected');
        if (failed) throw failed.reason;
        await this.#judge(item, repeat);
      }
    } catch (error) {
      if (error instanceof NoMoreCalls) return;
      throw error;
    }
    const rows = await this.#parts.repository.readAnswers(this.#row.id, item.position);
    const [answered] = toAnsweredItems([item], rows);
    if (!answered) return;
    await this.#parts.rewards.note(this.#row, definition, rows);
    this.#finishing = this.#finishing.then(() => this.#finishItem(item.position, answered));
    await this.#finishing;
  }

  async #answer(item: ExperimentItem, repeat: number, key: string): Promise<void> {
    const { definition } = this.#plan;
    const variant = definition.variants.find((each) => each.key === key)!;
    const fields = JSON.parse(item.fields) as Record<string, unknown>;
    const prompt =
      variant.prompt === undefined ? item.input : fillPrompt(variant.prompt, { input: item.input, fields });
    const itemSystem = typeof fields.system === 'string' ? fields.system : undefined;
    const asked = callOfVariant(variant, prompt, variant.system ?? itemSystem);
    const wanted = { model: variant.model ?? '', strategy: variant.strategy };
    const result: CallResult = await (variant.workflow
      ? this.#run(variant.workflow, item, repeat, key)
      : this.#calls.ask(wanted, asked, `variant:${key}`));
    this.#noteAvailability(key, result);
    const scores: StoredScores =
      result.failure === undefined ? scoreByChecks(definition.scorers, taskOf(item), result) : {};
    const { text, isCut: _isCut, failure = null, failureMessage = null, contamination = null, ...facts } = result;
    await this.#parts.repository.addAnswer(this.#row.teamId, this.lease, {
      ...{
        position: item.position,
        repeat,
        variant: key,
        output: text,
        failure,
        failureMessage,
        contamination,
        scores,
      },
      costNanoUsd: facts.costNanoUsd ?? null,
      latencyMs: facts.latencyMs ?? null,
      timeToFirstTokenMs: facts.timeToFirstTokenMs ?? null,
      inputTokens: facts.inputTokens ?? null,
      outputTokens: facts.outputTokens ?? null,
      answeredModelId: facts.answeredModelId ?? null,
      decisionId: facts.decisionId ?? null,
      finishedAt: new Date(this.#parts.clock.nowMs()),
    });
  }

  async #judge(item: ExperimentItem, repeat: number): Promise<void> {
    const { definition } = this.#plan;
    if (!Object.values(definition.scorers).some((scorer) => 'judge' in scorer)) return;
    const rows = await this.#parts.repository.readAnswers(this.#row.id, item.position);
    const answers = new Map(
      rows
        .filter((row) => row.repeat === repeat && row.failure === null)
        .map((row) => [row.variant, { text: row.output, scores: row.scores as unknown as StoredScores }]),
    );
    const judged = await scoreByJudges(definition, taskOf(item), answers, (judge, call) =>
      this.#calls.ask({ model: judge.model }, call, 'judge'),
    );
    for (const [variant, { scores, costNanoUsd }] of judged) {
      const all = { ...answers.get(variant)!.scores, ...scores };
      await this.#parts.repository.addScores(
        this.lease,
        { position: item.position, repeat, variant },
        all,
        costNanoUsd,
      );
    }
  }

  /** One run of a version of a workflow. */
  #run(
    workflow: { readonly name: string; readonly version: number },
    item: ExperimentItem,
    repeat: number,
    key: string,
  ) {
    const definition = this.#workflows.get(key);
    const fields = JSON.parse(item.fields) as Record<string, unknown>;
    const read = definition && inputsOfItem(definition, { input: item.input, fields });
    if (!read || 'problem' in read) {
      const failureMessage = read?.problem ?? `There is no version ${workflow.version} of "${workflow.name}" any more.`;
      return Promise.resolve({ ...notAsked, failure: read ? 'invalid-input' : 'no-model', failureMessage });
    }
    const { id } = this.#row;
    const tags = [`test:${id}`, `variant:${key}`];
    const idempotencyKey = ['experiment', id, item.position, repeat, key].join(':');
    const question = { workflow, inputs: read.inputs, tags, idempotencyKey };
    return this.#calls.run(question, () => this.#end !== undefined);
  }

  #noteAvailability(key: string, { failure, failureMessage }: CallResult): void {
    const isMissing = failure === 'not-available' || failure === 'no-model';
    const count = isMissing ? (this.#missing.get(key) ?? 0) + 1 : 0;
    this.#missing.set(key, count);
    if (count < mostMissing) return;
    const message = `"${key}" cannot be asked: ${failureMessage ?? 'its model is not available'}`;
    this.#stop({ reason: 'failed', winner: undefined, message });
  }

  async #finishItem(position: number, item: AnsweredItem): Promise<void> {
    this.#watch = addItem(this.#watch, this.#plan, item);
    this.#doneItems += 1;
    this.#look();
    const { winPValues, harmPValues } = this.#watch;
    const { repository, clock } = this.#parts;
    await repository.finishItem(this.lease, position, this.#doneItems, { winPValues, harmPValues }, clock.nowMs());
  }

  #look(): void {
    const { watch, look } = lookAtWatch(this.#watch, this.#plan, { boundaries: this.#boundaries });
    this.#watch = watch;
    const areItemsDone = this.#doneItems >= this.#row.plannedItems;
    const limits = { areItemsDone, isBudgetGone: this.#calls.isCapReached };
    const decision = decideStop(look, this.#plan.definition, limits);
    if (decision) this.#stop({ ...decision, message: undefined });
  }

  /** The first reason holds. */
  #stop(end: TestEnd): void {
    this.#end ??= end;
  }
}

const taskOf = ({ input, expected }: ExperimentItem) => ({ prompt: input, expected: expected ?? undefined });
