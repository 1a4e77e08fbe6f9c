import type { BudgetUnit } from '@switchyard/core/guardrails';
import { formatUsd, parseUsd } from '@switchyard/core/kernel';

/** An amount of a budget as the API writes it: USD for money, else a whole number. */
export function toDecimal(unit: BudgetUnit, amount: bigint): string {
  return unit === 'cost' ? formatUsd(amount) : `${amount}`;
}

/** Reads what `toDecimal` writes; undefined for parts of a token or a call, and for what is no number. */
export function fromDecimal(unit: BudgetUnit, text: string): bigint | undefined {
  try {
    const nano = parseUsd(text);
    if (unit === 'cost') return nano;
    return nano % 1_000_000_000n === 0n ? nano / 1_000_000_000n : undefined;
  } catch {
    return undefined;
  }
}
