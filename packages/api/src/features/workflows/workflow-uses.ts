import type { BudgetCondition } from '@switchyard/core/guardrails';
import type { Services } from '../../container.ts';
import { endedRunStates, runStates } from '../runs/run-record.ts';

/** What names a workflow and would be left without it, in words: budgets, settings of routing and runs that go on. */
export async function findWorkflowUses(
  { budgets, routing, runs }: Pick<Services, 'budgets' | 'routing' | 'runs'>,
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
  const states = runStates.filter((state) => !endedRunStates.includes(state));
  const running = await runs.count(teamId, { workflowName: name, states, withPreviews: true });
  const ofRuns = running === 0 ? [] : [running === 1 ? 'a run that goes on' : `${running} runs that go on`];
  return [...ofBudgets, ...ofRouting, ...ofRuns];
}

const namesWorkflow = (condition: BudgetCondition, name: string) =>
  condition.kind === 'workflow' && 'value' in condition && condition.value === name;
