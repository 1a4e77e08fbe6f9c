import type { z } from 'zod';
import { nearestName, parseUsd } from '../../kernel/index.ts';
import { judgeKinship } from '../../scoring/index.ts';
import {
  type ExperimentDefinition,
  experimentDefinitionSchema,
  experimentFields,
  findScorerIssues,
} from './experiment-definition.ts';
import { builtInMetrics, isShareMetric, scorerOfMetric } from './metric.ts';
import { canonicalJson } from './pre-registration.ts';

export interface ExperimentProblem {
  readonly severity: 'error' | 'warning';
  /** From the definition: `['variants', 1, 'model']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface ReadExperiment {
  /** Undefined when a problem is an error. */
  readonly definition: ExperimentDefinition | undefined;
  readonly problems: readonly ExperimentProblem[];
}

type Fields = typeof experimentFields;

/** Reads what somebody wrote as a test. All problems at once, each with its place; warnings do not refuse it. */
export function readExperiment(raw: unknown): ReadExperiment {
  const parsed = experimentDefinitionSchema.safeParse(raw);
  const fields = (typeof raw === 'object' && raw !== null ? raw : {}) as Readonly<Record<string, unknown>>;
  const problems: ExperimentProblem[] = (parsed.error?.issues ?? [])
    .flatMap((issue) => {
      const [field, id, ...deeper] = issue.path;
      if (issue.code !== 'invalid_union' || field !== 'scorers' || id === undefined || deeper.length > 0)
        return [issue];
      const scorers = fields.scorers as Readonly<Record<PropertyKey, unknown>>;
      return findScorerIssues(scorers[id]).map(({ path, message }) => ({ path: [field, id, ...path], message }));
    })
    .map(({ path, message }) => ({
      severity: 'error',
      path: path.map((part) => (typeof part === 'symbol' ? String(part) : part)),
      message,
    }));
  const part = <Name extends keyof Fields>(name: Name): z.infer<Fields[Name]> | undefined =>
    experimentFields[name].safeParse(fields[name]).data as z.infer<Fields[Name]> | undefined;
  checkMeaning(part, problems);
  const hasError = problems.some(({ severity }) => severity === 'error');
  return { definition: hasError ? undefined : parsed.data, problems };
}

type Part = <Name extends keyof Fields>(name: Name) => z.infer<Fields[Name]> | undefined;

