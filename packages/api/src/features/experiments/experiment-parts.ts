import type { Services } from '../../container.ts';
import { ExperimentRepository } from './experiment.repository.ts';
import { ExperimentEngine } from './experiment-engine.ts';
import { ExperimentResultReader } from './read-results.ts';

/** What tests are made of in one process. */
export interface ExperimentParts {
  readonly repository: ExperimentRepository;
  readonly engine: ExperimentEngine;
  readonly results: ExperimentResultReader;
}

type Needed = Pick<
  Services,
  'prisma' | 'clock' | 'log' | 'instanceId' | 'database' | 'routing' | 'providers' | 'roles' | 'dispatcher'
>;

export function createExperiments(services: Needed, leaseMs = 30_000): ExperimentParts {
  const { prisma, clock, log, instanceId, database } = services;
  const repository = new ExperimentRepository(prisma);
  const isShared = database.kind === 'server';
  const engine = new ExperimentEngine({ services, prisma, repository, clock, log, instanceId, isShared, leaseMs });
  return { repository, engine, results: new ExperimentResultReader(repository) };
}
