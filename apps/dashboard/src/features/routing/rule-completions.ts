import type { RuleLanguageQuery } from '../../gql/routing.ts';

export type RuleLanguage = RuleLanguageQuery['routingRuleLanguage'];

export interface RuleCompletion {
  label: string;
  /** What is written in place of the label. */
  apply?: string;
  detail?: string;
  kind: 'property' | 'variable' | 'function' | 'text' | 'keyword';
}

export interface RuleCompletions {
  /** The first character that is replaced. */
  from: number;
  options: readonly RuleCompletion[];
}

const methods = new Set([
  ...['startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii'],
  ...['all', 'exists', 'exists_one', 'map', 'filter', 'size'],
]);
const healthStates = ['healthy', 'degraded', 'down', 'unknown'];

const isInText = (before: string) => (before.replace(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 1;

function fieldsOf(facts: RuleLanguage['facts'], owner: string): RuleCompletion[] {
  return facts
    .filter(({ path }) => path.startsWith(`${owner}.`))
    .map(({ path, type }) => ({ label: path.slice(owner.length + 1), detail: type, kind: 'property' }));
}

function namesOf({ facts, functions }: RuleLanguage): RuleCompletion[] {
  const plain = facts.filter(({ path }) => !path.includes('['));
  const maps = [...new Set(facts.flatMap(({ path }) => /^(\w+)\[/.exec(path)?.[1] ?? []))];
  return [
    ...plain.map(({ path, type }): RuleCompletion => ({ label: path, detail: type, kind: 'variable' })),
    ...maps.map((name): RuleCompletion => ({ label: name, apply: `${name}["`, detail: 'by name', kind: 'variable' })),
    ...functions
      .filter((name) => !methods.has(name) || name === 'size')
      .map((name): RuleCompletion => ({ label: name, apply: `${name}(`, detail: 'function', kind: 'function' })),
    ...['true', 'false', 'in'].map((label): RuleCompletion => ({ label, kind: 'keyword' })),
  ];
}

/** What can stand at the end of the text before the cursor: keys, fields, methods or names. Undefined where nothing fits. */
export function completionsFor(
  language: RuleLanguage,
  before: string,
  isAskedFor: boolean,
): RuleCompletions | undefined {
  const key = /\b(models|budgets)\["([^"]*)$/.exec(before);
  if (key) {
    const names = key[1] === 'models' ? language.modelIds : language.budgetNames;
    return {
      from: before.length - (key[2]?.length ?? 0),
      options: names.map((label) => ({ label, apply: `${label}"].`, kind: 'text' })),
    };
  }
  const health = /\.health\s*[!=]=\s*"(\w*)$/.exec(before);
  if (health) {
    const from = before.length - (health[1]?.length ?? 0);
    return { from, options: healthStates.map((label) => ({ label, apply: `${label}"`, kind: 'text' })) };
  }
  if (isInText(before)) return undefined;
  const ofKey = /\b(models|budgets)\["[^"]*"\]\.(\w*)$/.exec(before);
  const owner = ofKey ? `${ofKey[1]}[""]` : /\b(request|time|load)\.\w*$/.exec(before)?.[1];
  const word = /(\w*)$/.exec(before)?.[1] ?? '';
  const from = before.length - word.length;
  if (owner) return { from, options: fieldsOf(language.facts, owner) };
  if (before.charAt(from - 1) === '.')
    return {
      from,
      options: language.functions
        .filter((name) => methods.has(name))
        .map((label) => ({ label, apply: `${label}(`, detail: 'function', kind: 'function' })),
    };
  if (word === '' && !isAskedFor) return undefined;
  if (/^\d/.test(word)) return undefined;
  return { from, options: namesOf(language) };
}
