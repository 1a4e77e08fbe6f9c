import type { ModelCall } from '../spec/index.ts';

/**
 * What tunes a call and may be set per role, per step and per model. Address, key and model belong to the provider and
 * are no parameters. An absent parameter leaves the choice to what is more general, in the end to the vendor.
 */
export type CallParameters = Pick<
  ModelCall,
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'maxOutputTokens'
  | 'seed'
  | 'frequencyPenalty'
  | 'presencePenalty'
  | 'stopSequences'
  | 'reasoningEffort'
  | 'providerOptions'
>;

/**
 * The parameters that hold when several levels set some, the most general first: a later level wins name by name.
 * `providerOptions` are merged by their own names.
 */
export function mergeParameters(...levels: readonly (CallParameters | undefined)[]): CallParameters {
  const merged: Record<string, unknown> = {};
  for (const level of levels) {
    for (const [name, value] of Object.entries(level ?? {})) {
      if (value === undefined) continue;
      merged[name] =
        name === 'providerOptions' ? { ...(merged[name] as object | undefined), ...(value as object) } : value;
    }
  }
  return merged as CallParameters;
}

const parameterNames: readonly (keyof CallParameters)[] = [
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'seed',
  'frequencyPenalty',
  'presencePenalty',
  'stopSequences',
  'reasoningEffort',
  'providerOptions',
];

/** What tunes `call`, without the rest of it. */
export function parametersOf(call: CallParameters): CallParameters {
  return Object.fromEntries(
    parameterNames.flatMap((name) => (call[name] === undefined ? [] : [[name, call[name]]])),
  ) as CallParameters;
}
