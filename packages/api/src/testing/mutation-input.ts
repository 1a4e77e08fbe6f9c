import { type GraphQLInputType, getNamedType, isInputObjectType, isNonNullType } from 'graphql';
import { samplesOfTests } from './canary-rows.ts';

/** Which kind of id an argument or input field wants, by its name. */
export const typeOfId = (name: string): string | undefined =>
  ({
    channelId: 'AlertChannel',
    alertId: 'Alert',
    comparisonId: 'Comparison',
    laneId: 'ComparisonLane',
    apiKeyId: 'ApiKey',
    priceOverrideId: 'PriceOverride',
    budgetId: 'Budget',
    approvalId: 'BudgetApproval',
    providerId: 'Provider',
    workflowId: 'Workflow',
    runId: 'Run',
    incidentId: 'Incident',
    maintenanceId: 'MaintenanceWindow',
    ruleId: 'AlertRule',
    planId: 'FailoverPlan',
    outageId: 'FailoverOutage',
    rehearsalId: 'FailureRehearsal',
    datasetId: 'Dataset',
    versionId: 'DatasetVersion',
    experimentId: 'Experiment',
    scorerId: 'SavedScorer',
    memberId: 'Member',
    invitationId: 'Invitation',
  })[name];

/** An input that reaches the things named in `ids`, by their types, and makes nothing that would be in the way of a second try. */
export function sampleInput(type: GraphQLInputType, ids: Record<string, string>): Record<string, unknown> {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return {};
  const samples: Record<string, unknown> = {
    prompt: 'x',
    model: 'openai/gpt-4o-mini',
    models: ['openai/gpt-4o-mini', 'openai/gpt-4o-mini'],
    notes: 'x',
    rating: 5,
    // Refused both times as well: a name can be given to a workflow once.
    name: named.name === 'CreateWorkflowInput' ? '!' : 'x',
    revision: 1,
    // A preview is of a stored workflow or of a definition, not of both.
    definition: named.name === 'PreviewStepInput' ? undefined : { steps: [] },
    stepId: 'x',
    positions: [{ stepId: 'x', x: 0, y: 0 }],
    scopes: ['READ'],
    // Refused both times: a provider that was made the first time would be in the way the second time.
    slug: '!',
    type: 'OPENAI',
    isEnabled: false,
    unit: 'COST',
    window: 'DAY',
    limit: '1',
    version: 1,
    raiseId: 'x',
    amount: '1',
    reason: 'x',
    text: 'x',
    endsAt: '2100-01-01T00:00:00Z',
    kind: named.name === 'CreateAlertRuleInput' ? 'DOWN' : undefined,
    // Refused both times: there is one plan for each scope.
    scope: named.name === 'CreateFailoverPlanInput' ? '!' : 'team',
    chain: ['openai/gpt-4o-mini'],
    ...samplesOfTests[named.name],
  };
  return Object.fromEntries(
    Object.values(named.getFields()).flatMap((field) => {
      const idType = typeOfId(field.name);
      if (idType) return [[field.name, ids[idType]]];
      const isSampled = field.name in samples && !isInputObjectType(getNamedType(field.type));
      return isNonNullType(field.type) || isSampled ? [[field.name, samples[field.name]]] : [];
    }),
  );
}
