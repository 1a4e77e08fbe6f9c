import { defaultChainPolicy } from '@switchyard/core/dispatch';

/** For tests of what one failed call looks like: nothing is tried again. */
export const oneAttempt = { retry: { ...defaultChainPolicy.retry, maxAttempts: 1 } };
