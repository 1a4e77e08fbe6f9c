import type { CallParameterFieldsFragment, RoleFieldsFragment, RoleReportFieldsFragment } from '../../gql/roles.ts';
import type { ModelChoices } from '../catalog/use-model-choices.ts';

export type RoleView = RoleFieldsFragment;
export type CallParameters = CallParameterFieldsFragment;
export type RoleReport = RoleReportFieldsFragment;
export type RoleFigures = RoleReport['total'];

/** Where a role comes from, in a badge. */
export function sourceWords({ source, sourceDetail }: Pick<RoleView, 'source' | 'sourceDetail'>): string {
  if (source === 'FILE') return sourceDetail ?? 'configuration file';
  return source === 'BUILT_IN' ? 'built in' : 'your team';
}

const parameterWords: readonly (readonly [keyof CallParameters, string])[] = [
  ['temperature', 'temperature'],
  ['topP', 'top P'],
  ['topK', 'top K'],
  ['maxOutputTokens', 'at most tokens'],
  ['seed', 'seed'],
  ['frequencyPenalty', 'frequency penalty'],
  ['presencePenalty', 'presence penalty'],
  ['reasoningEffort', 'reasoning'],
];

/** What is set, each in two words: `temperature 0.2`. */
export function describeParameters(parameters: CallParameters): string[] {
  const plain = parameterWords.flatMap(([field, label]) => {
    const value = parameters[field];
    if (value == null) return [];
    return [field === 'maxOutputTokens' ? `at most ${value} tokens` : `${label} ${String(value).toLowerCase()}`];
  });
  if (parameters.stopSequences?.length) plain.push(`${parameters.stopSequences.length} stop sequences`);
  if (parameters.providerOptions) plain.push('provider options');
  return plain;
}

/** What a model, alias, chain or `auto` is called. */
export function nameOfModel(model: string, { byId }: ModelChoices): string {
  if (model === 'auto') return 'Auto: the router chooses';
  return byId.get(model)?.displayName ?? model;
}

/** The provider models that a name of a role leads to, in order; undefined for `auto`, which is chosen anew for each call. */
export function modelsBehind(model: string, { names }: ModelChoices): readonly string[] | undefined {
  if (model === 'auto') return undefined;
  return names.find(({ name }) => name === model)?.modelIds ?? [model];
}
