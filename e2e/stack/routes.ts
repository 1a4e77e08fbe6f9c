/** Every page of the dashboard, with the gzipped JavaScript (kB) that it may load at first. */
export const routes = [
  { path: '/sign-in', name: 'sign-in', budgetKilobytes: 340, needsSession: false },
  { path: '/setup', name: 'setup', budgetKilobytes: 340, needsSession: false },
  { path: '/compare', name: 'compare', budgetKilobytes: 420, needsSession: true },
  { path: '/comparisons', name: 'comparisons', budgetKilobytes: 340, needsSession: true },
  { path: '/models', name: 'models', budgetKilobytes: 340, needsSession: true },
  { path: '/providers', name: 'providers', budgetKilobytes: 340, needsSession: true },
  { path: '/home', name: 'overview', budgetKilobytes: 340, needsSession: true },
  { path: '/routing', name: 'routing', budgetKilobytes: 340, needsSession: true },
  { path: '/routing?tab=try', name: 'routing-dry-run', budgetKilobytes: 340, needsSession: true },
  { path: '/routing?tab=strategies', name: 'routing-strategies', budgetKilobytes: 340, needsSession: true },
  { path: '/routing?tab=learning', name: 'routing-learning', budgetKilobytes: 340, needsSession: true },
  { path: '/routing?tab=recommend', name: 'routing-recommendation', budgetKilobytes: 340, needsSession: true },
  { path: '/workflows', name: 'workflows', budgetKilobytes: 340, needsSession: true },
  { path: '/runs', name: 'runs', budgetKilobytes: 340, needsSession: true },
  { path: '/experiments', name: 'tests', budgetKilobytes: 340, needsSession: true },
  { path: '/datasets', name: 'datasets', budgetKilobytes: 340, needsSession: true },
  { path: '/datasets?new=import', name: 'dataset-import', budgetKilobytes: 340, needsSession: true },
  { path: '/experiments/vote', name: 'arena-without-test', budgetKilobytes: 340, needsSession: true },
  { path: '/quality', name: 'quality', budgetKilobytes: 340, needsSession: true },
  { path: '/quality?tab=judges&scorer=new', name: 'quality-new-judge', budgetKilobytes: 340, needsSession: true },
  { path: '/quality?tab=feedback', name: 'quality-feedback', budgetKilobytes: 340, needsSession: true },
  { path: '/roles', name: 'roles', budgetKilobytes: 340, needsSession: true },
  { path: '/guardrails', name: 'guardrails', budgetKilobytes: 340, needsSession: true },
  { path: '/guardrails?tab=alerts', name: 'alerts', budgetKilobytes: 340, needsSession: true },
  { path: '/health', name: 'health-quiet', budgetKilobytes: 340, needsSession: true },
  { path: '/health?tab=incidents', name: 'health-no-incidents', budgetKilobytes: 340, needsSession: true },
  { path: '/health?tab=failover', name: 'failover-empty', budgetKilobytes: 340, needsSession: true },
  { path: '/health?tab=maintenance', name: 'maintenance-empty', budgetKilobytes: 340, needsSession: true },
  { path: '/health?tab=rules', name: 'alert-rules', budgetKilobytes: 340, needsSession: true },
  { path: '/reports', name: 'reports', budgetKilobytes: 340, needsSession: true },
  { path: '/reports/compare', name: 'reports-compare', budgetKilobytes: 340, needsSession: true },
  { path: '/reports/weekly', name: 'reports-weekly', budgetKilobytes: 340, needsSession: true },
  { path: '/keys', name: 'keys', budgetKilobytes: 340, needsSession: true },
  { path: '/no-such-page', name: 'not-found', budgetKilobytes: 340, needsSession: false },
] as const;

export const themes = ['light', 'dark'] as const;

export const sizes = [
  { name: 'wide', width: 1440, height: 900 },
  { name: 'narrow', width: 390, height: 844 },
] as const;
