import type { ApiSettings, BooksAudit } from '@switchyard/api/checks';
import { type DoctorCheck, failed, passed, skipped } from './doctor-check.ts';

const id = 'books';
const title = 'Books';

/**
 * Whether the books of the budgets agree with the call records. Nothing for the embedded database, which only the running
 * server can read.
 */
export async function checkBooksAgree(
  { databaseUrl }: Pick<ApiSettings, 'databaseUrl'>,
  audit: (url: string) => Promise<BooksAudit | undefined>,
): Promise<readonly DoctorCheck[]> {
  if (databaseUrl === undefined) return [];
  let found: BooksAudit | undefined;
  try {
    found = await audit(databaseUrl);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no answer in time';
    return [skipped(id, title, `The books could not be read (${code}).`, 'Run the doctor again in a quiet moment.')];
  }
  if (!found) return [skipped(id, title, 'There are none yet: the database is set up at the first start.')];
  const { accounts, entries, records, differences } = found;
  const [first] = differences;
  if (!first) {
    const looked = `${accounts} accounts, ${entries} entries and ${records} calls of the last day`;
    return [passed(id, title, `The books agree with the call records (${looked}).`)];
  }
  const call = first.callId === undefined ? '' : ` of call ${first.callId}`;
  const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  const example = `${first.kind}${call} in ${first.windowId}: ${first.expected} expected, ${first.found} found`;
  return [
    failed(
      id,
      title,
      `The books differ from the call records: ${count}, the first is ${example}.`,
      'Keep the database as it is and report this: budgets may allow too much or too little.',
    ),
  ];
}
