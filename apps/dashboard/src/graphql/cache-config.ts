import type { Cache, CacheExchangeOpts } from '@urql/exchange-graphcache';
import { keylessTypes } from './keyless-types.ts';

const noKey = () => null;

function invalidateField(cache: Cache, entity: string, field: string) {
  for (const { fieldName, arguments: args } of cache.inspectFields(entity)) {
    if (fieldName === field) cache.invalidate(entity, fieldName, args);
  }
}

/** Providers come and go with their models and with what names lead to. */
function invalidateProviders(cache: Cache) {
  for (const field of ['providers', 'models', 'modelAliases', 'failoverChains']) invalidateField(cache, 'Query', field);
}

/** A price for all providers of a type changes several models, so all are asked again. */
function invalidatePrices(cache: Cache) {
  for (const field of ['models', 'modelPriceHistory', 'priceOverrides']) invalidateField(cache, 'Query', field);
}

/** A probe is shown with one provider; how all of them are stays as it is. */
function invalidateProbed(cache: Cache) {
  for (const { fieldName, arguments: args } of cache.inspectFields('Query')) {
    if (fieldName === 'health' && args?.providers) cache.invalidate('Query', fieldName, args);
  }
}

/** Rules, settings and what was learned decide together; what was asked of them is asked again. */
function invalidateRouting(cache: Cache) {
  for (const field of ['routing', 'routingRuleVersions', 'routingRuleChanges', 'routingAudit'])
    invalidateField(cache, 'Query', field);
}

/** A role that stands in changes what others lead to, so all are asked again. */
function invalidateRoles(cache: Cache) {
  for (const field of ['roles', 'role', 'routingAudit']) invalidateField(cache, 'Query', field);
}

/** A version makes its dataset the newest one of the list. */
function invalidateDatasets(cache: Cache) {
  for (const field of ['datasets', 'dataset']) invalidateField(cache, 'Query', field);
}

