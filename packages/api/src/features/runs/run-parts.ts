import type { Clock, Ids, Log } from '@switchyard/core/kernel';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { EvaluationPool } from './evaluation-pool.ts';
import type { RunRepository } from './run.repository.ts';
import type { RunDefinitions } from './run-definitions.ts';
import type { RunEngine } from './run-engine.ts';
import type { RunFeed } from './run-feed.ts';
import type { RunJournal } from './run-journal.ts';

/** What runs are made of in one process. */
export interface RunParts {
  readonly prisma: PrismaClient;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly instanceId: string;
  readonly leaseMs: number;
  readonly runs: RunRepository;
  readonly journal: RunJournal;
  readonly definitions: RunDefinitions;
  readonly pool: EvaluationPool;
  readonly engine: RunEngine;
  readonly feed: RunFeed;
}
