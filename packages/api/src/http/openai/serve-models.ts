import { embeddingModels } from '@switchyard/core/catalog';
import { parseRoleReference, roleReference } from '@switchyard/core/roles';
import { type ApiKeyRules, mayCallModel, mayUseRole } from '../../auth/api-key-rules.ts';
import type { Services } from '../../container.ts';
import type { ModelResolution, OfferedModel } from '../../features/providers/provider-registry.ts';
import { findRoleModels } from '../../features/roles/resolve-role.ts';
import { assertMayName, permittedResolution, permittedTargets } from '../../features/routing/key-rules.ts';
import { automaticName } from '../../features/routing/route-call.ts';
import { parseWorkflowReference, workflowReference } from '../../features/runs/workflow-reference.ts';
import { type FoundWorkflow, findPublished, listWorkflows } from '../../features/workflows/find-workflow.ts';
import { NoEligibleModelFailure } from '../../user-errors.ts';
import { respondJson } from '../respond.ts';
import type { OpenAiExchange } from './openai-exchange.ts';

/** `GET /v1/models`: what can be called now: models, the team's roles and workflows, and the aliases and chains of the configuration. */
export async function serveModelList({ services, identity, response }: OpenAiExchange): Promise<void> {
  const { providers } = services;
  const rules = await services.keys.of(identity.apiKeyId);
  const isOpen = (model: OfferedModel) => isCallable(model) && mayName(rules, undefined) && mayCall(rules, model);
  const models = providers.models(identity.teamId).filter(isOpen);
  const embeddings = providers
    .instancesOf(identity.teamId)
    .flatMap((instance) =>
      embeddingModels
        .filter(({ providerType }) => providerType === instance.type)
        .map(({ vendorModelId }) => providers.findModel(identity.teamId, `${instance.slug}/${vendorModelId}`)),
    )
    .filter((model): model is OfferedModel => model !== undefined && isOpen(model));
  const { aliases, chains } = providers.snapshot.configuration;
  const names = [...aliases, ...chains]
    .map(({ name }) => providers.resolve(identity.teamId, name))
    .filter((resolved) => 'targets' in resolved)
    .flatMap((resolved) => (mayName(rules, undefined) ? (narrow(rules, resolved) ?? []) : []));
  const ofRoles = [...services.roles.of(identity.teamId).resolved.keys()].flatMap((name) =>
    mayName(rules, name) ? encodeRole(services, identity.teamId, name, rules) : [],
  );
  const data = [
    ...encodeAutomatic(models),
    ...ofRoles,
    ...(await listWorkflows(services, identity.teamId)).filter(isPublished).map(encodeWorkflow),
    ...names.map(encodeName),
    ...models.map(encodeModel),
    ...embeddings.map(encodeModel),
  ];
  respondJson(response, 200, { object: 'list', data });
}

/** `GET /v1/models/{id}`; the slash in the id may be written as `/` or as `%2F`. */
export async function serveModel({ services, identity, response }: OpenAiExchange, encodedId: string): Promise<void> {
  const id = decode(encodedId);
  const rules = await services.keys.of(identity.apiKeyId);
  const workflow = parseWorkflowReference(id);
  if (workflow) {
    const found = await findPublished(services, identity.teamId, workflow.name);
    const reason = `There is no workflow "${workflow.name}" in force.`;
    if (!found) throw new NoEligibleModelFailure([{ modelId: id, reason }], ['model']);
    const { inputs = {} } = found.definition;
    const encoded = encodeWorkflow(found);
    respondJson(response, 200, { ...encoded, id, switchyard: { ...encoded.switchyard, inputs } });
    return;
  }
  const role = parseRoleReference(id);
  assertMayName(rules, id, role, ['model']);
  const models = services.providers.models(identity.teamId).filter((model) => mayCall(rules, model));
  const automatic = id === automaticName ? encodeAutomatic(models) : [];
  if (automatic[0]) {
    respondJson(response, 200, automatic[0]);
    return;
  }
  const [ofRole] = role === undefined ? [] : encodeRole(services, identity.teamId, role, rules);
  if (ofRole) {
    respondJson(response, 200, ofRole);
    return;
  }
  const resolved =
    role === undefined
      ? services.providers.resolve(identity.teamId, id)
      : findRoleModels(services, identity.teamId, role);
  if ('reason' in resolved) throw new NoEligibleModelFailure([resolved], ['model']);
  const permitted = permittedResolution(rules, resolved, ['model']);
  const model = services.providers.findModel(identity.teamId, id);
  respondJson(response, 200, model ? encodeModel(model) : encodeName(permitted));
}

