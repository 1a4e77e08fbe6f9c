type Operation = 'INSERT' | 'UPDATE' | 'DELETE';

/** How changes of a table are told in the audit log. */
export interface AuditedTable {
  /** What the graph calls a row. */
  readonly type: string;
  /** Column with the team; `$user`: every team of the person in `user`. */
  readonly team?: string;
  /** What names a row within its team; `id` when absent. */
  readonly keys?: readonly string[];
  /** Column with what people call it. */
  readonly name?: string;
  /** Column with a person: rows without a name of their own are called like them. */
  readonly user?: string;
  readonly operations?: readonly Operation[];
  /** Only these columns are told; all when absent. */
  readonly columns?: readonly string[];
  /** Columns that change by themselves, or mean nothing to people: never told, and alone no entry. */
  readonly quiet?: readonly string[];
  /** Never told, only that they were changed: hashes, sealed credentials, tokens. */
  readonly secrets?: readonly string[];
  /** Only when a person or a key did it; what the server tidies up is no news. */
  readonly actedOnly?: boolean;
}

/** Every table whose rows somebody decides about. A table is here or in `notAudited`: a test looks. */
export const auditedTables: Readonly<Record<string, AuditedTable>> = {
  team: { type: 'Team', team: 'id', name: 'name' },
  team_settings: { type: 'TeamSettings', keys: ['teamId'], quiet: ['contentCaptureSince'] },
  member: { type: 'Member', user: 'userId', quiet: ['lastSeenAt'] },
  invitation: { type: 'Invitation', name: 'email', secrets: ['tokenHash'], quiet: ['liveKey'] },
  user: {
    type: 'User',
    team: '$user',
    user: 'id',
    operations: ['UPDATE'],
    columns: ['name', 'email', 'twoFactorEnabled'],
  },
  session: { type: 'Session', team: '$user', user: 'userId', operations: ['INSERT', 'DELETE'], columns: ['id'] },
  account: {
    type: 'Account',
    team: '$user',
    user: 'userId',
    columns: ['providerId'],
    secrets: ['password'],
  },
  two_factor: {
    type: 'TwoFactor',
    team: '$user',
    user: 'userId',
    columns: ['verified'],
    secrets: ['secret', 'backupCodes'],
  },
  api_key: { type: 'ApiKey', name: 'name', quiet: ['lastUsedAt'], secrets: ['hash'] },
  provider: { type: 'Provider', name: 'slug', secrets: ['sealedKey', 'sealedHeaders'] },
  price_override: { type: 'PriceOverride', name: 'model' },
  budget: { type: 'Budget', name: 'name', quiet: ['version'] },
  budget_approval: {
    type: 'BudgetApproval',
    name: 'budgetName',
    operations: ['UPDATE'],
    columns: ['state', 'decidedById', 'grantAmount', 'grantUntil', 'declineReason'],
    actedOnly: true,
  },
  alert_channel: {
    type: 'AlertChannel',
    name: 'name',
    quiet: ['failingSince'],
    secrets: ['sealedUrl', 'sealedSecret'],
  },
  alert_rule: { type: 'AlertRule', name: 'name', quiet: ['nextAtMs', 'firing', 'version'] },
  alert_condition: {
    type: 'AlertCondition',
    keys: ['dedupeKey'],
    operations: ['UPDATE'],
    columns: ['mutedUntil'],
    actedOnly: true,
  },
  health_maintenance: { type: 'MaintenanceWindow', name: 'note', quiet: ['isBeginTold', 'isEndTold'] },
  health_probe: {
    type: 'PaidProbe',
    keys: ['subjectId'],
    name: 'modelId',
    quiet: ['nextAtMs', 'day', 'usedCalls', 'usedNanoUsd'],
  },
  role: { type: 'Role', keys: ['name'], name: 'name', quiet: ['revision'] },
  default_role: { type: 'DefaultRole', keys: ['teamId'], name: 'name' },
  routing_rule_version: { type: 'RoutingRuleVersion', name: 'version' },
  routing_setting: { type: 'RoutingSetting', keys: ['scope'], name: 'scope', quiet: ['revision'] },
  routing_state: { type: 'RoutingState', keys: ['scope'], name: 'scope', columns: ['revision'], actedOnly: true },
  // Deleted plans stay, without a `liveKey`.
  failover_plan: { type: 'FailoverPlan', name: 'name', quiet: ['version'] },
  failure_rehearsal: {
    type: 'FailureRehearsal',
    name: 'displayName',
    operations: ['INSERT', 'UPDATE'],
    columns: ['mode', 'slug', 'settings', 'cancelRequestedAt'],
  },
  workflow: { type: 'Workflow', name: 'name', quiet: ['positions'] },
  workflow_version: { type: 'WorkflowVersion', name: 'version', operations: ['INSERT', 'DELETE'] },
  dataset: { type: 'Dataset', name: 'name', quiet: ['latestVersion'] },
  dataset_version: {
    type: 'DatasetVersion',
    name: 'version',
    columns: ['datasetId', 'version', 'source', 'note', 'basedOn'],
  },
  experiment: {
    type: 'Experiment',
    name: 'name',
    columns: ['name', 'state', 'registrationHash', 'stopReason', 'winner', 'stopRequested', 'liveStep'],
  },
  experiment_promotion: { type: 'ExperimentPromotion', name: 'role' },
  saved_scorer: { type: 'SavedScorer', name: 'name', quiet: ['version'] },
  saved_scorer_version: {
    type: 'SavedScorerVersion',
    keys: ['scorerId', 'version'],
    name: 'version',
    operations: ['INSERT', 'DELETE'],
  },
  report_settings: { type: 'ReportSettings', keys: ['teamId'] },
  run_settings: { type: 'RunSettings', keys: ['teamId'] },
  metric_settings: { type: 'MetricSettings', keys: ['teamId'] },
  // Runs and comparisons are their own log; that somebody removed one is not in it.
  run: {
    type: 'Run',
    name: 'workflowName',
    operations: ['DELETE'],
    columns: ['workflowName', 'state', 'createdAt'],
    actedOnly: true,
  },
  comparison: {
    type: 'Comparison',
    operations: ['DELETE'],
    columns: ['state', 'createdAt'],
    actedOnly: true,
  },
};

