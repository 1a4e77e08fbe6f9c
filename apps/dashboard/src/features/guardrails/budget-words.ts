import { formatCount, formatUsd } from '../../format/number-format.ts';

export type Unit = 'COST' | 'TOKENS' | 'REQUESTS';
export type WindowKind = 'RUN' | 'MINUTE' | 'HOUR' | 'DAY' | 'WEEK' | 'MONTH' | 'LIFETIME';
export type ScopeKind = 'MEMBER' | 'API_KEY' | 'ROLE' | 'WORKFLOW' | 'STEP' | 'PROVIDER' | 'MODEL' | 'TAG';
export type BreachAction = 'SKIP_TO_NEXT' | 'CHEAPER_EQUIVALENT' | 'ASK_APPROVAL' | 'FAIL_FAST';

/** One condition of a scope; without a value every value has a budget of its own. */
export interface Condition {
  kind: ScopeKind;
  value: string | null;
}

export const unitChoices: readonly { value: Unit; label: string }[] = [
  { value: 'COST', label: 'Money (US dollars)' },
  { value: 'TOKENS', label: 'Tokens (input and output)' },
  { value: 'REQUESTS', label: 'Calls of models' },
];

export const windowChoices: readonly { value: WindowKind; label: string; per: string; now: string }[] = [
  { value: 'MINUTE', label: 'Minute (rate limit)', per: 'per minute', now: 'this minute' },
  { value: 'HOUR', label: 'Hour', per: 'per hour', now: 'this hour' },
  { value: 'DAY', label: 'Day', per: 'per day', now: 'today' },
  { value: 'WEEK', label: 'Week (from Monday)', per: 'per week', now: 'this week' },
  { value: 'MONTH', label: 'Month', per: 'per month', now: 'this month' },
  { value: 'RUN', label: 'Run of a workflow', per: 'per run', now: 'in this run' },
  { value: 'LIFETIME', label: 'Lifetime', per: 'in all', now: 'so far' },
];

export const scopeKinds: readonly { value: ScopeKind; label: string; each: string; one: string }[] = [
  { value: 'PROVIDER', label: 'Provider', each: 'each provider', one: 'provider' },
  { value: 'MODEL', label: 'Model', each: 'each model', one: 'model' },
  { value: 'MEMBER', label: 'Member', each: 'each member', one: 'member' },
  { value: 'API_KEY', label: 'API key', each: 'each API key', one: 'API key' },
  { value: 'TAG', label: 'Tag', each: 'each tag', one: 'tag' },
  { value: 'ROLE', label: 'Role', each: 'each role', one: 'role' },
  { value: 'WORKFLOW', label: 'Workflow', each: 'each workflow', one: 'workflow' },
  { value: 'STEP', label: 'Step', each: 'each step', one: 'step' },
];

export const breachChoices: readonly { value: BreachAction; label: string; words: string }[] = [
  { value: 'FAIL_FAST', label: 'Refuse the call', words: 'the call is refused' },
  { value: 'SKIP_TO_NEXT', label: 'Go on with the next model', words: 'the next model is asked' },
  { value: 'CHEAPER_EQUIVALENT', label: 'Use a cheaper equivalent', words: 'a cheaper equivalent is asked' },
  { value: 'ASK_APPROVAL', label: 'Ask for approval', words: 'an admin is asked' },
];

const wordOf = <Value extends string, Row extends { value: Value }>(
  rows: readonly Row[],
  value: Value,
): Row | undefined => rows.find((row) => row.value === value);

export const windowWords = (window: WindowKind) => wordOf(windowChoices, window) ?? { per: '', now: '', label: window };
export const scopeWords = (kind: ScopeKind) =>
  wordOf(scopeKinds, kind) ?? { label: kind, each: `each ${kind.toLowerCase()}`, one: kind.toLowerCase() };

/** `$0.05`, `1,200 tokens`, `3 calls`. */
export function formatAmount(unit: Unit, amount: string | number): string {
  const value = Number(amount);
  if (!Number.isFinite(value)) return '—';
  if (unit === 'COST') return formatUsd(amount).replace(/(\.\d\d\d*?)0+$/, '$1');
  const noun = unit === 'TOKENS' ? 'token' : 'call';
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** The calls that a scope covers: `all calls of the team`, `calls of openai`, `calls of openai by each member`. */
export function coveredCalls(scope: readonly Condition[], nameOf: (condition: Condition) => string): string {
  if (scope.length === 0) return 'all calls of the team';
  const words = scope.map((condition) => {
    const { each, one } = scopeWords(condition.kind);
    if (condition.value === null) return each;
    return condition.kind === 'PROVIDER' || condition.kind === 'MODEL'
      ? nameOf(condition)
      : `${one} “${nameOf(condition)}”`;
  });
  const preposition = scope[0]?.kind === 'MEMBER' || scope[0]?.kind === 'API_KEY' ? 'by' : 'of';
  return `calls ${preposition} ${words.join(' and ')}`;
}

interface Sentence {
  scope: readonly Condition[];
  unit: Unit;
  window: WindowKind;
  timeZone: string;
  limit: string;
  mode: 'HARD' | 'SOFT';
  onBreach: BreachAction;
  nameOf: (condition: Condition) => string;
}

/** What a budget does, in one sentence that is read before it is saved. Without a usable limit it says what is missing. */
export function budgetSentence({ scope, unit, window, timeZone, limit, mode, onBreach, nameOf }: Sentence): string {
  if (!isAmount(limit)) return 'Set a limit to see what this budget will do.';
  const calls = coveredCalls(scope, nameOf);
  const zone = window === 'DAY' || window === 'WEEK' || window === 'MONTH' ? `, by the calendar of ${timeZone}` : '';
  if (Number(limit) === 0)
    return mode === 'HARD' ? `Refuses ${calls}, without exception.` : `Warns of ${calls}, however few.`;
  const amount = formatAmount(unit, limit);
  const per = windowWords(window).per;
  const verb = unit === 'COST' ? 'cost' : 'use';
  if (mode === 'SOFT') {
    const over = unit === 'REQUESTS' ? `are more than ${formatCount(Number(limit))}` : `${verb} more than ${amount}`;
    return `Warns when ${calls} ${over} ${per}${zone}. Nothing is refused.`;
  }
  const once = unit === 'REQUESTS' ? `after ${amount}` : `once they ${verb} more than ${amount}`;
  const then =
    onBreach === 'FAIL_FAST'
      ? ''
      : `; then ${breachChoices.find(({ value }) => value === onBreach)?.words ?? 'the call fails'}`;
  return `Refuses ${calls} ${once} ${per}${zone}${then}.`;
}

/** Whether a text is a decimal that is not negative. */
export function isAmount(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text.trim()) && Number.isFinite(Number(text));
}

/** `4 h 12 min`, `2 d 3 h`, `45 s`: how long something lasts yet, in two units at the most. */
export function formatLeft(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}
