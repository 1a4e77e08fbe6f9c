import { type ExperimentProblem, fewestItems, type ReadExperiment, readExperiment } from '@switchyard/core/experiments';
import { parseRoleReference } from '@switchyard/core/roles';
import { strategies } from '@switchyard/core/routing';
import type { Services } from '../../container.ts';
import { resolveSavedScorers } from '../quality/resolve-saved-scorers.ts';
import { isKnownModel } from '../roles/role-input.ts';
import { automaticName } from '../routing/automatic-name.ts';
import { unknownPlaces } from './fill-prompt.ts';
import { findSplitProblems } from './live-split-problems.ts';
import { findWorkflowProblems } from './workflow-variant-problems.ts';

/** Items that one test can have. */
export const mostTestItems = 20_000;

export interface CheckedExperiment extends ReadExperiment {
  /** Items that the test would have; 0 while its dataset is not known. */
  readonly plannedItems: number;
  /** As it was given, with the team's saved scorers in their places: what a start freezes. */
  readonly resolved: unknown;
}

/** Everything that is wrong with a definition as the team stands now. */
export async function checkExperiment(services: Services, teamId: string, raw: unknown): Promise<CheckedExperiment> {
  const resolved = await resolveSavedScorers(services.prisma, teamId, raw);
  const read = readExperiment(resolved.definition);
  const problems: ExperimentProblem[] = [...read.problems, ...resolved.problems];
  const error = (path: ExperimentProblem['path'], message: string) =>
    problems.push({ severity: 'error', path, message });
  const fields = (typeof raw === 'object' && raw !== null ? raw : {}) as Readonly<Record<string, unknown>>;
  const isLive = read.definition?.source.type === 'live-split' || isLiveSource(fields.source);
  for (const [index, variant] of listOf(fields.variants).entries()) {
    const { model, prompt, strategy } = variant;
    if (typeof model === 'string' && model !== '' && !canName(services, teamId, model)) {
      error(
        ['variants', index, 'model'],
        `"${model}" is not a model that can be asked. Set up its provider, or name another one.`,
      );
    }
    // In a live split a prompt is a template of the workflow, and checked with it.
    if (typeof prompt === 'string' && !isLive) {
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
  }
  for (const [id, scorer] of Object.entries(read.definition?.scorers ?? {})) {
    if ('judge' in scorer && !canName(services, teamId, scorer.judge.model)) {
      error(['scorers', id, 'judge', 'model'], `"${scorer.judge.model}" is not a model that can be asked.`);
    }
  }
  const plannedItems = await countItems(services, teamId, read, error, problems);
  const source = read.definition?.source;
  const items =
    source?.type === 'paired' && plannedItems > 0
      ? { versionId: source.datasetVersionId, split: source.split }
      : undefined;
  for (const { variant, message } of await findWorkflowProblems(
    services,
    teamId,
    read.definition?.variants ?? [],
    items,
  ))
    error(['variants', variant, 'workflow'], message);
  const hasError = problems.some(({ severity }) => severity === 'error');
  return { definition: hasError ? undefined : read.definition, problems, plannedItems, resolved: resolved.definition };
}

async function countItems(
  services: Services,
  teamId: string,
  { definition }: ReadExperiment,
  error: (path: ExperimentProblem['path'], message: string) => void,
  problems: ExperimentProblem[],
): Promise<number> {
  const { datasets, prisma } = services;
  const source = definition?.source;
  if (!source) return 0;
  if (source.type === 'live-split') {
    problems.push(...(await findSplitProblems(services, teamId, definition, source)));
    return source.plannedUnits;
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

/** Whether a model, an alias, a role or `auto` of this name can be asked in the team. */
export function canName(services: Services, teamId: string, model: string): boolean {
  if (model === automaticName) return true;
  const role = parseRoleReference(model);
  return role === undefined ? isKnownModel(services, teamId, model) : services.roles.of(teamId).byName.has(role);
}

const isLiveSource = (source: unknown): boolean =>
  typeof source === 'object' && source !== null && 'type' in source && source.type === 'live-split';

const listOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value)
    ? value.map((each) => (typeof each === 'object' && each !== null ? (each as Record<string, unknown>) : {}))
    : [];
