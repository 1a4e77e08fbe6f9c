import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSeededRandom, parseUsd, silentLog } from '@switchyard/core/kernel';
import type { Services } from '../container.ts';
import { auditLedger } from '../features/guardrails/audit-ledger.ts';
import { PostgresBudgetStore } from '../features/guardrails/postgres-budget-store.ts';
import { createApiServer } from '../server.ts';
import type { FromTestChild, ToTestChild } from './test-kill-child.ts';
import { testSettings } from './test-settings.ts';

export interface TestKillOptions {
  /** Of every process; on the embedded database there is one process. */
  readonly dataDirs: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly simulatorBaseUrls: object;
  readonly seed: number;
  readonly kills: number;
  readonly items: number;
  /** Of the test that its cap ends. */
  readonly capUsd: string;
  /** As in the child. */
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly onProgress?: (kills: number, answers: number) => void;
}

export interface TestKillReport {
  readonly kills: number;
  readonly answers: number;
  /** Calls of models and runs that were asked for once more, because their server died before the end was stored. */
  readonly askedAgain: number;
  /** What should not be; empty. */
  readonly violations: readonly string[];
}

const variants = ['flow', 'one', 'two'];

/**
 * Kills servers with SIGKILL at random moments while they execute two paired tests of three variants, one of them a workflow,
 * and starts them again; then lets both end and looks at answers, runs, money and books.
 */
export async function driveTestKills(options: TestKillOptions): Promise<TestKillReport> {
  const { dataDirs, kills, items, capUsd, seed, onProgress } = options;
  const random = createSeededRandom(seed);
  const children: Child[] = [];
  let done = 0;
  try {
    const first = new Child(options, 0);
    children[0] = first;
    await first.until(({ type }) => type === 'ready');
    first.send({ type: 'prepare', items, capUsd });
    const prepared = await first.until(({ type }) => type === 'prepared');
    const experimentIds = prepared.type === 'prepared' ? prepared.experimentIds : [];
    for (let index = 1; index < dataDirs.length; index += 1) {
      children[index] = new Child(options, index);
      await children[index]!.until(({ type }) => type === 'ready');
    }
    const all = items * variants.length;
    for (; done < kills; done += 1) {
      const index = Math.floor(random.next() * dataDirs.length);
      const child = children[index]!;
      // The tests must still be at work at the last kill.
      const least = (all * (done + random.next())) / (kills + 1);
      await child.until((told) => told.type === 'answers' && (told.count >= least || told.isOver));
      await delay(random.next() * 40);
      await child.kill();
      onProgress?.(done + 1, child.answers);
      children[index] = new Child(options, index);
      await children[index]!.until(({ type }) => type === 'ready');
    }
    for (const child of children) await child.kill();
    return await judge(options, experimentIds, done);
  } finally {
    for (const child of children) await child.kill();
  }
}

class Child {
  readonly #process: ChildProcess;
  readonly #told: ((told: FromTestChild) => void)[] = [];
  #said = '';
  #isOver = false;
  answers = 0;

  constructor({ dataDirs, simulatorBaseUrls, environment = {}, leaseMs }: TestKillOptions, index: number) {
    const values = [JSON.stringify(simulatorBaseUrls), JSON.stringify(environment), String(leaseMs)];
    this.#process = fork(join(import.meta.dirname, 'test-kill-child.ts'), [dataDirs[index] ?? '', ...values], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.on('data', (chunk) => {
      this.#said += chunk;
    });
    this.#process.on('message', (told: FromTestChild) => {
      if (told.type === 'answers') this.answers = told.count;
      for (const listener of [...this.#told]) listener(told);
    });
  }

  send(message: ToTestChild): void {
    this.#process.send(message);
  }

  /** The next message that is looked for; rejects when the process ends before. */
  until(isIt: (told: FromTestChild) => boolean): Promise<FromTestChild> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => {
        if (!this.#isOver) reject(new Error(`The server ended with ${code}: ${this.#said.slice(-4_000)}`));
      };
      const listener = (told: FromTestChild) => {
        if (!isIt(told)) return;
        this.#told.splice(this.#told.indexOf(listener), 1);
        this.#process.off('exit', onExit);
        resolve(told);
      };
      this.#told.push(listener);
      this.#process.once('exit', onExit);
    });
  }

  async kill(): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    this.#isOver = true;
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** Lets both tests end in one more server, in this process, and looks at everything. */
async function judge(
  options: TestKillOptions,
  experimentIds: readonly string[],
  kills: number,
): Promise<TestKillReport> {
  const { dataDirs, environment = {}, simulatorBaseUrls, leaseMs } = options;
  const server = createApiServer(testSettings(dataDirs[0] ?? '', environment), {
    simulatorBaseUrls,
    runLeaseMs: leaseMs,
    log: silentLog,
  });
  try {
    const { services } = await server.start();
    const [whole = '', capped = ''] = experimentIds;
    const violations: string[] = [];
    for (const id of experimentIds) await untilEnded(services, id, violations);
    await services.callRecords.flush();
    await services.budgets.ledger.flush();
    await new PostgresBudgetStore(services.prisma).reclaim(0, services.budgets.ledger.instanceId);
    const facts = [
      await lookAtTest(services, whole, options, kills, violations, true),
      await lookAtTest(services, capped, options, kills, violations, false),
    ];
    const query = (sql: string, values: readonly unknown[]) =>
      services.prisma.$queryRawUnsafe<Record<string, unknown>[]>(sql, ...values);
    const audit = await auditLedger(query, { nowMs: Date.now() + 60_000, settleMs: 0 });
    for (const difference of audit.differences)
      violations.push(`The books differ: ${JSON.stringify(difference, asText)}`);
    const answers = facts.reduce((sum, each) => sum + each.answers, 0);
    return { kills, answers, askedAgain: facts.reduce((sum, each) => sum + each.askedAgain, 0), violations };
  } finally {
    await server.stop();
  }
}

