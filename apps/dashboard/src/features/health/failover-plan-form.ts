import type { Plan } from './failover-words.ts';

/** What the form for a plan holds; numbers as text, empty: not said. */
export interface PlanForm {
  readonly name: string;
  readonly scopeKind: 'team' | 'role' | 'workflow';
  readonly scopeName: string;
  readonly isEnabled: boolean;
  readonly primary: string;
  readonly chain: readonly string[];
  readonly statusFrom: '' | 'DEGRADED' | 'DOWN';
  readonly consecutiveFailures: string;
  readonly errorPercent: string;
  readonly firstTokenSeconds: string;
  readonly windowMinutes: string;
  readonly minCalls: string;
  readonly when: string;
  readonly returnKind: Plan['returnKind'];
  readonly returnAnswers: string;
  readonly note: string;
}

export const emptyPlanForm: PlanForm = {
  ...{ name: '', scopeKind: 'team', scopeName: '', isEnabled: true, primary: '', chain: [], statusFrom: 'DOWN' },
  ...{ consecutiveFailures: '', errorPercent: '', firstTokenSeconds: '', windowMinutes: '5', minCalls: '10' },
  ...{ when: '', returnKind: 'AT_ONCE', returnAnswers: '3', note: '' },
};

const text = (value: number | null) => (value === null ? '' : String(value));

/** A plan as the form shows it. */
export function formOfPlan(plan: Plan): PlanForm {
  const [kind, ...rest] = plan.scope.split(':');
  const { triggers } = plan;
  return {
    name: plan.name,
    scopeKind: kind === 'role' || kind === 'workflow' ? kind : 'team',
    scopeName: rest.join(':'),
    isEnabled: plan.isEnabled,
    primary: plan.primary ?? '',
    chain: plan.chain,
    statusFrom: triggers.statusFrom ?? '',
    consecutiveFailures: text(triggers.consecutiveFailures),
    errorPercent: triggers.errorRateAbove === null ? '' : text(Math.round(triggers.errorRateAbove * 1e6) / 1e4),
    firstTokenSeconds: triggers.firstTokenP95AboveMs === null ? '' : text(triggers.firstTokenP95AboveMs / 1000),
    windowMinutes: text(triggers.windowMs / 60_000),
    minCalls: text(triggers.minCalls),
    when: plan.when ?? '',
    returnKind: plan.returnKind,
    returnAnswers: text(plan.returnAfterAnswers ?? 3),
    note: '',
  };
}

/** The number in a field; undefined when it is empty, NaN when it is none. */
const numberIn = (value: string): number | undefined => (value.trim() === '' ? undefined : Number(value));

/** What is wrong with a form by field, before the server looks at names and conditions. */
export function problemsOf(form: PlanForm): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  if (form.name.trim() === '') problems.name = 'Give it a name.';
  if (form.scopeKind !== 'team' && form.scopeName.trim() === '') problems.scope = `Name the ${form.scopeKind}.`;
  const check = (field: keyof PlanForm & string, low: number, high: number, isWhole: boolean) => {
    const value = numberIn(form[field] as string);
    if (value === undefined) return;
    if (!(value >= low && value <= high) || (isWhole && !Number.isInteger(value)))
      problems[field] = `A ${isWhole ? 'whole ' : ''}number from ${low} to ${high}.`;
  };
  check('consecutiveFailures', 1, 1000, true);
  check('errorPercent', 0, 100, false);
  check('firstTokenSeconds', 0.001, 3600, false);
  check('windowMinutes', 0.1, 60, false);
  check('minCalls', 1, 100_000, true);
  if (form.returnKind === 'AFTER_ANSWERS') check('returnAnswers', 1, 100, true);
  return problems;
}

/** A form as the API takes it. Call only when `problemsOf` found nothing. */
export function inputOfForm(form: PlanForm, known?: Plan) {
  const errorPercent = numberIn(form.errorPercent);
  const firstTokenSeconds = numberIn(form.firstTokenSeconds);
  const windowMinutes = numberIn(form.windowMinutes);
  return {
    name: form.name.trim(),
    scope: form.scopeKind === 'team' ? 'team' : `${form.scopeKind}:${form.scopeName.trim()}`,
    isEnabled: form.isEnabled,
    primary: form.primary.trim() || null,
    chain: [...form.chain],
    triggers: {
      statusFrom: form.statusFrom || null,
      consecutiveFailures: numberIn(form.consecutiveFailures) ?? null,
      errorRateAbove: errorPercent === undefined ? null : errorPercent / 100,
      firstTokenP95AboveMs: firstTokenSeconds === undefined ? null : Math.round(firstTokenSeconds * 1000),
      windowMs: windowMinutes === undefined ? null : Math.round(windowMinutes * 60_000),
      minCalls: numberIn(form.minCalls) ?? null,
      // The form does not show it: a change of something else keeps it.
      returnAfterMs: known?.triggers.returnAfterMs ?? null,
    },
    when: form.when.trim() || null,
    returning: {
      kind: form.returnKind,
      ...(form.returnKind === 'AFTER_ANSWERS' ? { answers: numberIn(form.returnAnswers) ?? 3 } : {}),
    },
    note: form.note.trim() || null,
  };
}

/** The problems that the server found, by field of the form; `form` for what belongs to none. */
export function serverProblems(result: {
  readonly message: string;
  readonly path?: readonly string[] | null;
  readonly issues?: readonly { readonly path: readonly string[]; readonly message: string }[];
}): Readonly<Record<string, string>> {
  const fields: Readonly<Record<string, string>> = {
    name: 'name',
    scope: 'scope',
    primary: 'primary',
    chain: 'chain',
    when: 'when',
  };
  const issues = result.issues ?? [{ path: result.path ?? [], message: result.message }];
  const problems: Record<string, string> = {};
  for (const { path, message } of issues) {
    const field = fields[path[1] ?? ''] ?? 'form';
    problems[field] = problems[field] ? `${problems[field]} ${message}` : message;
  }
  return problems;
}