/** What the parts mean together; a part that could not be read is left out. */
function checkMeaning(part: Part, problems: ExperimentProblem[]): void {
  const error = (path: ExperimentProblem['path'], message: string) =>
    problems.push({ severity: 'error', path, message });
  const warn = (path: ExperimentProblem['path'], message: string) =>
    problems.push({ severity: 'warning', path, message });
  const [variants, scorers, primary, guardrails] = [
    part('variants'),
    part('scorers'),
    part('primary'),
    part('guardrails'),
  ];
  const [baseline, smallestEffect, caps, source] = [
    part('baseline'),
    part('smallestEffect'),
    part('caps'),
    part('source'),
  ];
  if (variants) {
    const keys = variants.map((each) => each.key);
    keys.forEach((key, index) => {
      if (keys.indexOf(key) !== index) error(['variants', index, 'key'], `There are two variants "${key}".`);
    });
    if (baseline !== undefined && !keys.includes(baseline)) {
      error(['baseline'], `There is no variant "${baseline}". Variants: ${keys.join(', ')}.`);
    }
    const changes = variants.map(({ key: _key, name: _name, weight: _weight, ...change }) => canonicalJson(change));
    changes.forEach((change, index) => {
      const twin = changes.indexOf(change);
      if (twin === index) return;
      const message = `"${keys[index]}" is the same as "${keys[twin]}": such an A/A test checks the setup and should find no difference.`;
      warn(['variants', index], message);
    });
    variants.forEach((each, index) => {
      if (source?.type === 'live-split' && each.workflow) {
        error(
          ['variants', index, 'workflow'],
          'A live split compares ways to execute one step; name a model, a prompt or parameters.',
        );
      }
      if (source?.type !== 'live-split' && !each.workflow && each.model === undefined) {
        error(['variants', index, 'model'], 'Give exactly one of model and workflow.');
      }
      if (
        each.workflow &&
        (each.prompt !== undefined || each.system !== undefined || each.parameters || each.strategy)
      ) {
        error(
          ['variants', index, 'workflow'],
          'A workflow has its own prompts, parameters and strategies; leave them out here.',
        );
      }
    });
  }
  for (const [id, scorer] of Object.entries(scorers ?? {})) {
    if (!('judge' in scorer)) continue;
    if (scorer.judge.type === 'pairwise' && source?.type === 'live-split') {
      error(['scorers', id, 'judge', 'type'], 'A live split has no pairs to compare; use a rubric.');
    }
    for (const { key, model } of variants ?? []) {
      const kinship = model === undefined ? 'none' : judgeKinship(scorer.judge.model, model);
      if (kinship === 'none') continue;
      const what = kinship === 'same-model' ? 'is the model that it judges' : 'comes from the same vendor as the model';
      const message = `The judge ${what} in "${key}". Judges prefer their own writing; choose another one, or check it against people.`;
      warn(['scorers', id, 'judge', 'model'], message);
    }
  }
  const goals = [
    ...(primary ? [{ goal: primary, path: ['primary'] }] : []),
    ...(guardrails ?? []).map((goal, index) => ({ goal, path: ['guardrails', index] as (string | number)[] })),
  ];
  const known = [...builtInMetrics, ...Object.keys(scorers ?? {}).map((id) => `score:${id}`)];
  const seen = new Set<string>();
  for (const { goal, path } of goals) {
    if (scorers && !known.includes(goal.metric)) {
      const nearest = nearestName(goal.metric, known);
      const hint = nearest ? `Did you mean "${nearest}"?` : `Metrics: ${known.join(', ')}.`;
      error([...path, 'metric'], `There is no metric "${goal.metric}". ${hint}`);
    } else if (seen.has(goal.metric)) error([...path, 'metric'], `"${goal.metric}" is asked for twice.`);
    seen.add(goal.metric);
    if (isShareMetric(goal.metric) && goal.margin >= 1) {
      error([...path, 'margin'], 'This metric lies between 0 and 1, so that margin would accept anything.');
    }
  }
  if (primary && smallestEffect !== undefined && isShareMetric(primary.metric) && smallestEffect > 1) {
    error(['smallestEffect'], 'The primary metric lies between 0 and 1: no effect can be greater than 1.');
  }
  for (const id of Object.keys(scorers ?? {})) {
    const isUsed = goals.some(({ goal }) => scorerOfMetric(goal.metric) === id);
    if (goals.length > 0 && primary && guardrails && !isUsed) {
      warn(['scorers', id], `Nothing is decided by "${id}"; it is measured and shown only.`);
    }
  }
  if (caps && parseUsd(caps.costUsd) === 0n) error(['caps', 'costUsd'], 'With a cap of 0 no call can be made.');
  if (
    source?.type === 'live-split' &&
    primary &&
    (primary.metric === 'rating' || primary.metric.startsWith('score:'))
  ) {
    const id = scorerOfMetric(primary.metric);
    const isJudge = id !== undefined && scorers?.[id] !== undefined && 'judge' in scorers[id];
    if (isJudge && source.judgedShare === 0)
      error(['source', 'judgedShare'], `Nothing is shown to the judge "${id}", which decides.`);
  }
  if (source?.type === 'paired' && source.maxItems !== undefined && source.maxItems < fewestItems) {
    warn(
      ['source', 'maxItems'],
      `Nothing is concluded before ${fewestItems} items; this test will end with "cannot tell".`,
    );
  }
}

/** The first look of a watched test. */
export const fewestItems = 20;
