import {
  type CallEnd,
  concludeCall,
  type EvaluateCommand,
  evaluateCommand,
  type JournalFact,
  type OpenCall,
  type Preparation,
  type PreparedCall,
  prepareCall,
  type RunState,
  type WorkflowDefinition,
} from '@switchyard/core/workflows';

/** Work on what an author or a model wrote: done in a thread that can be killed. Plain data. */
export type EvaluationTask =
  | { readonly type: 'evaluate'; readonly command: EvaluateCommand; readonly state: RunState }
  | { readonly type: 'prepare'; readonly call: OpenCall; readonly state: RunState }
  | { readonly type: 'conclude'; readonly prepared: PreparedCall; readonly end: CallEnd };

export interface EvaluationResults {
  readonly evaluate: JournalFact;
  readonly prepare: Preparation;
  readonly conclude: JournalFact;
}

/** Does a task; never throws for what the author wrote. */
export function doTask(
  task: EvaluationTask,
  definition: WorkflowDefinition,
): EvaluationResults[EvaluationTask['type']] {
  switch (task.type) {
    case 'evaluate':
      return evaluateCommand(task.command, definition, task.state);
    case 'prepare':
      return prepareCall(task.call, definition, task.state);
    case 'conclude':
      return concludeCall(task.prepared, task.end);
  }
}

/** What a thread is sent; the definition only the first time. */
export interface EvaluationRequest {
  readonly id: number;
  readonly definitionKey: string;
  readonly definition?: WorkflowDefinition;
  readonly task: EvaluationTask;
}

export type EvaluationReply =
  /** The thread has read its program and begins with what it was sent. */
  | { readonly isReady: true }
  | { readonly id: number; readonly isDone: true; readonly result: unknown }
  /** The thread has no such definition: it is to be sent along. */
  | { readonly id: number; readonly isDone: false; readonly needsDefinition: true }
  | { readonly id: number; readonly isDone: false; readonly message: string };
