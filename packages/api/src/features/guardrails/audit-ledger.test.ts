import { describe, expect, test } from 'vitest';
import { type AuditedAccount, type AuditedEntry, compareBooks } from './audit-ledger.ts';

const account: AuditedAccount = { windowId: 'w', spent: 30n, booked: 30n, isPruned: false, leased: 5n, lent: 5n };
const entry: AuditedEntry = { windowId: 'w', callId: 'c', amount: 30n, hasRecord: true, recorded: 30n };

describe('the audit of the books', () => {
  test('finds nothing where account, entries, records and leases agree', () => {
    expect(compareBooks([account], [entry], [])).toEqual([]);
  });

  test('an estimate stands where the record does not know, and old entries may be forgotten', () => {
    const old = { ...account, isPruned: true, booked: 10n };
    expect(compareBooks([old], [{ ...entry, recorded: undefined }], [])).toEqual([]);
    expect(compareBooks([{ ...old, booked: 31n }], [], [])).toMatchObject([{ kind: 'account-sum' }]);
  });

  test.each([
    ['account-sum', [{ ...account, spent: 31n }], [entry], []],
    ['lease-sum', [{ ...account, leased: 6n }], [entry], []],
    ['entry-without-record', [account], [{ ...entry, hasRecord: false }], []],
    ['entry-amount', [account], [{ ...entry, recorded: 29n }], []],
    ['record-not-booked', [account], [entry], [{ windowId: 'w', callId: 'd', amount: 1n }]],
  ] as const)('tells %s', (kind, accounts, entries, unbooked) => {
    expect(compareBooks(accounts, entries, unbooked).map((difference) => difference.kind)).toEqual([kind]);
  });
});
