export { type CircuitLedgerSetup, describeCircuitLedgerContract } from './circuit-ledger-contract.ts';
export { type ContractSetup, canaryKey } from './contract/contract-subject.ts';
export { FakeClock } from './fake-clock.ts';
export { type ForbiddenUrl, lookupOf, makeForbiddenUrls } from './forbidden-urls.ts';
export type { LedgerSubject } from './ledger-bench.ts';
export { describeLedgerContract } from './ledger-contract.ts';
export { MemoryCircuitLedger } from './memory-circuit-ledger.ts';
export { describeModelAdapterContract } from './model-adapter-contract.ts';
export { ask, type ReadResult, readParts, summarise } from './read-parts.ts';
export {
  type RecordedAnswer,
  type ReplayOptions,
  startRecorder,
  startReplay,
  startTestServer,
  type TestServer,
} from './replay-server.ts';
export { type Script, ScriptedAdapter, type ScriptStep, scriptText } from './scripted-adapter.ts';
export { startTrapServer, type TrapServer } from './trap-server.ts';
