export type { DispatchTarget } from './dispatch-target.ts';
export { type CallOutcome, type DispatchDependencies, type PartListener, runCall } from './run-call.ts';
