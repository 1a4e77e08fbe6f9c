const grouped = new Intl.NumberFormat('en-US');
const dollars = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** 1234567 → `1,234,567`. */
export function formatCount(value: number): string {
  return grouped.format(Math.round(value));
}

/** 200000 → `200k`, 1048576 → `1.05M`; for limits, where three digits are enough. */
export function formatCompact(value: number): string {
  if (value < 1000) return String(value);
  if (value < 1_000_000) return `${trimZeros((value / 1000).toFixed(value < 10_000 ? 1 : 0))}k`;
  return `${trimZeros((value / 1_000_000).toFixed(2))}M`;
}

/** Milliseconds → `412 ms`, `3.21 s`, `12.3 s`, `1 m 03 s`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} m ${String(seconds % 60).padStart(2, '0')} s`;
}

/** A currency that amounts are shown in, at the rate that the team gave. */
export interface ShownCurrency {
  /** ISO 4217, for example `EUR`. */
  readonly code: string;
  /** How many units one US dollar is, as a decimal. */
  readonly perUsd: string;
}

let shown: { readonly sign: string; readonly rate: number } | undefined;

/** From now on amounts are shown in this currency; in US dollars when undefined, or when the rate cannot be read. */
export function showCurrency(currency: ShownCurrency | undefined): void {
  const rate = Number(currency?.perUsd);
  shown = currency && rate > 0 && Number.isFinite(rate) ? { sign: signOf(currency.code), rate } : undefined;
}

function signOf(code: string): string {
  try {
    const parts = new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency: code,
      currencyDisplay: 'narrowSymbol',
    }).formatToParts(0);
    const sign = parts.find(({ type }) => type === 'currency')?.value ?? code;
    return /[A-Za-z]$/.test(sign) ? `${sign}\u00a0` : sign;
  } catch {
    return `${code}\u00a0`;
  }
}

/**
 * An amount of US dollars, from a decimal string or number, in the currency that is shown: four significant digits under
 * one cent, else four decimals, from one unit on two.
 */
export function formatUsd(value: string | number): string {
  return formatAmount(Number(value) * (shown?.rate ?? 1), shown?.sign ?? '$');
}

function formatAmount(value: number, sign: string): string {
  const amount = Number(value.toPrecision(10));
  if (!Number.isFinite(amount)) return '—';
  if (amount === 0) return `${sign}0`;
  const size = Number(Math.abs(amount).toPrecision(4));
  if (size >= 1) return `${sign}${dollars.format(amount)}`;
  if (size >= 0.01) return `${sign}${amount.toFixed(4)}`;
  const decimals = Math.min(20, 3 - Math.floor(Math.log10(size)));
  return `${sign}${amount.toFixed(decimals)}`;
}

/** A price per million tokens, exactly: `$2.50`, `$0.075`, `$1,250.00`. */
export function formatPricePerMillion(value: string): string {
  if (Number(value) === 0) return 'free';
  const [whole = '0', fraction = ''] = value.split('.');
  return `$${grouped.format(BigInt(whole))}.${fraction.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** Share of one → `98.4 %`. */
export function formatShare(value: number): string {
  return `${trimZeros((value * 100).toFixed(1))} %`;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
