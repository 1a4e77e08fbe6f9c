import { nearestName } from '../../routing/index.ts';

const longestWord = 64;

/**
 * The name that the author most likely meant; undefined when none is near. What is longer than any name, and names of
 * quite another length, are not looked at: texts of definitions come from anybody.
 */
export function nearWord(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > longestWord) return undefined;
  const most = Math.max(1, Math.floor(typed.length / 3));
  return nearestName(
    typed,
    names.filter(({ length }) => Math.abs(length - typed.length) <= most),
  );
}
