import { type ExperimentProblem, fewestItems, type ReadExperiment, readExperiment } from '@switchyard/core/experiments';
import { parseRoleReference } from '@switchyard/core/roles';
import { strategies } from '@switchyard/core/routing';
import type { Services } from '../../container.ts';
import { isKnownModel } from '../roles/role-input.ts';
import { automaticName } from '../routing/automatic-name.ts';
import { unknownPlaces } from './fill-prompt.ts';

/** Items that one test can have. */
export const mostTestItems = 20_000;

export interface CheckedExperiment extends ReadExperiment {
  /** Items that the test would have; 0 while its dataset is not known. */
  readonly plannedItems: number;
}

/** Everything that is wrong with a definition as the team stands now. */
export async function checkExperiment(services: Services, teamId: string, raw: unknown): Promise<CheckedExperiment> {
  const read = readExperiment(raw);
  const problems: ExperimentProblem[] = [...read.problems];
  const error = (path: ExperimentProblem['path'], message: string) =>
    problems.push({ severity: 'error', path, message });
  const fields = (typeof raw === 'object' && raw !== null ? raw : {}) as Readonly<Record<string, unknown>>;
  for (const [index, variant] of listOf(fields.variants).entries()) {
    const { model, prompt, strategy, workflow } = variant;
    if (typeof model === 'string' && model !== '' && !canName(services, teamId, model)) {
      error(
        ['variants', index, 'model'],
        `"${model}" is not a model that can be asked. Set up its provider, or name another one.`,
      );
    }
    if (typeof prompt === 'string') {
      for (const name of unknownPlaces(prompt)) {
        error(
          ['variants', index, 'prompt'],
          `{{ ${name} }} means nothing here. Use {{ input }} or {{ fields.<column> }}.`,
        );
      }
    }
    if (typeof strategy === 'string' && !strategies.some((each) => each === strategy)) {
      error(
        ['variants', index, 'strategy'],
        `There is no strategy "${strategy}". Strategies: ${strategies.join(', ')}.`,
      );
    }
    if (workflow !== undefined)
      error(['variants', index, 'workflow'], 'Versions of workflows cannot be tested yet; name a model.');
  }
  for (const [id, scorer] of Object.entries(read.definition?.scorers ?? {})) {
    if ('judge' in scorer && !canName(services, teamId, scorer.judge.model)) {
      error(['scorers', id, 'judge', 'model'], `"${scorer.judge.model}" is not a model that can be asked.`);
    }
  }
  const plannedItems = await countItems(services, teamId, read, error, problems);
  const hasError = problems.some(({ severity }) => severity === 'error');
  return { definition: hasError ? undefined : read.definition, problems, plannedItems };
}

async function countItems(
  { datasets, prisma }: Services,
  teamId: string,
  { definition }: ReadExperiment,
  error: (path: ExperimentProblem['path'], message: string) => void,
  problems: ExperimentProblem[],
): Promise<number> {
  const source = definition?.source;
  if (!source) return 0;
  if (source.type === 'live-split') {
    error(['source', 'type'], 'A live split cannot be run yet; choose a paired test.');
    return 0;
  }
  const version = await datasets.findVersion(teamId, source.datasetVersionId);
  if (!version) {
    error(['source', 'datasetVersionId'], 'There is no such version of a dataset in your team.');
    return 0;
  }
  const { split } = source;
  const available =
    split === undefined
      ? version.itemCount
      : await prisma.datasetItem.count({ where: { versionId: version.id, teamId, split } });
  const planned = Math.min(available, source.maxItems ?? available, mostTestItems);
  if (available === 0)
    error(['source', 'split'], split === undefined ? 'The dataset is empty.' : `No item is in the split "${split}".`);
  else if (planned < fewestItems) {
    const message = `Nothing is concluded before ${fewestItems} items; with ${planned} this test will end with "cannot tell".`;
    problems.push({ severity: 'warning', path: ['source'], message });
  }
  return planned;
}

function canName(services: Services, teamId: string, model: string): boolean {
  if (model === automaticName) return true;
  const role = parseRoleReference(model);
  return role === undefined ? isKnownModel(services, teamId, model) : services.roles.of(teamId).byName.has(role);
}

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value)
    ? value.map((each) => (typeof each === 'object' && each !== null ? (each as Record<string, unknown>) : {}))
    : [];
