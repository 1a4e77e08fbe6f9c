import type { Atom, AtomValue } from './condition-atoms.ts';

/** What a list of statements leaves possible for one fact. */
interface Possible {
  low: number;
  isLowOpen: boolean;
  high: number;
  isHighOpen: boolean;
  /** Undefined: any. */
  values: readonly AtomValue[] | undefined;
  excluded: readonly AtomValue[];
}

/** Facts that are always there and have bounds of their own. */
const knownBounds: Readonly<Record<string, readonly [number, number]>> = {
  'time.hour': [0, 23],
  'time.minute': [0, 59],
  'time.weekday': [1, 7],
  'request.inputTokens': [0, Number.POSITIVE_INFINITY],
  'request.maxOutputTokens': [0, Number.POSITIVE_INFINITY],
  'load.inFlight': [0, Number.POSITIVE_INFINITY],
};

/** Whether `atoms` cannot all hold at once. False may also mean "cannot tell". */
export function isContradictory(atoms: readonly Atom[]): boolean {
  const terms = new Map<string, boolean>();
  const paths = new Set<string>();
  for (const atom of atoms) {
    if (atom.kind !== 'opaque') paths.add(atom.path);
    else if ((terms.get(atom.term) ?? atom.isNegated) !== atom.isNegated) return true;
    else terms.set(atom.term, atom.isNegated);
  }
  return [...paths].some((path) => isEmpty(possibleFor(path, atoms)));
}

/** Whether all of `atoms` holding makes `wanted` hold. False may also mean "cannot tell". */
export function implies(atoms: readonly Atom[], wanted: Atom): boolean {
  if (wanted.kind === 'opaque') {
    return atoms.some(
      (atom) => atom.kind === 'opaque' && atom.term === wanted.term && atom.isNegated === wanted.isNegated,
    );
  }
  const possible = possibleFor(wanted.path, atoms);
  if (isEmpty(possible)) return true;
  if (possible.values)
    return possible.values.filter((value) => allows(possible, value)).every((value) => holds(wanted, value));
  const { low, isLowOpen, high, isHighOpen, excluded } = possible;
  if (wanted.kind === 'compare') {
    if (wanted.operator === '<') return high < wanted.value || (high === wanted.value && isHighOpen);
    if (wanted.operator === '<=') return high <= wanted.value;
    if (wanted.operator === '>') return low > wanted.value || (low === wanted.value && isLowOpen);
    return low >= wanted.value;
  }
  if (wanted.isNegated) {
    return wanted.values.every(
      (value) => excluded.includes(value) || (typeof value === 'number' && !isWithin(possible, value)),
    );
  }
  return low === high && !isLowOpen && !isHighOpen && wanted.values.includes(low);
}

function possibleFor(path: string, atoms: readonly Atom[]): Possible {
  const [low, high] = knownBounds[path] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const possible: Possible = { low, isLowOpen: false, high, isHighOpen: false, values: undefined, excluded: [] };
  for (const atom of atoms) if (atom.kind !== 'opaque' && atom.path === path) narrow(possible, atom);
  return possible;
}

function narrow(possible: Possible, atom: Exclude<Atom, { kind: 'opaque' }>): void {
  if (atom.kind === 'among') {
    if (atom.isNegated) possible.excluded = [...possible.excluded, ...atom.values];
    else
      possible.values = possible.values ? possible.values.filter((value) => atom.values.includes(value)) : atom.values;
    return;
  }
  const isOpen = atom.operator === '<' || atom.operator === '>';
  if (atom.operator.startsWith('<')) {
    if (atom.value < possible.high) possible.isHighOpen = isOpen;
    else if (atom.value === possible.high) possible.isHighOpen ||= isOpen;
    possible.high = Math.min(possible.high, atom.value);
  } else {
    if (atom.value > possible.low) possible.isLowOpen = isOpen;
    else if (atom.value === possible.low) possible.isLowOpen ||= isOpen;
    possible.low = Math.max(possible.low, atom.value);
  }
}

function isEmpty(possible: Possible): boolean {
  if (possible.values) return !possible.values.some((value) => allows(possible, value));
  const { low, high, isLowOpen, isHighOpen, excluded } = possible;
  return low > high || (low === high && (isLowOpen || isHighOpen || excluded.includes(low)));
}

function allows(possible: Possible, value: AtomValue): boolean {
  if (possible.excluded.includes(value)) return false;
  return typeof value !== 'number' || isWithin(possible, value);
}

function isWithin({ low, high, isLowOpen, isHighOpen }: Possible, value: number): boolean {
  return (isLowOpen ? value > low : value >= low) && (isHighOpen ? value < high : value <= high);
}

function holds(atom: Exclude<Atom, { kind: 'opaque' }>, value: AtomValue): boolean {
  if (atom.kind === 'among') return atom.values.includes(value) !== atom.isNegated;
  if (typeof value !== 'number') return false;
  if (atom.operator === '<') return value < atom.value;
  if (atom.operator === '<=') return value <= atom.value;
  return atom.operator === '>' ? value > atom.value : value >= atom.value;
}
