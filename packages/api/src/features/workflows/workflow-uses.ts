import type { BudgetCondition } from '@switchyard/core/guardrails';
import type { Services } from '../../container.ts';

/** What names a workflow and would be left without it, in words: budgets and settings of routing. */
export async function findWorkflowUses(
  { budgets, routing }: Pick<Services, 'budgets' | 'routing'>,
  teamId: string,
  name: string,
): Promise<readonly string[]> {
  const ofBudgets = budgets.book
    .read(teamId)
    .filter(({ scope }) => scope.some((condition) => namesWorkflow(condition, name)))
    .map((budget) => `the budget "${budget.name}"`);
  const settings = await routing.repository.listSettings(teamId);
  const ofRouting = settings
    .filter(({ scope }) => scope.startsWith(`step:${name}/`))
    .map(({ scope }) => `the routing of ${scope}`);
  return [...ofBudgets, ...ofRouting];
}

const namesWorkflow = (condition: BudgetCondition, name: string) =>
  condition.kind === 'workflow' && 'value' in condition && condition.value === name;
