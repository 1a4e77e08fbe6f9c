import type { Services } from '../../container.ts';
import { EvaluationPool } from './evaluation-pool.ts';
import type { LiveTests } from './live-tests.ts';
import { RunRepository } from './run.repository.ts';
import { RunDefinitions } from './run-definitions.ts';
import { RunEngine } from './run-engine.ts';
import { RunFeed } from './run-feed.ts';
import { RunJournal } from './run-journal.ts';
import type { RunParts } from './run-parts.ts';
import { RunQueue } from './run-queue.ts';
import type { RunService } from './run-service.ts';
import { RoutedStepCaller } from './step-caller.ts';
import { createRunService } from './workflow-run-service.ts';

/** How long a run belongs to a process that is silent. */
export const defaultLeaseMs = 15_000;

export interface CreatedRuns {
  readonly runs: RunService;
  readonly parts: RunParts;
}

/** Puts together what executes runs. `services` is asked for when the first call comes. */
export function createRuns(
  base: Pick<Services, 'prisma' | 'clock' | 'ids' | 'log' | 'instanceId' | 'database' | 'observability'> &
    ConstructorParameters<typeof RoutedStepCaller>[0],
  services: () => Services,
  leaseMs: number = defaultLeaseMs,
  liveTests?: LiveTests,
): CreatedRuns {
  const { prisma, clock, ids, log, instanceId, database } = base;
  const runs = new RunRepository(prisma);
  const definitions = new RunDefinitions();
  const pool = new EvaluationPool({ clock });
  const feed: RunFeed = new RunFeed({
    clock,
    read: (runId, afterSeq, limit) => runs.readEvents(runId, afterSeq, limit),
    readHead: (teamId, runId) => runs.readHead(teamId, runId),
    isOwn: (runId) => engine.owns(runId),
  });
  const journal = new RunJournal({ prisma, clock, log, onStored: (runId, events) => feed.publish(runId, events) });
  const engine: RunEngine = new RunEngine({
    prisma,
    queue: new RunQueue({ prisma, instanceId, leaseMs }),
    journal,
    pool,
    caller: new RoutedStepCaller(base),
    liveTests,
    definitions,
    clock,
    log,
    observer: base.observability,
    isShared: database.kind === 'server',
    leaseMs,
  });
  const parts: RunParts = {
    prisma,
    clock,
    ids,
    log,
    instanceId,
    leaseMs,
    runs,
    journal,
    definitions,
    pool,
    engine,
    feed,
  };
  return { runs: createRunService(services, parts, liveTests), parts };
}
