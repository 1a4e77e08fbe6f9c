import {
  type AnsweredItem,
  decideStop,
  type ExperimentDefinition,
  hashToUnit,
  LiveWatch,
  lookAtLive,
  type ShownSoFar,
} from '@switchyard/core/experiments';
import { parseUsd, sleep } from '@switchyard/core/kernel';
import type { Experiment } from '../../generated/prisma/client.ts';
import { findPublished } from '../workflows/find-workflow.ts';
import { toAnswerFact } from './answered-items.ts';
import type { TestCaller } from './ask-variant.ts';
import { LeaseLost, type NewExecution, type TestLease } from './experiment.repository.ts';
import type { ActorParts } from './experiment-actor.ts';
import { definitionOf, evidenceOf, shownOf } from './experiment-row.ts';
import { type EndedExposure, type ExecutionResult, readEndedExposures, resultOfExecution } from './live-executions.ts';
import { type StoredScores, scoreByChecks, scoreByJudges } from './score-answers.ts';
import { NoMoreCalls, TestCalls, type TestEnd } from './test-calls.ts';
import { fingerprintOf, splitStepOf, withVariant } from './variant-step.ts';

const takenAtOnce = 40;
const readAtOnce = 3;
const lookEveryMs = 500;
const checkStepEveryMs = 5_000;
/** Ratings come later than answers: so often all is read anew where they count. */
const rereadEveryMs = 60_000;
/** So often in a row a variant may not be applied before the test is given up. */
const mostNotApplied = 3;
const mostTries = 5;
const mostLastLooks = 20;
/** Executions of one test; all of them are read at every start. */
const mostExecutions = 500_000;

/**
 * Watches one live split in this process: takes in what executions of the step have shown, has judges look at a sample of
 * them, looks, stops. The executions themselves are made by the runs, whichever process they are in.
 */
export class LiveSplitActor {
  readonly lease: TestLease;
  readonly #row: Experiment;
  readonly #parts: ActorParts;
  readonly #definition: ExperimentDefinition;
  readonly #source: Extract<ExperimentDefinition['source'], { type: 'live-split' }>;
  readonly #caller: TestCaller;
  readonly #abort = new AbortController();
  readonly #calls: TestCalls;
  readonly #notApplied = new Map<string, number>();
  /** Times that executions could not be read. */
  readonly #unread = new Map<string, number>();
  #watch: LiveWatch;
  #shown: ShownSoFar;
  #position = 0;
  #end: TestEnd | undefined;
  #isLeaving = false;
  #checkStepAtMs = 0;
  #rereadAtMs = 0;

