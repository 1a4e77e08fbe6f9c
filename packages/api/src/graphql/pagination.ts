import { maxPageSize } from './builder.ts';
import { badInput } from './errors.ts';

/** Refuses a page that is larger than any list gives: a page that is silently shorter would look like the end. */
export function assertPageSize(
  args: { readonly first?: number | null | undefined; readonly last?: number | null | undefined },
  what: string,
): void {
  if ((args.first ?? args.last ?? 0) > maxPageSize) throw badInput(`Ask for at most ${maxPageSize} ${what} at once.`);
}
