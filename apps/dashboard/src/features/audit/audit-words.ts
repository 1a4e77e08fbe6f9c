import type { AuditRowFieldsFragment } from '../../gql/audit.ts';

type Row = AuditRowFieldsFragment;

const ownWords: Readonly<Record<string, string>> = {
  'sign-in/email': 'Sign-in by password',
  'sign-up/email': 'First sign-up',
  'sign-out': 'Sign-out',
  'callback/sso': 'Single sign-on',
};

/** `updateBudget` → `Update budget`, `alertThresholds` → `Alert thresholds`. */
export function wordsOf(name: string): string {
  const own = ownWords[name];
  if (own) return own;
  const words = name
    .replace(/[/_-]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .trim();
  return (words.charAt(0).toUpperCase() + words.slice(1)).replace(/\bapi\b/gi, 'API').replace(/\busd\b/gi, 'USD');
}

/** `alertThresholds.0` → `Alert thresholds, 1`: where a value stands, for people. */
export const pathInWords = (path: string): string =>
  path
    .split('.')
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : wordsOf(part)))
    .join(', ');

const operationWords = {
  INSERT: { word: 'made', tone: 'good' },
  UPDATE: { word: 'changed', tone: 'accent' },
  DELETE: { word: 'removed', tone: 'bad' },
  EVENT: { word: 'event', tone: 'neutral' },
} as const;

interface Badge {
  readonly word: string;
  readonly tone: string;
}

/** What happened to the thing, in a word. Sessions are made and removed without anything being changed. */
export function badgeOf({ operation, objectType }: Pick<Row, 'operation' | 'objectType'>): Badge {
  if (objectType !== 'Session') return operationWords[operation];
  return { word: operation === 'INSERT' ? 'signed in' : 'signed out', tone: 'neutral' };
}

/** The kinds of things that the log tells of, for the filter. */
export const objectTypes = [
  'Team',
  'TeamSettings',
  'Member',
  'Invitation',
  'User',
  'Session',
  'Account',
  'TwoFactor',
  'ApiKey',
  'Provider',
  'PriceOverride',
  'Budget',
  'BudgetApproval',
  'AlertChannel',
  'AlertRule',
  'MaintenanceWindow',
  'Role',
  'RoutingRuleVersion',
  'RoutingSetting',
  'FailoverPlan',
  'Workflow',
  'WorkflowVersion',
  'Dataset',
  'Experiment',
  'ExperimentPromotion',
  'SavedScorer',
  'ReportSettings',
  'RunSettings',
  'MetricSettings',
] as const;

/** Entries of one request stand together: a mutation that touches three rows is one thing that somebody did. */
export function groupByRequest(
  rows: readonly Row[],
): readonly { readonly key: string; readonly rows: readonly Row[] }[] {
  const groups: { key: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last && row.requestId !== null && last.rows[0]?.requestId === row.requestId) last.rows.push(row);
    else groups.push({ key: row.id, rows: [row] });
  }
  return groups;
}

interface Place {
  readonly path: string;
  readonly label: string;
}

/** Where the thing that an entry is about is looked at now; undefined when there is no such page. */
export function placeOf({ objectType, objectId }: Pick<Row, 'objectType' | 'objectId'>): Place | undefined {
  const id = objectId === null ? '' : encodeURIComponent(objectId);
  const places: Readonly<Record<string, Place>> = {
    Budget: { path: '/guardrails', label: 'Budgets' },
    BudgetApproval: { path: '/guardrails?tab=approvals', label: 'Approvals' },
    AlertChannel: { path: '/guardrails?tab=alerts', label: 'Alerts' },
    AlertRule: { path: '/health?tab=rules', label: 'Alert rules' },
    MaintenanceWindow: { path: '/health?tab=maintenance', label: 'Maintenance' },
    FailoverPlan: { path: '/health?tab=failover', label: 'Failover' },
    Role: { path: '/roles', label: 'Roles' },
    DefaultRole: { path: '/roles', label: 'Roles' },
    RoutingRuleVersion: { path: '/routing', label: 'Routing' },
    RoutingSetting: { path: '/routing?tab=strategies', label: 'Strategies' },
    Provider: { path: '/providers', label: 'Providers' },
    PriceOverride: { path: '/models', label: 'Models' },
    Workflow: { path: `/workflows/edit?id=${id}`, label: 'The workflow' },
    Dataset: { path: `/datasets?id=${id}`, label: 'The dataset' },
    Experiment: { path: `/experiments?id=${id}`, label: 'The test' },
    SavedScorer: { path: '/quality', label: 'Quality' },
    ApiKey: { path: '/team?tab=keys', label: 'API keys' },
    Member: { path: '/team', label: 'Members' },
    Invitation: { path: '/team', label: 'Members' },
    Team: { path: '/team?tab=settings', label: 'Settings' },
    TeamSettings: { path: '/team?tab=settings', label: 'Settings' },
    ReportSettings: { path: '/reports/weekly', label: 'Weekly reports' },
    RunSettings: { path: '/team?tab=settings', label: 'Settings' },
    MetricSettings: { path: '/team?tab=settings', label: 'Settings' },
  };
  return places[objectType];
}

/** Where it is told which provider and model answered the calls of whoever acted; undefined for nobody in particular. */
export function callsOf({ actor }: Pick<Row, 'actor'>): string | undefined {
  if (actor.apiKey) return `/reports?by=provider,model&key=${encodeURIComponent(actor.apiKey.id)}`;
  return actor.user ? `/reports?by=provider,model&member=${encodeURIComponent(actor.user.id)}` : undefined;
}