async function untilEnded({ prisma }: Services, id: string, violations: string[]): Promise<void> {
  const untilMs = Date.now() + 180_000;
  while (Date.now() < untilMs) {
    const row = await prisma.experiment.findUnique({ where: { id }, select: { state: true } });
    if (row?.state === 'ended') return;
    await delay(50);
  }
  violations.push(`${id} did not end.`);
}

async function lookAtTest(
  { prisma }: Services,
  id: string,
  { items, capUsd, concurrency }: TestKillOptions,
  kills: number,
  violations: string[],
  isWhole: boolean,
): Promise<{ readonly answers: number; readonly askedAgain: number }> {
  const tell = (what: string) => violations.push(`${isWhole ? 'Whole' : 'Capped'}: ${what}`);
  const row = await prisma.experiment.findUniqueOrThrow({ where: { id } });
  const expected = isWhole ? 'end' : 'budget';
  if (row.stopReason !== expected) tell(`it ended by ${row.stopReason} (${row.stopMessage}), not by ${expected}.`);
  const answers = await prisma.experimentAnswer.findMany({ where: { experimentId: id } });
  const done = await prisma.experimentItem.findMany({
    where: { experimentId: id, doneSeq: { not: null } },
    orderBy: { doneSeq: 'asc' },
  });
  if (isWhole && done.length !== items) tell(`${done.length} of ${items} items are done.`);
  done.forEach(({ doneSeq }, index) => {
    if (doneSeq !== index + 1) tell(`the item ${index + 1} has the number ${doneSeq}.`);
  });
  const byItem = Map.groupBy(answers, ({ position }) => position);
  for (const { position } of done) {
    const keys = (byItem.get(position) ?? []).map(({ variant }) => variant).sort();
    if (JSON.stringify(keys) !== JSON.stringify(variants)) tell(`item ${position} was answered by ${keys.join(', ')}.`);
  }
  const failed = answers.filter(({ failure }) => failure !== null);
  if (isWhole && failed.length > 0) tell(`${failed.length} answers failed: ${failed[0]?.failureMessage}`);
  const runs = await prisma.run.findMany({ where: { experimentId: id } });
  const ofRuns = answers.filter(({ variant }) => variant === 'flow').length;
  // A run belongs to one answer; those without one were under way when the cap ended the test.
  if (runs.length < ofRuns || runs.length > ofRuns + concurrency)
    tell(`${ofRuns} answers came of ${runs.length} runs.`);
  if (runs.some(({ endedAt }) => endedAt === null)) tell('a run is still under way.');
  const calls = await prisma.callRecord.findMany({
    where: { OR: [{ source: 'experiment', sourceId: id }, { runId: { in: runs.map((run) => run.id) } }] },
    select: { costNanoUsd: true, source: true },
  });
  const single = calls.filter(({ source }) => source === 'experiment').length;
  const askedAgain = Math.max(0, single - (answers.length - ofRuns));
  // What was in flight when a server died, or when the cap ended the test, and nothing else.
  if (askedAgain > (kills + 1) * concurrency) tell(`${askedAgain} calls were made again after ${kills} kills.`);
  const paid = calls.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n);
  const dearest = answers.reduce(
    (most, { costNanoUsd }) => ((costNanoUsd ?? 0n) > most ? (costNanoUsd ?? 0n) : most),
    0n,
  );
  const limit = parseUsd(capUsd) + BigInt((kills + 1) * concurrency) * dearest;
  if (!isWhole && paid > limit) tell(`${paid} was paid, and ${limit} would be the cap with what was in flight.`);
  const known = answers.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? 0n), 0n);
  if (row.spentNanoUsd < known) tell(`${row.spentNanoUsd} is noted as spent, and the answers cost ${known}.`);
  return { answers: answers.length, askedAgain };
}

const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
