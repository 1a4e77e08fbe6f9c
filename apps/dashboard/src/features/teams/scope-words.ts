import type { ApiKeyScope } from '../../gql/teams.ts';
import type { Area, Level } from '../../shell/use-may-do.ts';

export const levels: readonly { value: Level; label: string; hint: string }[] = [
  { value: 'READ', label: 'Read', hint: 'look' },
  { value: 'RUN', label: 'Run', hint: 'spend model money, write drafts' },
  { value: 'MANAGE', label: 'Manage', hint: 'decide for everybody' },
];

export const areas: readonly { value: Area; label: string; hint: string }[] = [
  { value: 'WORK', label: 'Prompts and workflows', hint: 'calls, comparisons, runs' },
  { value: 'TESTS', label: 'Tests and quality', hint: 'A/B tests, datasets, feedback' },
  { value: 'MODELS', label: 'Models and providers', hint: 'catalogue, prices, roles' },
  { value: 'ROUTING', label: 'Routing', hint: 'rules, strategies, failover' },
  { value: 'GUARDRAILS', label: 'Guardrails', hint: 'budgets and approvals' },
  { value: 'HEALTH', label: 'Health and alerts', hint: 'checks, incidents, alerts' },
  { value: 'REPORTS', label: 'Reports', hint: 'spend, calls, metrics' },
  { value: 'TEAM', label: 'Team', hint: 'members, keys, audit, settings' },
];

export interface ScopePreset {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
  readonly scopes: readonly ApiKeyScope[];
}

/** What most keys are for. */
export const scopePresets: readonly ScopePreset[] = [
  {
    value: 'calls',
    label: 'An app that calls models',
    hint: 'Prompts, workflows and their streams; nothing else',
    scopes: ['READ_WORK', 'RUN_WORK', 'READ_MODELS'],
  },
  {
    value: 'reporting',
    label: 'Reporting',
    hint: 'Reads spend, metrics, budgets and health; runs nothing',
    scopes: ['READ_REPORTS', 'READ_GUARDRAILS', 'READ_HEALTH', 'READ_MODELS'],
  },
  {
    value: 'everything',
    label: 'Everything',
    hint: 'All that you may do; for scripts that set Switchyard up',
    scopes: ['READ', 'RUN', 'MANAGE'],
  },
];

/** The part of these scopes that somebody with `own` may give away. */
export const mineOf = (scopes: readonly ApiKeyScope[], own: readonly ApiKeyScope[]): ApiKeyScope[] =>
  scopes.filter((scope) => own.includes(scope) || own.includes(scope.split('_')[0] as ApiKeyScope));

/** Whether these scopes give a level in an area, by themselves or through the level everywhere. */
export const gives = (scopes: readonly ApiKeyScope[], level: Level, area: Area): boolean =>
  scopes.includes(level) || scopes.includes(`${level}_${area}`);

/** Scopes after one box was pressed; a level that was given everywhere falls into its areas first. */
export function withScope(scopes: readonly ApiKeyScope[], level: Level, area: Area, isOn: boolean): ApiKeyScope[] {
  const spread = scopes.includes(level)
    ? [...scopes.filter((scope) => scope !== level), ...areas.map(({ value }) => `${level}_${value}` as const)]
    : [...scopes];
  const name = `${level}_${area}` as const;
  const next = new Set(spread);
  if (isOn) next.add(name);
  else next.delete(name);
  return [...next];
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** "Everything", "Reads everything; runs prompts and workflows": what a key may do, for a table. */
export function scopesInWords(scopes: readonly ApiKeyScope[]): string {
  if (levels.every(({ value }) => scopes.includes(value))) return 'Everything';
  const verbs: Record<Level, string> = { READ: 'reads', RUN: 'runs', MANAGE: 'manages' };
  const parts = levels.flatMap(({ value: level }) => {
    if (scopes.includes(level)) return [`${verbs[level]} everything`];
    const named = areas.filter(({ value }) => scopes.includes(`${level}_${value}`)).map(({ label }) => lower(label));
    return named.length > 0 ? [`${verbs[level]} ${named.join(', ')}`] : [];
  });
  const text = parts.join('; ');
  return text === '' ? 'Nothing' : text.charAt(0).toUpperCase() + text.slice(1);
}