const isCallable = (model: OfferedModel) => model.unavailableReason === undefined;

const mayCall = (rules: ApiKeyRules | undefined, { modelId, instance }: OfferedModel) =>
  rules === undefined || mayCallModel(rules, { modelId, origin: instance.origin });

const mayName = (rules: ApiKeyRules | undefined, role: string | undefined) =>
  rules === undefined || mayUseRole(rules, role);

/** The name with what of it the key may call; undefined when that is nothing. */
function narrow(rules: ApiKeyRules | undefined, resolution: ModelResolution): ModelResolution | undefined {
  const [first, ...others] = permittedTargets(rules, resolution.targets);
  return first && { ...resolution, targets: [first, ...others] };
}

/** No source says when a model was made, and 0 claims nothing; clients want a number. */
const created = 0;

/** The name that lets the router choose, when there is anything to choose from. */
function encodeAutomatic(models: readonly OfferedModel[]) {
  const callable = models.filter((model) => model.unavailableReason === undefined);
  const origin = callable.find(({ instance }) => instance.origin === 'live')?.instance.origin ?? 'simulated';
  if (callable.length === 0) return [];
  return [
    { id: automaticName, object: 'model', created, owned_by: 'switchyard', switchyard: { kind: 'auto', origin } },
  ];
}

/** A role with the models that it stands for now; one that leaves it to the router like `auto`; none when nobody answers. */
function encodeRole(services: Services, teamId: string, name: string, rules: ApiKeyRules | undefined) {
  const found = findRoleModels(services, teamId, name);
  const permitted = 'targets' in found ? narrow(rules, found) : undefined;
  if (permitted) return [encodeName(permitted)];
  if ('targets' in found) return [];
  const models = services.roles.of(teamId).resolved.get(name)?.models ?? [];
  if (!models.some(({ model }) => model === automaticName)) return [];
  return encodeAutomatic(services.providers.models(teamId).filter((model) => mayCall(rules, model))).map(
    (automatic) => ({
      ...automatic,
      id: roleReference(name),
      switchyard: { ...automatic.switchyard, kind: 'role' as const, models: [automaticName] },
    }),
  );
}

const isPublished = ({ row, ofFile }: FoundWorkflow) => ofFile !== undefined || row?.publishedVersion != null;

function encodeWorkflow({ name }: Pick<FoundWorkflow, 'name'>) {
  return {
    id: workflowReference(name),
    object: 'model',
    created,
    owned_by: 'switchyard',
    switchyard: { kind: 'workflow' as const },
  };
}

/** An alias, a chain or a role, with what it stands for now. */
function encodeName({ requested, kind, targets }: ModelResolution) {
  return {
    id: requested,
    object: 'model',
    created,
    owned_by: 'switchyard',
    switchyard: { kind, models: targets.map(({ modelId }) => modelId), origin: targets[0].origin },
  };
}

function encodeModel({ modelId, instance, catalog }: OfferedModel) {
  const { capabilities, contextWindowTokens, maxOutputTokens } = catalog;
  return {
    id: modelId,
    object: 'model',
    created,
    owned_by: instance.slug,
    switchyard: {
      display_name: catalog.displayName,
      origin: instance.origin,
      capabilities,
      context_window_tokens: contextWindowTokens ?? null,
      max_output_tokens: maxOutputTokens ?? null,
    },
  };
}

function decode(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
