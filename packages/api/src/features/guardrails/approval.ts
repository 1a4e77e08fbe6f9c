export const approvalStates = ['pending', 'approved', 'declined', 'expired'] as const;
export type ApprovalState = (typeof approvalStates)[number];

/** What a budget must be raised by so that the call fits, in the budget's unit; at least 1. */
export function neededGrant(asked: {
  readonly requested: bigint;
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly limitAmount: bigint;
}): bigint {
  const { requested, spent, reserved, limitAmount } = asked;
  const missing = spent + reserved + requested - limitAmount;
  return missing > 0n ? missing : 1n;
}
