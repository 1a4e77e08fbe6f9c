import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSeededRandom, silentLog } from '@switchyard/core/kernel';
import { publicTypeOf, type RunEvent } from '@switchyard/core/workflows';
import type { Services } from '../container.ts';
import { auditLedger } from '../features/guardrails/audit-ledger.ts';
import { PostgresBudgetStore } from '../features/guardrails/postgres-budget-store.ts';
import { createApiServer } from '../server.ts';
import type { FromRunChild, ToRunChild } from './run-child.ts';
import { RunStage } from './run-stage.ts';
import { testSettings } from './test-settings.ts';

export interface RunKillOptions {
  /** Of every process; on the embedded database there is one process. */
  readonly dataDirs: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly simulatorBaseUrls: object;
  readonly seed: number;
  /** A point is one run that had not ended when its server was killed. */
  readonly points: number;
  /** Runs that are under way at a time. */
  readonly runsAtOnce: number;
  readonly leaseMs: number;
  readonly onProgress?: (points: number) => void;
  /** Told while everything is looked at in the end. */
  readonly onChecked?: (runs: number, ofRuns: number) => void;
}

export interface RunKillReport {
  readonly kills: number;
  readonly points: number;
  readonly runs: number;
  /** Calls of models that ended and are in the journals. */
  readonly endedCalls: number;
  /** Calls that were begun at a vendor more than once, because their server died before the end was known. */
  readonly cutCalls: number;
  readonly deliveredEvents: number;
  /** What should not be; empty. */
  readonly violations: readonly string[];
}

/** Of about a hundred that a run has: a kill comes after a part of them. */
const mostEventsOfRun = 50;
/** Runs that are looked at side by side in the end. */
const checksAtOnce = 8;

interface Child {
  readonly process: ChildProcess;
  readonly isReady: Promise<void>;
}

/**
 * Kills servers with SIGKILL at random moments while they execute runs of a workflow with fan-out and map, and starts them
 * again, until there were `points`; then lets everything end and looks at journals, books and what subscribers saw.
 */
export async function driveRunKills(options: RunKillOptions): Promise<RunKillReport> {
  const drive = new KillDrive(options);
  try {
    await drive.killAll();
  } finally {
    await drive.stop();
  }
  return drive.judge();
}

class KillDrive {
  readonly #options: RunKillOptions;
  readonly #random: ReturnType<typeof createSeededRandom>;
  readonly #children: Child[] = [];
  readonly #open = new Set<string>();
  readonly #runs = new Set<string>();
  /** What the subscriber at each process has seen of each run, across deaths. */
  readonly #seen = new Map<string, number[]>();
  /** Events that each process told of since its server was begun or last looked at. */
  readonly #told: number[] = [];
  readonly #waiting = new Map<FromRunChild['type'], () => void>();
  #kills = 0;
  #points = 0;

  constructor(options: RunKillOptions) {
    this.#options = options;
    this.#random = createSeededRandom(options.seed);
  }

