import type { AlertRuleKind } from '../../gql/health.ts';
import { isMeasured, type Rule } from './rule-words.ts';

/** What the form for a rule holds; numbers as text, empty: the default. */
export interface RuleForm {
  readonly kind: AlertRuleKind;
  readonly name: string;
  /** Empty: each provider. */
  readonly providerId: string;
  /** Milliseconds, percent, a burn rate or a count, as the kind says. */
  readonly threshold: string;
  readonly windowMinutes: string;
  readonly shortWindowMinutes: string;
  readonly minCalls: string;
  readonly objectivePercent: string;
  readonly renotifyHours: string;
}

export type RuleField = Exclude<keyof RuleForm, 'kind'>;

export const emptyRuleForm: RuleForm = {
  ...{ kind: 'LATENCY', name: '', providerId: '', threshold: '', windowMinutes: '', shortWindowMinutes: '' },
  ...{ minCalls: '', objectivePercent: '', renotifyHours: '' },
};

const round = (value: number) => Math.round(value * 1e6) / 1e6;
const text = (value: number | null, unit = 1) => (value === null ? '' : String(round(value / unit)));
/** What one in the field is to the API: a percent of a share, else the same. */
const thresholdUnit = (kind: AlertRuleKind) => (kind === 'ERROR_RATE' ? 0.01 : 1);

/** A rule as the form shows it. */
export function formOfRule(rule: Rule): RuleForm {
  return {
    kind: rule.kind,
    name: rule.name,
    providerId: rule.provider?.id ?? '',
    threshold: text(rule.threshold, thresholdUnit(rule.kind)),
    windowMinutes: text(rule.windowMs, 60_000),
    shortWindowMinutes: text(rule.shortWindowMs, 60_000),
    minCalls: text(rule.minCalls),
    objectivePercent: text(rule.objective, 0.01),
    renotifyHours: text(rule.renotifyAfterMs, 3_600_000),
  };
}

const numberIn = (value: string): number | undefined => (value.trim() === '' ? undefined : Number(value));

/** The fields that mean something for a form: those of its kind, and those of a window only with a threshold. */
export function fieldsOf({ kind, threshold }: Pick<RuleForm, 'kind' | 'threshold'>): ReadonlySet<RuleField> {
  const measured = isMeasured({ kind, threshold: threshold.trim() === '' ? null : 0 });
  const own: Readonly<Record<AlertRuleKind, readonly RuleField[]>> = {
    DOWN: ['windowMinutes'],
    DEGRADED: ['windowMinutes'],
    LATENCY: measured ? ['threshold', 'windowMinutes', 'minCalls'] : ['threshold'],
    ERROR_RATE: measured ? ['threshold', 'windowMinutes', 'minCalls'] : ['threshold'],
    RECOVERY: [],
    BURN_RATE: ['threshold', 'windowMinutes', 'shortWindowMinutes', 'minCalls', 'objectivePercent'],
    LATENCY_TARGET: ['threshold'],
  };
  return new Set([...own[kind], ...(kind === 'RECOVERY' ? [] : (['renotifyHours'] as const))]);
}

const thresholdRange: Readonly<Partial<Record<AlertRuleKind, readonly [number, number, boolean]>>> = {
  LATENCY: [1, 86_400_000, false],
  ERROR_RATE: [0, 100, false],
  BURN_RATE: [1, 1000, false],
  LATENCY_TARGET: [1, 1000, true],
};

/** What is wrong with a form by field, before the server looks. `isNew`: it is to be added. */
export function problemsOf(form: RuleForm, isNew: boolean): Readonly<Record<string, string>> {
  const problems: Record<string, string> = {};
  const shown = fieldsOf(form);
  const check = (field: RuleField, low: number, high: number, isWhole = false) => {
    const value = numberIn(form[field]);
    if (value === undefined || !shown.has(field)) return;
    if (!(value >= low && value <= high) || (isWhole && !Number.isInteger(value)))
      problems[field] = `A ${isWhole ? 'whole ' : ''}number from ${low} to ${high.toLocaleString('en')}.`;
  };
  if (form.name.trim() === '') problems.name = 'Give it a name.';
  const measured = isMeasured({ kind: form.kind, threshold: form.threshold.trim() === '' ? null : 0 });
  // The standard rule is first among those for all: a second one that follows incidents would never be heard.
  if (isNew && form.providerId === '' && !measured)
    problems.providerId = 'Choose one. For every provider, change the standard rule.';
  const range = thresholdRange[form.kind];
  if (range) check('threshold', ...range);
  check('windowMinutes', measured ? 1 : 0, 1440);
  check('shortWindowMinutes', 1, 1440);
  check('minCalls', 1, 1_000_000, true);
  check('objectivePercent', 50, 99.999);
  check('renotifyHours', 0.1, 480);
  return problems;
}

/** A form as the API takes it; an empty field is the default. Call only when `problemsOf` found nothing. */
export function inputOfForm(form: RuleForm, known?: Rule) {
  const shown = fieldsOf(form);
  const number = (field: RuleField, unit = 1, isWhole = true) => {
    const value = shown.has(field) ? numberIn(form[field]) : undefined;
    if (value === undefined) return null;
    return isWhole ? Math.round(value * unit) : round(value * unit);
  };
  // Read from the file or the default: only what was typed becomes the rule's own.
  const isSameObjective = known !== undefined && form.objectivePercent === formOfRule(known).objectivePercent;
  return {
    name: form.name.trim(),
    threshold: number('threshold', thresholdUnit(form.kind), false),
    windowMs: number('windowMinutes', 60_000) || null,
    shortWindowMs: number('shortWindowMinutes', 60_000),
    minCalls: number('minCalls'),
    ...(isSameObjective ? {} : { objective: number('objectivePercent', 0.01, false) }),
    renotifyAfterMs: number('renotifyHours', 3_600_000),
  };
}

const fieldOfPath: Readonly<Record<string, RuleField>> = {
  name: 'name',
  providerId: 'providerId',
  subjectId: 'providerId',
  kind: 'providerId',
  threshold: 'threshold',
  windowMs: 'windowMinutes',
  shortWindowMs: 'shortWindowMinutes',
  minCalls: 'minCalls',
  objective: 'objectivePercent',
  renotifyAfterMs: 'renotifyHours',
};

/** The problems that the server found, by field of the form; `form` for what belongs to none that is shown. */
export function serverProblems(
  result: {
    readonly message: string;
    readonly path?: readonly string[] | null;
    readonly issues?: readonly { readonly path: readonly string[]; readonly message: string }[];
  },
  shown: ReadonlySet<string>,
): Readonly<Record<string, string>> {
  const issues = result.issues ?? [{ path: result.path ?? [], message: result.message }];
  const problems: Record<string, string> = {};
  for (const { path, message } of issues) {
    const key = path[1] ?? '';
    const field = fieldOfPath[key];
    const place = field && shown.has(field) ? field : 'form';
    const said = message.startsWith(`${key}: `) ? message.slice(key.length + 2) : message;
    const sentence = said.charAt(0).toUpperCase() + said.slice(1);
    problems[place] = problems[place] ? `${problems[place]} ${sentence}` : sentence;
  }
  return problems;
}
