export { MemoryEngine, type MemoryEngineOptions } from './memory-engine.ts';
export { MemoryRunStore } from './memory-run-store.ts';