const perCall = 'written with every call or run; it is its own log';
const derived = 'made by the server from what is recorded; nobody decides about it';
const counter = 'counts changes of another table, which is audited';
const internal = 'how processes of the server work together';
const history = 'a history of its own; what it is about is audited';
const opinion = "people's judgements of answers: data, not configuration";

/** Tables without an audit, and why. */
export const notAudited: Readonly<Record<string, string>> = {
  _applied_migration: 'written by migrations',
  _prisma_migrations: 'written by migrations',
  audit_entry: 'the log itself',
  audit_head: 'the log itself',
  alert: derived,
  alert_attempt: derived,
  alert_delivery: derived,
  alert_read: 'what each person has read',
  answer_feedback: opinion,
  output_rating: opinion,
  experiment_rating: opinion,
  experiment_vote: opinion,
  routing_reward: opinion,
  comparison_event_batch: perCall,
  comparison_lane: perCall,
  call_record: perCall,
  call_record_batch: perCall,
  run_approval: 'decisions are events of the run, with who decided',
  run_event: perCall,
  run_fold: perCall,
  routing_decision: perCall,
  routing_snapshot_part: perCall,
  budget_account: perCall,
  budget_breach: perCall,
  budget_entry: perCall,
  budget_instance: internal,
  budget_lease: internal,
  circuit_claim: internal,
  circuit_message: internal,
  server_instance: internal,
  idempotency_record: internal,
  verification: 'codes of sign-in, minutes old; what they lead to is audited',
  installation_setting: 'belongs to the installation, not to a team',
  dataset_item: 'content of a version, which never changes; the version is audited',
  experiment_answer: perCall,
  experiment_exposure: perCall,
  experiment_item: 'content of a test, fixed at its start; the test is audited',
  experiment_unit: perCall,
  failover_minute: derived,
  failover_outage: derived,
  failover_version: history,
  routing_audit: history,
  health_check: derived,
  health_event: derived,
  health_incident: derived,
  health_incident_entry: history,
  health_minute: derived,
  health_period: derived,
  health_subject: derived,
  health_window: derived,
  metric_rollup: derived,
  metric_scope: derived,
  metric_state: derived,
  metric_value: derived,
  weekly_report: derived,
  price_revision: counter,
  provider_revision: counter,
  role_revision: counter,
  routing_revision: counter,
  routing_draft: 'not in force; its publication is audited',
  workflow_draft: 'not in force; its publication is audited',
};
