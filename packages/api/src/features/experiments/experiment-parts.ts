import type { Services } from '../../container.ts';
import { readItemKnowledge } from '../quality/read-item-knowledge.ts';
import { TestRewards } from '../quality/test-rewards.ts';
import { ExperimentRepository } from './experiment.repository.ts';
import { ExperimentEngine } from './experiment-engine.ts';
import { LookHistoryReader } from './look-history.ts';
import { ExperimentResultReader } from './read-results.ts';
import { TurnPermits } from './turn-permits.ts';

/** What tests are made of in one process. */
export interface ExperimentParts {
  readonly repository: ExperimentRepository;
  readonly engine: ExperimentEngine;
  readonly results: ExperimentResultReader;
  readonly looks: LookHistoryReader;
}

/** Calls of tests that one process has open at a time; the rest is for everything else. */
const mostTestCalls = 64;

type Needed = Pick<
  Services,
  | 'prisma'
  | 'clock'
  | 'ids'
  | 'log'
  | 'instanceId'
  | 'database'
  | 'routing'
  | 'providers'
  | 'roles'
  | 'dispatcher'
  | 'runs'
  | 'workflows'
  | 'liveSplits'
>;

export function createExperiments(services: Needed, leaseMs = 30_000): ExperimentParts {
  const { prisma, clock, log, instanceId, database } = services;
  const repository = new ExperimentRepository(prisma);
  const isShared = database.kind === 'server';
  const turns = new TurnPermits(mostTestCalls);
  const engine = new ExperimentEngine({
    services,
    prisma,
    repository,
    rewards: new TestRewards(services),
    turns,
    clock,
    log,
    instanceId,
    isShared,
    leaseMs,
  });
  return {
    repository,
    engine,
    results: new ExperimentResultReader(repository, (row) => readItemKnowledge(prisma, repository, row)),
    looks: new LookHistoryReader(repository),
  };
}
