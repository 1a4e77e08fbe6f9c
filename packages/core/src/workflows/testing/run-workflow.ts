import { FakeClock } from '../../testing/index.ts';
import type { WorkflowDefinition } from '../definition/workflow-definition.ts';
import { beginRun } from '../run/begin-run.ts';
import type { GivenOutput, JournalFact } from '../run/run-fact.ts';
import type { RunState } from '../run/run-state.ts';
import { MemoryEngine } from './memory-engine.ts';
import { MemoryRunStore } from './memory-run-store.ts';
import { type Script, ScriptedCaller } from './scripted-caller.ts';

/** A run in memory, for tests: its models follow a script, its clock stands still until it is moved. */
export class TestRun {
  readonly clock = new FakeClock();
  readonly store = new MemoryRunStore(this.clock);
  readonly caller: ScriptedCaller;
  readonly definition: WorkflowDefinition;
  readonly runId = 'run_test';

  constructor(definition: WorkflowDefinition, script: Script) {
    this.definition = definition;
    this.caller = new ScriptedCaller(script);
  }

  /** Begins the run and executes it. Throws when its inputs are wrong. */
  async start(
    inputs: Readonly<Record<string, unknown>> = {},
    given: Readonly<Record<string, GivenOutput>> = {},
  ): Promise<RunState> {
    const beginning = beginRun(this.runId, this.definition, inputs, this.clock.nowMs(), given);
    if (!beginning.isReady) throw new Error(beginning.problems.map(({ message }) => message).join(' '));
    await this.tell(beginning.fact);
    return this.resume();
  }

  /** A new process takes the run over and goes on until it ends or waits. */
  async resume(): Promise<RunState> {
    const { definition, store, caller, clock } = this;
    return new MemoryEngine({ definition, store, caller, clock, lease: store.takeLease(this.runId) }).run();
  }

  /** Something from outside of the engine. */
  async tell(fact: JournalFact): Promise<void> {
    await this.store.append(this.runId, [fact], {});
  }
}