  constructor(row: Experiment, lease: TestLease, parts: ActorParts) {
    this.#row = row;
    this.lease = lease;
    this.#parts = parts;
    this.#definition = definitionOf(row);
    const { source, caps } = this.#definition;
    if (source.type !== 'live-split') throw new Error('This is no live split.');
    this.#source = source;
    this.#shown = shownOf(row);
    this.#watch = new LiveWatch(this.#definition, evidenceOf(row));
    const { teamId, id, startedById, apiKeyId } = row;
    this.#caller = { teamId, experimentId: id, userId: startedById ?? undefined, apiKeyId: apiKeyId ?? undefined };
    const { services, clock, turns } = parts;
    this.#calls = new TestCalls({
      ...{ services, clock, turns, concurrency: caps.concurrency, caller: this.#caller, signal: this.#abort.signal },
      ...{ capNanoUsd: parseUsd(caps.costUsd), spentNanoUsd: row.spentNanoUsd },
      stop: (end) => this.#stop(end),
      isOver: () => this.#end !== undefined || this.#isLeaving,
    });
  }

  requestStop(): void {
    this.#stop({ reason: 'stopped', winner: undefined, message: 'It was stopped by hand.' });
    this.#abort.abort();
  }

  leave(): void {
    this.#isLeaving = true;
    this.#abort.abort();
  }

  interrupt(): void {
    this.leave();
  }

  /** Resolves with 'ended' when the test is over, with 'left' when it goes on elsewhere. Throws what the database throws. */
  async execute(): Promise<'ended' | 'left'> {
    const { repository, clock, services } = this.#parts;
    try {
      this.#position = await repository.nextPosition(this.#row.id);
      await this.#reread();
      this.#look();
      while (!this.#end && !this.#isLeaving) {
        const isBusy = await this.#takeIn();
        await this.#checkStep();
        if (isBusy) continue;
        await sleep(clock, lookEveryMs, this.#abort.signal).catch(() => {});
      }
      if (!this.#end) {
        await repository.noteSpend(this.lease, this.#calls.spentNanoUsd);
        return 'left';
      }
      // What had ended by then belongs to it, without judges.
      for (let more = 0; more < mostLastLooks && (await this.#takeIn()); more += 1);
      await repository.noteSpend(this.lease, this.#calls.spentNanoUsd);
      await repository.finish(this.lease, this.#end, clock.nowMs());
      await services.liveSplits.refresh().catch(() => {});
      return 'ended';
    } catch (error) {
      this.#isLeaving = true;
      this.#abort.abort();
      if (error instanceof LeaseLost) return 'left';
      throw error;
    }
  }

  /** All executions from the tables: at the beginning, and now and then where ratings of people count. */
  async #reread(): Promise<void> {
    const watch = new LiveWatch(this.#definition, this.#watch.maxLogEvidence);
    const { repository } = this.#parts;
    for (const item of await repository.readDone(this.#row.id)) watch.add(item);
    watch.noteAssigned(await repository.assignedUnits(this.#row.id, this.#source.unit));
    this.#watch = watch;
    this.#rereadAtMs = this.#parts.clock.monotonicMs() + rereadEveryMs;
  }

  get #countsRatings(): boolean {
    return [this.#definition.primary, ...this.#definition.guardrails].some(({ metric }) => metric === 'rating');
  }

  /** What has ended since; true when there may be more of it. */
  async #takeIn(): Promise<boolean> {
    const { services, repository, clock } = this.#parts;
    const ended = await readEndedExposures(services.prisma, this.#row.id, this.#source.stepId, takenAtOnce);
    const isLate = this.#countsRatings && clock.monotonicMs() >= this.#rereadAtMs;
    if (isLate) await this.#reread();
    if (ended.length === 0) {
      if (isLate) await this.#store([]);
      return false;
    }
    const made = await this.#evaluateAll(ended);
    const lost = ended.filter((exposure, index) => exposure.isGone || this.#isHopeless(exposure, made[index]!));
    await this.#store(made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])));
    await repository.dropExposures(this.lease, lost);
    return ended.length === takenAtOnce && made.every(({ status }) => status === 'fulfilled');
  }

  /** A few side by side: what is read for a test must not crowd out live requests at the database. */
  async #evaluateAll(
    ended: readonly EndedExposure[],
  ): Promise<readonly PromiseSettledResult<NewExecution | undefined>[]> {
    const made: PromiseSettledResult<NewExecution | undefined>[] = [];
    for (let from = 0; from < ended.length; from += readAtOnce)
      made.push(
        ...(await Promise.allSettled(ended.slice(from, from + readAtOnce).map((each) => this.#evaluate(each)))),
      );
    return made;
  }

  /** An execution that cannot be read, tried again and again, must not stand in the way of the others. */
  #isHopeless(exposure: EndedExposure, made: PromiseSettledResult<NewExecution | undefined>): boolean {
    if (made.status === 'fulfilled') return made.value === undefined;
    if (made.reason instanceof NoMoreCalls) return false;
    const key = keyOf(exposure, this.#source.stepId);
    const count = (this.#unread.get(key) ?? 0) + 1;
    this.#unread.set(key, count);
    const facts = { experimentId: this.#row.id, runId: exposure.runId, error: String(made.reason) };
    this.#parts.log.warn(facts, 'an execution of a live split could not be read');
    return count >= mostTries;
  }

  /** Takes executions into the watch, looks, and writes both, or neither. */
  async #store(executions: readonly (NewExecution | undefined)[]): Promise<void> {
    const { repository, clock } = this.#parts;
    const known = executions.flatMap((each) => each ?? []);
    for (const each of known) {
      this.#watch.add(toItem(each));
      this.#calls.charge(BigInt(each.answer.costNanoUsd ?? 0));
      this.#noteApplied(each);
      this.#requirePrice(each);
    }
    const positions = known.map(() => this.#position++);
    this.#watch.noteAssigned(await repository.assignedUnits(this.#row.id, this.#source.unit));
    this.#look();
    const { units: doneItems, maxLogEvidence } = this.#watch;
    const spentNanoUsd = this.#calls.spentNanoUsd;
    const shown = { ...this.#shown, maxLogEvidence };
    const state = { doneItems, spentNanoUsd, shown };
    await repository.addExecutions(this.#row.teamId, this.lease, known, positions, state, clock.nowMs());
  }

  /** What came of an execution, with its scores; undefined when its run is gone. */
  async #evaluate(exposure: EndedExposure): Promise<NewExecution | undefined> {
    const { services } = this.#parts;
    const { teamId } = this.#row;
    const { runId, variant: key } = exposure;
    const details = exposure.isGone ? undefined : await services.runs.details(teamId, runId);
    const variant = this.#definition.variants.find((each) => each.key === key);
    const step =
      details &&
      variant &&
      splitStepOf(withVariant(details.definition, this.#source.stepId, variant), this.#source.stepId);
    if (!details || !step) return undefined;
    const result = resultOfExecution(services, exposure, details, step);
    const prompt = (await services.runs.prompt(teamId, runId, this.#source.stepId, undefined, true))?.text ?? '';
    const scores = await this.#score(exposure, prompt, result);
    const { endedAtMs, ...answer } = result;
    return {
      exposure,
      item: { key: keyOf(exposure, this.#source.stepId), cluster: exposure.unit, input: prompt },
      answer: {
        ...answer,
        variant: key,
        scores: scores.all,
        judgeCostNanoUsd: scores.costNanoUsd,
        finishedAt: new Date(endedAtMs),
      },
    };
  }

  async #score(
    exposure: EndedExposure,
    prompt: string,
    result: ExecutionResult,
  ): Promise<{ readonly all: StoredScores; readonly costNanoUsd: bigint }> {
    if (result.failure !== null) return { all: {}, costNanoUsd: 0n };
    const { scorers } = this.#definition;
    const task = { prompt, expected: undefined };
    const { output: text, latencyMs, timeToFirstTokenMs } = result;
    const times = { latencyMs: latencyMs ?? undefined, timeToFirstTokenMs: timeToFirstTokenMs ?? undefined };
    const checked = scoreByChecks(scorers, task, { text, ...times });
    const { judgedShare = 1 } = this.#source;
    if (this.#end) return { all: checked, costNanoUsd: 0n };
    const isDrawn = hashToUnit([this.#row.id, exposure.runId, 'judged']) < judgedShare;
    if (!isDrawn || result.contamination !== null) return { all: checked, costNanoUsd: 0n };
    const answers = new Map([[exposure.variant, { text, scores: checked }]]);
    const judged = await scoreByJudges(this.#definition, task, answers, (judge, call) =>
      this.#calls.ask({ model: judge.model }, call, 'judge'),
    );
    const own = judged.get(exposure.variant);
    return { all: { ...checked, ...own?.scores }, costNanoUsd: own?.costNanoUsd ?? 0n };
  }

  #noteApplied({ answer: { variant, contamination } }: NewExecution): void {
    const count = contamination === 'not-applied' ? (this.#notApplied.get(variant) ?? 0) + 1 : 0;
    this.#notApplied.set(variant, count);
    if (count < mostNotApplied) return;
    const message = `"${variant}" cannot be asked: no model of it can be called. The step was executed as it is.`;
    this.#stop({ reason: 'failed', winner: undefined, message });
  }

  #requirePrice({ answer: { costNanoUsd, failure, answeredModelId } }: NewExecution): void {
    if (costNanoUsd !== null || failure !== null) return;
    const message = `The cost of ${answeredModelId ?? 'an answer'} is unknown, so the cap cannot be kept. Set a price, 0 for what costs nothing.`;
    this.#stop({ reason: 'failed', winner: undefined, message });
  }

  /** A step that is another one now is another test. */
  async #checkStep(): Promise<void> {
    const { clock, services } = this.#parts;
    if (clock.monotonicMs() < this.#checkStepAtMs) return;
    this.#checkStepAtMs = clock.monotonicMs() + checkStepEveryMs;
    const { workflowName, stepId } = this.#source;
    const published = await findPublished(services, this.#row.teamId, workflowName);
    const step = published && splitStepOf(published.definition, stepId);
    const { step: before } = JSON.parse(this.#row.registration ?? '{}') as { step?: { fingerprint?: string } };
    if (step && fingerprintOf(step) === before?.fingerprint) return;
    const what = step ? `was changed by version ${published.version ?? 'of the file'}` : 'is not there any more';
    const message = `The step "${stepId}" of "${workflowName}" ${what}. Start another test on what it is now.`;
    this.#stop({ reason: 'failed', winner: undefined, message });
  }

  #look(): void {
    const { plannedItems } = this.#row;
    const { look, shown } = lookAtLive(this.#watch, plannedItems, this.#shown);
    this.#shown = shown;
    const areItemsDone = this.#watch.units >= plannedItems || this.#watch.executions >= mostExecutions;
    const decision = decideStop(look, this.#definition, { areItemsDone, isBudgetGone: this.#calls.isCapReached });
    if (decision) this.#stop({ ...decision, message: undefined });
  }

  /** The first reason holds. */
  #stop(end: TestEnd): void {
    this.#end ??= end;
  }
}

/** Names an execution within its test. */
export const keyOf = ({ runId, generation }: Pick<EndedExposure, 'runId' | 'generation'>, stepId: string): string =>
  `${runId}/${stepId}/${generation}`;

function toItem({ item, answer }: NewExecution): AnsweredItem {
  const { judgeCostNanoUsd: _judge, finishedAt: _at, output: _output, failureMessage: _message, ...facts } = answer;
  return { itemId: item.key, cluster: item.cluster, answers: [toAnswerFact({ ...facts, repeat: 0 })] };
}
