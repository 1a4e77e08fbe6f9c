import { formatPriceDay } from './price-day.ts';

interface Source {
  origin?: string;
  source: string;
  sourceUrl?: string | null;
  effectiveFrom?: string | null;
}

/** Where a price comes from, with the link to check it and since when it holds; short: the library goes by its kind. */
export function PriceSource({
  origin,
  source,
  sourceUrl,
  effectiveFrom,
  isShort = false,
}: Source & { isShort?: boolean }) {
  const shown = isShort && origin === 'LIBRARY' ? 'List price' : source;
  return (
    <span title={shown === source ? undefined : source}>
      {sourceUrl ? (
        <a href={sourceUrl} target="_blank" rel="noopener noreferrer">
          {shown}
        </a>
      ) : (
        shown
      )}
      {effectiveFrom ? ` from ${formatPriceDay(effectiveFrom)}` : ''}
    </span>
  );
}
