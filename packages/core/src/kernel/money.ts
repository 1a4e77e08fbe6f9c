/** An amount in nano-dollars (10⁻⁹ USD): an exact integer, never a float. */
export type NanoUsd = bigint;

const nanoPerUsd = 1_000_000_000n;

/**
 * Reads a decimal amount of USD ("12", "-0.25", "0.000000001") into nano-dollars.
 * Throws `RangeError` when the text is not a plain decimal number or has more than nine decimals.
 */
export function parseUsd(text: string): NanoUsd {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) throw new RangeError(`"${text}" is not an amount in USD with at most nine decimals.`);
  const [, sign, whole = '0', fraction = ''] = match;
  const nano = BigInt(whole) * nanoPerUsd + BigInt(fraction.padEnd(9, '0'));
  return sign === '-' ? -nano : nano;
}

/** Writes nano-dollars as the shortest exact decimal of USD: `1500000000n` → "1.5". The inverse of `parseUsd`. */
export function formatUsd(amount: NanoUsd): string {
  const magnitude = amount < 0n ? -amount : amount;
  const fraction = (magnitude % nanoPerUsd).toString().padStart(9, '0').replace(/0+$/, '');
  const text = fraction === '' ? `${magnitude / nanoPerUsd}` : `${magnitude / nanoPerUsd}.${fraction}`;
  return amount < 0n ? `-${text}` : text;
}
