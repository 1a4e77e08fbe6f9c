import type { Surroundings } from './command.ts';
import { type DoctorCheck, failed, passed } from './doctor-check.ts';
import { readPriceTableFile } from './read-price-table-file.ts';

/** Whether the price table can be used; nothing when none is set. */
export function checkPriceTable(surroundings: Surroundings): readonly DoctorCheck[] {
  const table = readPriceTableFile(surroundings);
  if (!table) return [];
  const { shownPath, problems, priceCount } = table;
  const [first] = problems;
  if (!first) {
    const message = `${shownPath} can be used: ${priceCount} price${priceCount === 1 ? '' : 's'}.`;
    return [passed('price-table', 'Price table', message)];
  }
  const count = `${problems.length} error${problems.length === 1 ? '' : 's'}`;
  const message = `${shownPath} has ${count}, the first in line ${first.line}: ${first.message}`;
  return [failed('price-table', 'Price table', message, 'Run: switchyard validate')];
}
