export { MemoryEngine, type MemoryEngineOptions } from './memory-engine.ts';
export { MemoryRunStore } from './memory-run-store.ts';
export { type Outcome, type RandomWorkflow, randomWorkflow } from './random-workflow.ts';
export { type ReferenceRun, type ReferenceStep, referenceRun } from './reference-run.ts';
export { describeRunStoreContract, type RunStoreSetup } from './run-store-contract.ts';
export { TestRun } from './run-workflow.ts';
export { endWith, promptOf, type Script, type ScriptedAnswer, ScriptedCaller } from './scripted-caller.ts';
export { simulatedEnvironment } from './simulated-environment.ts';
export { type Mishaps, noMishaps, SimulatedShell } from './simulated-shell.ts';
