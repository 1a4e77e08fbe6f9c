import { diffLines, diffWordsWithSpace } from 'diff';

export interface DiffPart {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

const patienceMs = 2500;

/**
 * Words that only the left text has are `removed`, words that only the right has are `added`. Long texts with little in common would take
 * minutes by words; after `patienceMs` they are compared by lines.
 */
export function wordDiff(left: string, right: string): DiffPart[] {
  const changes = diffWordsWithSpace(left, right, { timeout: patienceMs }) ?? diffLines(left, right);
  return changes.map(({ value, added, removed }) => ({
    kind: added ? 'added' : removed ? 'removed' : 'same',
    text: value,
  }));
}

/** Share of the words of both texts that they have in common, 0–1. */
export function likeness(parts: readonly DiffPart[]): number {
  const words = (kind: DiffPart['kind']) =>
    parts.filter((part) => part.kind === kind).reduce((sum, { text }) => sum + (text.match(/\S+/g)?.length ?? 0), 0);
  const same = 2 * words('same');
  const all = same + words('removed') + words('added');
  return all === 0 ? 1 : same / all;
}

export type ShownPart = DiffPart | { kind: 'skipped'; text: string };

/** What one side shows: its own parts, with long equal runs shortened when only differences are asked for. */
export function sideOf(parts: readonly DiffPart[], side: 'left' | 'right', onlyDifferences: boolean): ShownPart[] {
  const foreign = side === 'left' ? 'added' : 'removed';
  return parts.flatMap((part): ShownPart[] => {
    if (part.kind === foreign) return [];
    if (part.kind !== 'same' || !onlyDifferences) return [part];
    const words = part.text.split(/(?<=\s)/);
    if (words.length <= 12) return [part];
    const hidden = words.slice(5, -5).join('').match(/\S+/g)?.length ?? 0;
    return [
      { kind: 'same' as const, text: words.slice(0, 5).join('') },
      { kind: 'skipped' as const, text: `${hidden} equal words` },
      { kind: 'same' as const, text: words.slice(-5).join('') },
    ];
  });
}
