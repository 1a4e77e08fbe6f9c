import { estimateTokens, splitModelId } from '../../catalog/index.ts';
import { nearestName } from '../../kernel/index.ts';
import { indexRoles, parseRoleReference, type RoleIndex } from '../../roles/index.ts';
import { cachedTemplate } from '../definition/compile-text.ts';
import {
  type CallSpec,
  callSpecOf,
  type WorkflowDefinition,
  type WorkflowStep,
} from '../definition/workflow-definition.ts';
import { uncheckedKeywords } from '../values/json-schema.ts';
import type { ProblemCollector } from './problem-collector.ts';
import type { EnvironmentModel, WorkflowEnvironment } from './workflow-environment.ts';
import { type ProblemPath, shown } from './workflow-problem.ts';

/** Roles, models, credentials and capabilities of all steps that ask models. */
export function checkModels(
  definition: WorkflowDefinition,
  environment: WorkflowEnvironment,
  placeOf: (step: WorkflowStep | undefined) => number,
  problems: ProblemCollector,
): void {
  const checker = new ModelChecker(environment);
  for (const step of definition.steps) {
    const call = callSpecOf(step);
    if (!call) continue;
    const at = problems.below('steps', placeOf(step));
    checker.check(call, step.type === 'map' ? at.below('do') : at);
  }
}

class ModelChecker {
  readonly #environment: WorkflowEnvironment;
  readonly #models: ReadonlyMap<string, EnvironmentModel>;
  readonly #roles: RoleIndex;

  constructor(environment: WorkflowEnvironment) {
    this.#environment = environment;
    this.#models = new Map(environment.models.map((model) => [model.modelId, model]));
    this.#roles = indexRoles(environment.roles);
  }

  check(call: CallSpec, problems: ProblemCollector): void {
    const { role, models, output } = call;
    if (role === undefined && models === undefined) {
      const message = 'The step says neither a role nor models.';
      problems.add('MISSING_FIELD', ['role'], message, 'Add role: coder, or a list of models.');
    }
    if (role !== undefined && models !== undefined) {
      const message = 'The step has a role and models; only one of the two can choose.';
      problems.add('CONTRADICTION', ['role'], message, 'Remove one of the two.');
    }
    if (call.strategy === 'parallel' && models === undefined) {
      const message = 'parallel asks every model of a list, but the step has no list of models.';
      problems.add('CONTRADICTION', ['strategy'], message, 'List the models, or choose another strategy.');
    }
    if (role !== undefined) this.#checkRole(role, ['role'], call, problems);
    (models ?? []).forEach(({ model }, index) => {
      const path = ['models', index, 'model'];
      const first = (models ?? []).findIndex((each) => each.model === model);
      if (first !== index) {
        const message = `"${shown(model)}" is already entry ${first + 1} of this list.`;
        problems.add('DUPLICATE_MODEL', path, message, 'Remove one of the two: a model is retried by itself.');
        return;
      }
      const roleName = parseRoleReference(model);
      if (roleName === undefined) this.#checkModel(model, path, call, problems);
      else this.#checkRole(roleName, path, call, problems);
    });
    if (output?.schema) this.#checkSchema(output, problems);
  }

