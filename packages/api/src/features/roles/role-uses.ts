import { parseRoleReference } from '@switchyard/core/roles';
import { callSpecOf, readDefinition, type WorkflowDefinition } from '@switchyard/core/workflows';
import type { Services } from '../../container.ts';

/** Where a role is named. */
export interface RoleUse {
  /** Of the team's row; undefined for a workflow of the configuration file. */
  readonly workflowId: string | undefined;
  readonly workflowName: string;
  readonly stepIds: readonly string[];
}

/** Which workflows of a team name which role, in the version in force or in the draft. */
export async function findRoleUses(
  { workflows, providers }: Pick<Services, 'workflows' | 'providers'>,
  teamId: string,
): Promise<ReadonlyMap<string, readonly RoleUse[]>> {
  const uses = new Map<string, RoleUse[]>();
  const add = (workflowId: string | undefined, workflowName: string, found: readonly WorkflowDefinition[]) => {
    const stepsOfRoles = new Map<string, Set<string>>();
    for (const definition of found) {
      for (const [role, stepId] of namedRoles(definition)) {
        stepsOfRoles.set(role, (stepsOfRoles.get(role) ?? new Set()).add(stepId));
      }
    }
    for (const [role, steps] of stepsOfRoles) {
      const list = uses.get(role) ?? [];
      list.push({ workflowId, workflowName, stepIds: [...steps] });
      uses.set(role, list);
    }
  };
  for (const { definition } of providers.snapshot.configuration.workflows)
    add(undefined, definition.name, [definition]);
  for (const { workflow, texts } of await workflows.listDefinitions(teamId)) {
    // A draft may be anything; what can be read of it counts.
    const found = texts.flatMap((text) => readDefinition(JSON.parse(text)).definition ?? []);
    add(workflow.id, workflow.name, found);
  }
  return uses;
}

function namedRoles(definition: WorkflowDefinition): readonly (readonly [role: string, stepId: string])[] {
  return definition.steps.flatMap((step) => {
    const call = callSpecOf(step);
    const named = (call?.models ?? []).flatMap(({ model }) => parseRoleReference(model) ?? []);
    return [...(call?.role === undefined ? [] : [call.role]), ...named].map((role) => [role, step.id] as const);
  });
}
