/** Rates in USD per million tokens, as decimal texts. */
export interface PreviewRates {
  readonly inputPerMillionUsd: string;
  readonly outputPerMillionUsd: string;
}

const decimal = /^(\d{1,15})(?:\.(\d{1,12}))?$/;

/** 10^-12 USD per million tokens; undefined for what is no price. */
function readRate(text: string): bigint | undefined {
  const [, whole, fraction = ''] = decimal.exec(text.trim()) ?? [];
  return whole === undefined ? undefined : BigInt(whole + fraction.padEnd(12, '0'));
}

/** What a call costs, exactly, as a decimal text in USD; undefined while a rate is missing or is no price. */
export function previewCost(
  { inputPerMillionUsd, outputPerMillionUsd }: PreviewRates,
  inputTokens: number,
  outputTokens: number,
): string | undefined {
  const input = readRate(inputPerMillionUsd);
  const output = readRate(outputPerMillionUsd);
  if (input === undefined || output === undefined) return undefined;
  const digits = (input * BigInt(inputTokens) + output * BigInt(outputTokens)).toString().padStart(19, '0');
  const fraction = digits.slice(-18).replace(/0+$/, '');
  return fraction === '' ? digits.slice(0, -18) : `${digits.slice(0, -18)}.${fraction}`;
}
