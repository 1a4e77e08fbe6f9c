export type { CallOrigin, CallPurpose, CallRecord, CallRecorder } from './call-record.ts';
export { computeTokensPerSecond } from './token-rate.ts';