/** What the normalised cache must know: values without an identity, and which lists a mutation makes stale. */
export const cacheConfig: Partial<CacheExchangeOpts> = {
  keys: {
    BudgetWindow: ({ windowId }) => String(windowId),
    SimulatedProvider: ({ providerId }) => String(providerId),
    ...Object.fromEntries(keylessTypes.map((type) => [type, noKey])),
  },
  possibleTypes: {
    UserError: [
      'ValidationError',
      'NotFoundError',
      'ConflictError',
      'IdempotencyConflictError',
      'ForbiddenError',
      'BudgetExceeded',
      'NoEligibleModelError',
      'ModelCallError',
      'InvalidWorkflowError',
      'InvalidConditionError',
      'InvalidDatasetFileError',
      'InvalidScorerError',
    ],
  },
  updates: {
    Mutation: {
      startComparison: (_result, _args, cache) => invalidateField(cache, 'Query', 'comparisons'),
      markBestLane: (_result, _args, cache) => invalidateField(cache, 'Query', 'comparisons'),
      deleteComparison(result, _args, cache) {
        const id = (result as { deleteComparison?: { deletedId?: string } }).deleteComparison?.deletedId;
        if (id) cache.invalidate({ __typename: 'Comparison', id });
        invalidateField(cache, 'Query', 'comparisons');
      },
      createProvider: (_result, _args, cache) => invalidateProviders(cache),
      updateProvider: (_result, _args, cache) => invalidateProviders(cache),
      deleteProvider: (_result, _args, cache) => invalidateProviders(cache),
      setProviderEnabled: (_result, _args, cache) => invalidateProviders(cache),
      testProvider: (_result, _args, cache) => invalidateField(cache, 'Query', 'models'),
      setPriceOverride: (_result, _args, cache) => invalidatePrices(cache),
      deletePriceOverride: (_result, _args, cache) => invalidatePrices(cache),
      reloadConfiguration(_result, _args, cache) {
        invalidateProviders(cache);
        for (const field of ['configuration', 'priceTable']) invalidateField(cache, 'Query', field);
      },
      markNotificationsRead(_result, _args, cache) {
        for (const field of ['notifications', 'unreadNotificationCount']) invalidateField(cache, 'Query', field);
      },
      createBudget: (_result, _args, cache) => invalidateField(cache, 'Query', 'budgets'),
      deleteBudget: (_result, _args, cache) => invalidateField(cache, 'Query', 'budgets'),
      raiseBudget: (_result, _args, cache) => invalidateField(cache, 'Query', 'budgets'),
      endBudgetRaise: (_result, _args, cache) => invalidateField(cache, 'Query', 'budgets'),
      updateBudget: (_result, _args, cache) => invalidateField(cache, 'Query', 'budgets'),
      adjustBudgets: (_result, _args, cache) => invalidateField(cache, 'Query', 'budgets'),
      approveBudgetRequest(_result, _args, cache) {
        for (const field of ['budgets', 'budgetApprovals']) invalidateField(cache, 'Query', field);
      },
      declineBudgetRequest: (_result, _args, cache) => invalidateField(cache, 'Query', 'budgetApprovals'),
      createAlertChannel: (_result, _args, cache) => invalidateField(cache, 'Query', 'alertChannels'),
      deleteAlertChannel: (_result, _args, cache) => invalidateField(cache, 'Query', 'alertChannels'),
      testAlertChannel(_result, _args, cache) {
        for (const field of ['alertDeliveries', 'alertChannels']) invalidateField(cache, 'Query', field);
      },
      saveRoutingDraft: (_result, _args, cache) => invalidateRouting(cache),
      discardRoutingDraft: (_result, _args, cache) => invalidateRouting(cache),
      publishRoutingRules: (_result, _args, cache) => invalidateRouting(cache),
      rollBackRoutingRules: (_result, _args, cache) => invalidateRouting(cache),
      saveRoutingSettings: (_result, _args, cache) => invalidateRouting(cache),
      rebalanceRouting: (_result, _args, cache) => invalidateRouting(cache),
      rerunWorkflow: (_result, _args, cache) => invalidateField(cache, 'Query', 'runs'),
      startRun: (_result, _args, cache) => invalidateField(cache, 'Query', 'runs'),
      retryRun: (_result, _args, cache) => invalidateField(cache, 'Query', 'runs'),
      cancelRun: (_result, _args, cache) => invalidateField(cache, 'Query', 'runs'),
      setRole: (_result, _args, cache) => invalidateRoles(cache),
      deleteRole: (_result, _args, cache) => invalidateRoles(cache),
      setDefaultRole: (_result, _args, cache) => invalidateRoles(cache),
      ...Object.fromEntries(
        ['createWorkflow', 'createWorkflowFromGallery', 'importWorkflow', 'duplicateWorkflow', 'deleteWorkflow'].map(
          (name) => [
            name,
            (_result: unknown, _args: unknown, cache: Cache) => invalidateField(cache, 'Query', 'workflows'),
          ],
        ),
      ),
      createFailoverPlan: (_result, _args, cache) => invalidateField(cache, 'Query', 'failoverPlans'),
      deleteFailoverPlan: (_result, _args, cache) => invalidateField(cache, 'Query', 'failoverPlans'),
      restoreFailoverPlan: (_result, _args, cache) => invalidateField(cache, 'Query', 'failoverPlans'),
      updateFailoverPlan: (_result, _args, cache) => invalidateField(cache, 'Query', 'failoverPlans'),
      createMaintenanceWindow: (_result, _args, cache) => invalidateField(cache, 'Query', 'maintenanceWindows'),
      endMaintenanceWindow: (_result, _args, cache) => invalidateField(cache, 'Query', 'maintenanceWindows'),
      createAlertRule: (_result, _args, cache) => invalidateField(cache, 'Query', 'alertRules'),
      updateAlertRule: (_result, _args, cache) => invalidateField(cache, 'Query', 'alertRules'),
      deleteAlertRule: (_result, _args, cache) => invalidateField(cache, 'Query', 'alertRules'),
      setPaidProbe: (_result, _args, cache) => invalidateProbed(cache),
      createExperiment: (_result, _args, cache) => invalidateField(cache, 'Query', 'experiments'),
      deleteExperiment: (_result, _args, cache) => invalidateField(cache, 'Query', 'experiments'),
      startExperiment: (_result, _args, cache) => invalidateField(cache, 'Query', 'experiments'),
      promoteExperimentVariant: (_result, _args, cache) => invalidateRoles(cache),
      revertExperimentPromotion: (_result, _args, cache) => invalidateRoles(cache),
      createSavedScorer: (_result, _args, cache) => invalidateField(cache, 'Query', 'savedScorers'),
      saveSavedScorer: (_result, _args, cache) => invalidateField(cache, 'Query', 'savedScorers'),
      deleteSavedScorer: (_result, _args, cache) => invalidateField(cache, 'Query', 'savedScorers'),
      importDataset: (_result, _args, cache) => invalidateDatasets(cache),
      createDatasetFromHistory: (_result, _args, cache) => invalidateDatasets(cache),
      splitDataset: (_result, _args, cache) => invalidateDatasets(cache),
      renameDataset: (_result, _args, cache) => invalidateDatasets(cache),
      deleteDataset: (_result, _args, cache) => invalidateDatasets(cache),
      createApiKey: (_result, _args, cache) => invalidateField(cache, 'Query', 'viewer'),
    },
  },
};
