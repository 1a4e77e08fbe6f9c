import type { PermissionArea, PermissionLevel } from './identity.ts';

/**
 * What somebody needs for one field: a level in an area (`MANAGE GUARDRAILS`), any credential at all (`ANYONE`), to be
 * signed in as a person (`PERSON`: no API key may), or to be the signed-in owner of the team (`OWNER`).
 */
export type Permission = `${PermissionLevel} ${PermissionArea}` | 'ANYONE' | 'PERSON' | 'OWNER';

/** Each of the space-separated names needs the same. */
const each = (permission: Permission, names: string): readonly (readonly [string, Permission])[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => [name, permission] as const);

/** What each query needs. A new field without an entry stops the server from starting, and a test says so first. */
export const queryPermissions: ReadonlyMap<string, Permission> = new Map([
  // `node` and `nodes` need what the types of their ids need; see `nodePermissions`.
  ...each('ANYONE', 'node nodes viewer installation rateLimit'),
  ...each('PERSON', 'sessions'),
  ...each('READ TEAM', 'auditLog teamSettings'),
  ...each('MANAGE TEAM', 'auditVerification'),
  ...each(
    'READ WORK',
    `comparison comparisons run runs runRetention workflows validateWorkflow diffWorkflowVersions exportWorkflow
     workflowGallery workflowCompletions estimateRun`,
  ),
  ...each(
    'READ TESTS',
    `answersToRate dataset datasets experiment experimentPlan experimentText experiments feedback nextBallot
     previewDatasetFromHistory previewDatasetImport previewDatasetSplit savedScorer savedScorers scorerEstimate
     scorerProblems`,
  ),
  ...each(
    'READ MODELS',
    `configuration modelAliases modelPriceHistory models priceOverrides priceTable providers recommendModels role roles
     simulator`,
  ),
  ...each(
    'READ ROUTING',
    `backTestRules checkRoutingRules dryRunRoute failoverActivity failoverChains failoverOutages failoverPlans
     failoverYaml failureRehearsals routeDecisions routing routingAudit routingRuleChanges routingRuleLanguage
     routingRuleVersions`,
  ),
  ...each('READ GUARDRAILS', 'budgetApprovals budgetBreaches budgets spend'),
  ...each(
    'READ HEALTH',
    `alertChannels alertDeliveries alertRules health healthOfModel healthSettings incident incidents
     maintenanceWindows notifications unreadNotificationCount`,
  ),
  ...each(
    'READ REPORTS',
    `callRecordRetention callRecords metrics modelPerformance providerComparison reportSettings usage weekSoFar
     weeklyReport weeklyReports`,
  ),
]);

