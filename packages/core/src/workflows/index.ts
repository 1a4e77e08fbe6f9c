export { canonicalForm } from './definition/canonical-form.ts';
export { type DefinitionChange, diffDefinitions } from './definition/diff-definitions.ts';
export { type ReadDefinition, readDefinition } from './definition/read-definition.ts';
export { readWorkflowText, type WorkflowText } from './definition/read-workflow-text.ts';
export {
  type ApprovalStep,
  type BranchStep,
  type CallSpec,
  callSpecOf,
  type MapStep,
  type MergeStep,
  type PromptStep,
  runDeadlineMs,
  type TransformStep,
  type WorkflowDefinition,
  type WorkflowInput,
  type WorkflowStep,
  workflowSchema,
} from './definition/workflow-definition.ts';
export { type Dependency, type WorkflowGraph, workflowGraph } from './definition/workflow-graph.ts';
export { writeWorkflowJson, writeWorkflowYaml } from './definition/write-definition.ts';
export { gallery } from './gallery/gallery.ts';
export type { GalleryEntry } from './gallery/gallery-entry.ts';
export { applyEvent, replayRun } from './run/apply-event.ts';
export {
  beginRun,
  planRetry,
  type RetryPlan,
  type RetryRefusal,
  type RunBeginning,
} from './run/begin-run.ts';
export { callIdOf, isSampledForRating } from './run/call-id.ts';
export { callNotMade, concludeCall, stoppedError } from './run/conclude-call.ts';
export { evaluateCommand, evaluationFailed } from './run/evaluate-command.ts';
export { narrowState } from './run/narrow-state.ts';
export { planRun } from './run/plan-run.ts';
export { type Preparation, type PreparedCall, type PreparedModel, prepareCall } from './run/prepare-call.ts';
export { type Preview, type PreviewSample, previewStep } from './run/preview-step.ts';
export { type PublicEventType, publicEventTypes, publicTypeOf } from './run/public-events.ts';
export { type InputProblem, type ReadInputs, readInputs } from './run/read-inputs.ts';
export { type ReadOutput, readOutput } from './run/read-output.ts';
export { reuseOutputs } from './run/reuse-outputs.ts';
export type { CallModelCommand, EvaluateCommand, RunCommand } from './run/run-command.ts';
export { type RunErrorCode, runErrorCodes } from './run/run-error-codes.ts';
export {
  type CallAnswer,
  type CallPlace,
  type GivenOutput,
  isJournalEvent,
  type JournalEvent,
  type JournalFact,
  type ModelOutputs,
  type ProgressFact,
  type ProviderSpend,
  type RunError,
  type RunEvent,
  type RunFact,
  type RunOutcome,
} from './run/run-fact.ts';
export { type CallEnd, LeaseLost, type ModelCaller, type RunLease, type RunStore } from './run/run-ports.ts';
export { mostRunCharacters, sizeOfFact } from './run/run-size.ts';
export {
  type ApprovalState,
  type ItemState,
  type ItemsState,
  newRun,
  type OpenCall,
  type ProviderTotal,
  type RunState,
  type SlotState,
  type StepState,
} from './run/run-state.ts';
export { sumSpend, toCallEnd } from './run/to-call-end.ts';
export { toProgressFact } from './run/to-progress-fact.ts';
export {
  type CompiledTemplate,
  compileTemplate,
  TemplateFailed,
  type TemplateLimits,
} from './templates/compile-template.ts';
export {
  validateWorkflow,
  validateWorkflowText,
  type WorkflowValidation,
} from './validation/validate-workflow.ts';
export type { EnvironmentModel, EnvironmentProvider, WorkflowEnvironment } from './validation/workflow-environment.ts';
export {
  formatProblemPath,
  type ProblemPath,
  type TextPosition,
  type WorkflowProblem,
  type WorkflowProblemCode,
  workflowProblemCodes,
} from './validation/workflow-problem.ts';
export { type Completion, type Completions, completionsAt } from './values/completions.ts';
export { checkAgainstSchema } from './values/json-schema.ts';
export type { ValueType } from './values/value-type.ts';
