import { buildResults, type ExperimentResults, type ReportedTest } from '@switchyard/core/experiments';
import type { Experiment } from '../../generated/prisma/client.ts';
import type { ExperimentRepository } from './experiment.repository.ts';
import { planOf, shownOf, stopOf } from './experiment-row.ts';

const mostKept = 50;

/** Results of tests that were started, computed once for each state of a test. */
export class ExperimentResultReader {
  readonly #repository: ExperimentRepository;
  readonly #known = new Map<string, Promise<ExperimentResults>>();

  constructor(repository: ExperimentRepository) {
    this.#repository = repository;
  }

  /** Undefined for a draft. `row` must be of the team that asks. */
  read(row: Experiment): Promise<ExperimentResults> | undefined {
    if (row.state === 'draft') return undefined;
    const key = `${row.id} ${row.doneItems} ${row.state} ${row.updatedAt.getTime()}`;
    const known = this.#known.get(key);
    if (known) return known;
    const computed = this.#compute(row);
    computed.catch(() => this.#known.delete(key));
    this.#known.set(key, computed);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= mostKept) break;
      this.#known.delete(oldest);
    }
    return computed;
  }

  async #compute(row: Experiment): Promise<ExperimentResults> {
    const plan = planOf(row, await this.#repository.clusterSizes(row.id));
    return buildResults(plan, await this.#repository.readDone(row.id), stopOf(row), shownOf(row));
  }
}

/** What a report is made of; undefined for a draft. */
export async function readReport(reader: ExperimentResultReader, row: Experiment): Promise<ReportedTest | undefined> {
  const results = await reader.read(row);
  if (!results || row.registration === null || row.registrationHash === null) return undefined;
  const { hypothesis } = planOf(row, new Map()).definition;
  return {
    name: row.name,
    hypothesis,
    preRegistration: { text: row.registration, hash: row.registrationHash },
    startedAt: row.startedAt?.toISOString() ?? '',
    endedAt: row.endedAt?.toISOString(),
    results,
  };
}