/** What each mutation needs. */
export const mutationPermissions: ReadonlyMap<string, Permission> = new Map([
  // What concerns the own account, whatever the access role is.
  ...each('PERSON', 'createTeam leaveTeam revokeOtherSessions revokeSession switchTeam updateProfile'),
  ...each('OWNER', 'deleteTeam transferOwnership'),
  ...each(
    'MANAGE TEAM',
    `deleteMemberData revertChange setTeamSettings changeMemberRole createPasswordResetLink inviteMember removeMember renameTeam renewInvitation revokeInvitation`,
  ),
  ...each(
    'RUN WORK',
    `annotateComparison approveStep cancelRun complete createWorkflow createWorkflowFromGallery declineStep
     deleteComparison deleteRun discardWorkflowDraft duplicateWorkflow importWorkflow markBestLane moveWorkflowCards
     previewStep rateOutput rerunWorkflow retryLane retryRun saveWorkflowDraft startComparison startRun stopComparison
     stopLane`,
  ),
  ...each('MANAGE WORK', 'deleteWorkflow publishWorkflow restoreWorkflowVersion setRunRetention'),
  ...each(
    'RUN TESTS',
    `castExperimentVote createDatasetFromHistory createExperiment createSavedScorer importDataset rateBlindAnswer
     rateExperimentAnswer renameDataset saveExperiment saveSavedScorer splitDataset startExperiment stopExperiment
     submitFeedback tryScorer undoExperimentVote`,
  ),
  ...each(
    'MANAGE TESTS',
    'deleteDataset deleteExperiment deleteSavedScorer promoteExperimentVariant revertExperimentPromotion',
  ),
  ...each(
    'MANAGE MODELS',
    `clearSimulatedFailures createProvider deletePriceOverride deleteProvider deleteRole reloadConfiguration
     setDefaultRole setPriceOverride setProviderEnabled setRole setSimulatedFailure testProvider testProviderConnection
     updateProvider`,
  ),
  ...each('RUN ROUTING', 'cancelFailureRehearsal startFailureRehearsal'),
  ...each(
    'MANAGE ROUTING',
    `createFailoverPlan deleteFailoverPlan discardRoutingDraft publishRoutingRules rebalanceRouting
     restoreFailoverPlan returnToPrimary rollBackRoutingRules saveRoutingDraft saveRoutingSettings
     updateFailoverPlan`,
  ),
  ...each(
    'MANAGE GUARDRAILS',
    `adjustBudgets approveBudgetRequest createBudget declineBudgetRequest deleteBudget endBudgetRaise raiseBudget
     updateBudget`,
  ),
  ...each('READ HEALTH', 'markNotificationsRead'),
  ...each('RUN HEALTH', 'addIncidentNote checkProviderNow'),
  ...each(
    'MANAGE HEALTH',
    `createAlertChannel createAlertRule createMaintenanceWindow deleteAlertChannel deleteAlertRule
     endMaintenanceWindow muteAlert setPaidProbe testAlertChannel updateAlertChannel updateAlertRule`,
  ),
  ...each('MANAGE REPORTS', 'setCallRecordRetention setReportSettings'),
  // People make and end their own keys; what is another's needs MANAGE TEAM, which the use-case looks at.
  ...each('RUN TEAM', 'createApiKey revokeApiKey rotateApiKey updateApiKey'),
]);

/** What each subscription needs, when it begins and as long as it goes on. */
export const subscriptionPermissions: ReadonlyMap<string, Permission> = new Map([
  ...each('READ WORK', 'comparisonEvents runEvents'),
  ...each('READ TESTS', 'experimentProgress'),
  ...each('READ GUARDRAILS', 'budgetEvents'),
  ...each('READ HEALTH', 'alerts healthEvents'),
]);

/** What looking at a thing needs, by its type, whichever way leads there. */
export const nodePermissions: ReadonlyMap<string, Permission> = new Map([
  ...each('ANYONE', 'Team User'),
  ...each('READ WORK', 'Comparison ComparisonLane Run Workflow WorkflowVersion'),
  ...each('READ TESTS', 'AnswerFeedback Dataset DatasetVersion Experiment SavedScorer'),
  ...each('READ MODELS', 'Model PriceOverride Provider Role'),
  ...each('READ ROUTING', 'FailoverOutage FailoverPlan FailureRehearsal RouteDecision'),
  ...each('READ GUARDRAILS', 'Budget BudgetApproval BudgetBreach'),
  ...each('READ HEALTH', 'Alert AlertChannel AlertDelivery AlertRule Incident MaintenanceWindow'),
  ...each('READ REPORTS', 'CallRecord'),
  ...each('READ TEAM', 'AuditEntry Invitation Member ApiKey'),
]);

/** What API keys need in addition, looked at within the use-case: a stolen key must not make one that outlives it. */
export const keyPermissions: ReadonlyMap<string, Permission> = new Map([
  ...each('MANAGE TEAM', 'createApiKey revokeApiKey rotateApiKey updateApiKey'),
]);

/** What the entrances beside the graph need, by method and path. `/metrics` is open to the networks that the operator names. */
export const httpPermissions: ReadonlyMap<string, Permission> = new Map([
  ...each('RUN WORK', 'POST:/v1/chat/completions POST:/v1/embeddings'),
  ...each('READ MODELS', 'GET:/v1/models GET:/v1/models/{model}'),
  ...each('RUN TESTS', 'POST:/api/feedback'),
  ...each('READ TESTS', 'GET:/api/datasets/export'),
  ...each('READ REPORTS', 'GET:/api/models/performance GET:/metrics'),
  ...each('MANAGE TEAM', 'GET:/api/audit/export'),
  ...each('OWNER', 'GET:/api/teams/export'),
  // The own data; those of others need MANAGE TEAM.
  ...each('PERSON', 'GET:/api/members/export'),
  ...each('MANAGE ROUTING', 'POST:/api/models/rebalance'),
]);
