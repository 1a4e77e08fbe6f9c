import {
  buildLiveResults,
  buildResults,
  type ExperimentResults,
  type ItemKnowledge,
  type ReportedTest,
} from '@switchyard/core/experiments';
import type { Experiment } from '../../generated/prisma/client.ts';
import type { ExperimentRepository } from './experiment.repository.ts';
import { evidenceOf, planOf, shownOf, stopOf } from './experiment-row.ts';

const mostKept = 50;

/** Results of tests that were started, computed once for each state of a test. */
export class ExperimentResultReader {
  readonly #repository: ExperimentRepository;
  readonly #readKnowledge: KnowledgeReader;
  readonly #known = new Map<string, Promise<ExperimentResults>>();
  /** By test: what was known before its start does not change. */
  readonly #knowledge = new Map<string, ReturnType<KnowledgeReader>>();

  constructor(repository: ExperimentRepository, readKnowledge: KnowledgeReader) {
    this.#repository = repository;
    this.#readKnowledge = readKnowledge;
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
    const items = await this.#repository.readDone(row.id);
    if (plan.definition.source.type === 'paired')
      return buildResults(plan, items, stopOf(row), shownOf(row), await this.#knowledgeOf(row));
    const assigned = await this.#repository.assignedUnits(row.id, plan.definition.source.unit);
    return buildLiveResults(plan, items, stopOf(row), { ...shownOf(row), maxLogEvidence: evidenceOf(row), assigned });
  }

  #knowledgeOf(row: Experiment): ReturnType<KnowledgeReader> {
    const known = this.#knowledge.get(row.id);
    if (known) return known;
    const reading = this.#readKnowledge(row);
    reading.catch(() => this.#knowledge.delete(row.id));
    this.#knowledge.set(row.id, reading);
    const [oldest] = this.#knowledge.keys();
    if (this.#knowledge.size > mostKept && oldest !== undefined) this.#knowledge.delete(oldest);
    return reading;
  }
}

/** What was known of the items of a test. */
export type KnowledgeReader = (row: Experiment) => Promise<ItemKnowledge | undefined>;

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
