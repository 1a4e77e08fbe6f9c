'use client';

import { useQuery } from 'urql';
import { showCurrency } from '../format/number-format.ts';
import { DisplayCurrencyDocument } from '../gql/shell.ts';
import type { WorkspaceData } from './workspace-context.tsx';

/**
 * Shows amounts in the currency of the team's settings. Gives a key that changes with it, for what has to be drawn anew,
 * and how amounts are to be understood; both undefined for dollars.
 */
export function useDisplayCurrency(workspace: WorkspaceData | undefined): {
  readonly key: string | undefined;
  readonly note: string | undefined;
} {
  const mayRead = workspace?.viewer.permissions.some(
    ({ area, level, isAllowed }) => area === 'TEAM' && level === 'READ' && isAllowed,
  );
  const [{ data }] = useQuery({ query: DisplayCurrencyDocument, pause: !mayRead });
  const currency = data?.teamSettings.currency ?? undefined;
  // While drawing and not after it: what is drawn below must have it already.
  showCurrency(currency);
  if (!currency) return { key: undefined, note: undefined };
  const since = currency.rateDate ? ` on ${currency.rateDate}` : '';
  return {
    key: `${currency.code} ${currency.perUsd}`,
    note: `Amounts in ${currency.code}, at ${currency.perUsd} for a dollar${since}`,
  };
}