  #checkSchema(output: NonNullable<CallSpec['output']>, problems: ProblemCollector): void {
    const unchecked = uncheckedKeywords(output.schema ?? {});
    if (unchecked.length === 0) return;
    problems.add(
      'SCHEMA_UNSUPPORTED',
      ['output', 'schema'],
      `The model is told, but answers are not checked for: ${shown(unchecked.join(', '), 200)}.`,
      'Check it in a transform behind this step, or leave it to the model.',
      { severity: 'warning' },
    );
  }

  #checkRole(role: string, path: ProblemPath, call: CallSpec, problems: ProblemCollector): void {
    const resolution = this.#roles.get(role);
    if (!resolution) {
      const known = [...this.#roles.keys()];
      const near = nearestName(role, known);
      const suggestion = near === undefined ? `Roles: ${shown(known.join(', '), 300)}.` : `Did you mean "${near}"?`;
      problems.add('UNKNOWN_ROLE', path, `There is no role "${shown(role)}".`, suggestion);
      return;
    }
    if (!resolution.isResolved) {
      const message = `The role "${role}" has no models, and no default role stands in.`;
      problems.add('EMPTY_ROLE', path, message, 'Assign a model to it under Roles, or set a default role.');
      return;
    }
    for (const { model } of resolution.role.models) this.#checkModel(model, path, call, problems, role);
  }

  #checkModel(name: string, path: ProblemPath, call: CallSpec, problems: ProblemCollector, role?: string): void {
    if (name === 'auto') return;
    const behind = role === undefined ? '' : ` (behind the role "${role}")`;
    const targets = Object.hasOwn(this.#environment.aliases, name) ? this.#environment.aliases[name] : undefined;
    if (targets) {
      for (const target of targets) this.#checkTarget(target, `${behind} (behind "${name}")`, path, call, problems);
      return;
    }
    if (splitModelId(name)) {
      this.#checkTarget(name, behind, path, call, problems);
      return;
    }
    const known = [...this.#models.keys(), ...Object.keys(this.#environment.aliases)];
    const near = nearestName(name, known);
    problems.add(
      'UNKNOWN_MODEL',
      path,
      `"${shown(name)}"${behind} is neither a model, nor an alias, nor a chain.`,
      near === undefined ? 'A model is named provider/model, for example openai/gpt-5.' : `Did you mean "${near}"?`,
    );
  }

  #checkTarget(modelId: string, behind: string, path: ProblemPath, call: CallSpec, problems: ProblemCollector): void {
    const providerId = splitModelId(modelId)?.providerId ?? '';
    const provider = this.#environment.providers.find(({ id }) => id === providerId);
    const label = `"${shown(modelId)}"${behind}`;
    if (!provider) {
      const known = this.#environment.providers.map(({ id }) => id);
      const near = nearestName(providerId, known);
      const suggestion = near === undefined ? `Providers: ${known.join(', ')}.` : `Did you mean "${near}"?`;
      problems.add('UNKNOWN_MODEL', path, `${label}: there is no provider "${shown(providerId)}".`, suggestion);
      return;
    }
    if (!provider.hasCredentials) {
      const { keyVariable } = provider;
      problems.add(
        'MISSING_CREDENTIALS',
        path,
        `${label} cannot be called: the provider "${providerId}" has no key.`,
        keyVariable === undefined ? 'Add its key under Providers.' : `Set ${keyVariable}, or add it under Providers.`,
      );
    }
    const model = this.#models.get(modelId);
    if (model) {
      this.#checkCapabilities(model, label, path, call, problems);
    } else if (!provider.servesUnlistedModels) {
      const own = [...this.#models.keys()].filter((id) => id.startsWith(`${providerId}/`));
      const near = nearestName(modelId, own);
      const suggestion = near === undefined ? `Models: ${shown(own.join(', '), 300)}.` : `Did you mean "${near}"?`;
      problems.add('UNKNOWN_MODEL', path, `${label} is not a model that is known.`, suggestion);
    }
  }

  #checkCapabilities(
    model: EnvironmentModel,
    label: string,
    path: ProblemPath,
    call: CallSpec,
    problems: ProblemCollector,
  ): void {
    const { capabilities, contextWindowTokens, maxOutputTokens } = model;
    const { needs = {}, output, parameters } = call;
    const lacks = (what: string) =>
      problems.add(
        'MISSING_CAPABILITY',
        path,
        `${label} has no ${what}, which this step needs.`,
        'Choose another model.',
      );
    if (needs.vision && !capabilities.vision) lacks('vision');
    if (needs.tools && !capabilities.tools) lacks('tools');
    if (needs.reasoning && !capabilities.reasoning) lacks('reasoning');
    if (output?.format === 'json' && !capabilities.json) lacks('JSON output');
    const wanted = parameters?.maxOutputTokens;
    if (wanted !== undefined && maxOutputTokens !== undefined && wanted > maxOutputTokens) {
      const message = `${label} writes at most ${maxOutputTokens} tokens, fewer than maxOutputTokens (${wanted}).`;
      problems.add('CONTEXT_TOO_SMALL', path, message, 'Lower maxOutputTokens.', { severity: 'warning' });
    }
    const needed = Math.max(literalTokens(call) + (wanted ?? 0), needs.contextTokens ?? 0);
    if (contextWindowTokens !== undefined && needed > contextWindowTokens) {
      const message = `${label} holds ${contextWindowTokens} tokens, but this step needs at least ${needed}.`;
      problems.add('CONTEXT_TOO_SMALL', path, message, 'Choose a model with a larger context, or shorten the prompt.');
    }
  }
}

/** Tokens of what stands in the prompt whatever the inputs are. */
function literalTokens({ system, prompt }: CallSpec): number {
  return [system ?? '', prompt].reduce((sum, source) => {
    const result = cachedTemplate(source);
    return sum + (result.isValid ? estimateTokens(result.template.literalText) : 0);
  }, 0);
}
