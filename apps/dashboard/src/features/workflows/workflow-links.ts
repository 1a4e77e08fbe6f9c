import type { Definition, Step } from './definition.ts';
import { referencesOf } from './step-references.ts';

/** One step waits for another: what a line on the canvas says. */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** What flows along it, for people: `output.title`, `when …`, `otherwise`, `waits`. */
  readonly label: string;
  /** `text`: a template or expression looks at it; `after`, `from`: listed; `case`: where a branch may go. */
  readonly kind: 'text' | 'after' | 'from' | 'case';
  /** Of a branch: which way out; -1 is the default. */
  readonly caseIndex?: number;
}

/** Who waits for whom, as the definition says it; one link for each pair and way out. Unknown steps are left out. */
export function linksOf({ steps }: Pick<Definition, 'steps'>): readonly Link[] {
  const found = foundLinks.get(steps) ?? findLinks(steps);
  foundLinks.set(steps, found);
  return found;
}

/** Definitions are never changed in place; many parts of a page ask for the links of the same one. */
const foundLinks = new WeakMap<readonly Step[], readonly Link[]>();

function findLinks(steps: readonly Step[]): readonly Link[] {
  const known = new Set(steps.map(({ id }) => id));
  const links = new Map<string, Link>();
  const add = (link: Link) => {
    if (!known.has(link.from) || !known.has(link.to) || link.from === link.to) return;
    const key = `${link.from}>${link.to}>${link.kind === 'case' ? link.caseIndex : ''}`;
    if (!links.has(key)) links.set(key, link);
  };
  for (const step of steps) {
    for (const { from, label, kind } of sourcesOf(step)) add({ from, to: step.id, label, kind });
    step.cases?.forEach(({ when, goTo }, caseIndex) => {
      for (const to of goTo) add({ from: step.id, to, label: shortCondition(when), kind: 'case', caseIndex });
    });
    for (const to of step.default ?? []) add({ from: step.id, to, label: 'otherwise', kind: 'case', caseIndex: -1 });
  }
  return [...links.values()];
}

function sourcesOf(step: Step): readonly Omit<Link, 'to'>[] {
  const flows = new Map<string, Set<string>>();
  for (const { stepId, flows: what } of referencesOf(step))
    flows.set(stepId, (flows.get(stepId) ?? new Set()).add(what));
  return [
    ...[...flows].map(([from, what]) => ({ from, label: listed([...what]), kind: 'text' as const })),
    ...(step.from ?? []).map((from) => ({ from, label: 'output', kind: 'from' as const })),
    ...(step.after ?? []).map((from) => ({ from, label: 'waits', kind: 'after' as const })),
  ];
}

/** `output.kind +2`: the first name, and how many more. */
const listed = ([first = '', ...more]: readonly string[]) => (more.length === 0 ? first : `${first} +${more.length}`);

const shortCondition = (when: string) => {
  const text = when.trim().replace(/\bsteps\.(\w+)\.output\b/g, '$1');
  return text.length > 34 ? `${text.slice(0, 33)}…` : text;
};

/** `id` and every step that waits for it, directly or not. */
export function withFollowers(links: readonly Link[], id: string): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const { from, to } of links) next.set(from, [...(next.get(from) ?? []), to]);
  const found = new Set([id]);
  for (const each of found) for (const to of next.get(each) ?? []) found.add(to);
  return found;
}