  async killAll(): Promise<void> {
    const { dataDirs, points, runsAtOnce, onProgress } = this.#options;
    await this.#spawn(0);
    await this.#ask(0, { type: 'prepare' }, 'prepared');
    for (let index = 1; index < dataDirs.length; index += 1) await this.#spawn(index);
    while (this.#points < points) {
      const index = Math.floor(this.#random.next() * dataDirs.length);
      const missing = runsAtOnce - this.#open.size;
      if (missing > 0) await this.#ask(index, { type: 'start', count: missing }, 'started');
      await this.#untilTold(index, Math.floor(this.#random.next() * mostEventsOfRun * runsAtOnce));
      await delay(this.#random.next() * 100);
      if (this.#open.size === 0) continue;
      this.#points += this.#open.size;
      await this.#kill(index);
      onProgress?.(this.#points);
      await this.#spawn(index);
    }
  }

  /** Waits for so many events from a server, so that kills meet runs everywhere, on slow machines too. */
  async #untilTold(index: number, events: number): Promise<void> {
    this.#told[index] = 0;
    const untilMs = Date.now() + 6_000;
    while ((this.#told[index] ?? 0) < events && this.#open.size > 0 && Date.now() < untilMs) await delay(5);
  }

  async stop(): Promise<void> {
    for (const index of this.#children.keys()) await this.#kill(index);
  }

  /** Lets all runs end in one more server, in this process, and looks at everything. */
  async judge(): Promise<RunKillReport> {
    const { dataDirs, environment = {}, simulatorBaseUrls, leaseMs } = this.#options;
    const server = createApiServer(testSettings(dataDirs[0] ?? '', environment), {
      simulatorBaseUrls,
      runLeaseMs: leaseMs,
      log: silentLog,
    });
    try {
      const { services } = await server.start();
      return await this.#look(services);
    } finally {
      await server.stop();
    }
  }

  async #look(services: Services): Promise<RunKillReport> {
    const stage = await RunStage.of(services);
    const violations: string[] = [];
    const counts = { endedCalls: 0, cutCalls: 0, deliveredEvents: 0 };
    const left = [...this.#runs];
    let checked = 0;
    const { onChecked } = this.#options;
    // Several side by side: a run that is late does not hold up the look at the others.
    const lookAtNext = async (): Promise<void> => {
      for (let runId = left.pop(); runId !== undefined; runId = left.pop()) {
        const seen = await this.#lookAtRun(stage, runId, violations);
        counts.endedCalls += seen.endedCalls;
        counts.cutCalls += seen.cutCalls;
        counts.deliveredEvents += seen.deliveredEvents;
        checked += 1;
        onChecked?.(checked, this.#runs.size);
      }
    };
    await Promise.all(Array.from({ length: checksAtOnce }, lookAtNext));
    await services.callRecords.flush();
    await services.budgets.ledger.flush();
    // What the dead had not reported is booked from their records once they have been silent for ten minutes: now.
    await new PostgresBudgetStore(services.prisma).reclaim(0, services.budgets.ledger.instanceId);
    const query = (sql: string, values: readonly unknown[]) =>
      services.prisma.$queryRawUnsafe<Record<string, unknown>[]>(sql, ...values);
    const audit = await auditLedger(query, { nowMs: Date.now() + 60_000, settleMs: 0 });
    for (const difference of audit.differences)
      violations.push(`The books differ: ${JSON.stringify(difference, asText)}`);
    const { size: runs } = this.#runs;
    return { kills: this.#kills, points: this.#points, runs, ...counts, violations };
  }

  async #lookAtRun(stage: RunStage, runId: string, violations: string[]) {
    const run = await stage.finish(runId, 120_000);
    if (run.state !== 'completed') violations.push(`${runId} ended as ${run.state}: ${run.error?.message}`);
    const events = await readAll(stage.services, runId);
    const calls = judgeCalls(events, violations, runId);
    const expected = events.filter(({ type }) => publicTypeOf[type] !== undefined).map(({ seq }) => seq);
    let deliveredEvents = 0;
    for (const index of this.#children.keys()) {
      const seen = this.#seen.get(`${index}/${runId}`);
      if (!seen) continue;
      const rest = (await stage.events(runId, seen.at(-1) ?? 0)).map(({ seq }) => seq);
      deliveredEvents += seen.length + rest.length;
      if (JSON.stringify([...seen, ...rest]) !== JSON.stringify(expected))
        violations.push(`${runId}: a subscriber lost or doubled events.`);
    }
    return { endedCalls: calls.ended, cutCalls: calls.cut, deliveredEvents };
  }

  async #spawn(index: number): Promise<void> {
    const { dataDirs, simulatorBaseUrls, environment = {}, leaseMs } = this.#options;
    const path = join(import.meta.dirname, 'run-child.ts');
    const values = [JSON.stringify(simulatorBaseUrls), JSON.stringify(environment), String(leaseMs)];
    const child = fork(path, [dataDirs[index] ?? '', ...values], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += chunk;
    });
    const isReady = new Promise<void>((resolve, reject) => {
      child.on('message', (message: FromRunChild) => {
        if (message.type === 'ready') resolve();
        this.#take(index, message);
      });
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
    });
    isReady.catch(() => {});
    this.#children[index] = { process: child, isReady };
    await isReady;
    for (const runId of this.#open) this.#follow(index, runId);
  }

  #follow(index: number, runId: string): void {
    const seen = this.#seen.get(`${index}/${runId}`) ?? [];
    this.#seen.set(`${index}/${runId}`, seen);
    this.#send(index, { type: 'follow', runId, afterSeq: seen.at(-1) ?? 0 });
  }

  #take(index: number, message: FromRunChild): void {
    if (message.type === 'started') {
      for (const runId of message.runIds) {
        this.#runs.add(runId);
        this.#open.add(runId);
        for (const each of this.#children.keys()) this.#follow(each, runId);
      }
    }
    if (message.type === 'event') {
      this.#seen.get(`${index}/${message.runId}`)?.push(message.seq);
      this.#told[index] = (this.#told[index] ?? 0) + 1;
      if (message.event === 'run-finished') this.#open.delete(message.runId);
    }
    this.#waiting.get(message.type)?.();
    this.#waiting.delete(message.type);
  }

  #send(index: number, message: ToRunChild): void {
    const child = this.#children[index]?.process;
    if (child?.connected) child.send(message);
  }

  async #ask(index: number, message: ToRunChild, answer: FromRunChild['type']): Promise<void> {
    const answered = new Promise<void>((resolve) => this.#waiting.set(answer, resolve));
    this.#send(index, message);
    await Promise.race([
      answered,
      delay(60_000, undefined, { ref: false }).then(() => {
        throw new Error(`A server did not answer "${message.type}".`);
      }),
    ]);
  }

  async #kill(index: number): Promise<void> {
    const child = this.#children[index]?.process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    this.#kills += 1;
  }
}

async function readAll(services: Services, runId: string): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for (;;) {
    const page = await services.runParts.runs.readEvents(runId, events.at(-1)?.seq ?? 0, 5_000);
    events.push(...page);
    if (page.length < 5_000) return events;
  }
}

/** A call that has ended is never begun again, and ends once. */
function judgeCalls(events: readonly RunEvent[], violations: string[], runId: string) {
  const ended = new Set<string>();
  const begun = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    if (event.seq !== index + 1) violations.push(`${runId}: event ${index + 1} has the number ${event.seq}.`);
    if (event.type === 'route-decided') {
      if (ended.has(event.callId)) violations.push(`${runId}: ${event.callId} had ended and was made again.`);
      begun.set(event.callId, (begun.get(event.callId) ?? 0) + 1);
    }
    if (event.type === 'output-completed' || event.type === 'call-failed') {
      if (ended.has(event.callId)) violations.push(`${runId}: ${event.callId} ended twice.`);
      ended.add(event.callId);
    }
  }
  return { ended: ended.size, cut: [...begun.values()].filter((count) => count > 1).length };
}

const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
