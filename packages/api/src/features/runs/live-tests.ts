import type { OpenCall, ProgressFact, RunState } from '@switchyard/core/workflows';
import type { RunContextFacts } from './make-call.ts';
import type { KeyedDefinition } from './run-definitions.ts';

/** A step that is executed under a live test. */
export interface StepTest {
  readonly test: NonNullable<Extract<ProgressFact, { type: 'route-decided' }>['test']>;
  /** The workflow with what the variant says in place of the step's own. */
  readonly definition: KeyedDefinition;
  /** Notes that the variant could not be asked: the step is executed as it is. */
  readonly giveUp: () => Promise<unknown>;
}

/** Puts executions of steps on variants of live tests. */
export interface LiveTests {
  /**
   * The test and variant of a call that is to be made now, once that is on record; undefined at once for steps without a
   * test. Never rejects.
   */
  assign(
    run: RunContextFacts,
    definition: KeyedDefinition,
    call: OpenCall,
    state: RunState,
  ): Promise<StepTest | undefined> | undefined;
  /** The workflow as a step of a run was executed under a test; undefined when the test is gone. */
  asExecuted(
    teamId: string,
    test: StepTest['test'],
    definition: KeyedDefinition,
    stepId: string,
  ): Promise<KeyedDefinition | undefined>;
}
