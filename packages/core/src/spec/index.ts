export type { CallWarning } from './call-warning.ts';
export { type CollectedToolCall, collect, type ModelAnswer } from './collect.ts';
export type { EmbeddingCall, EmbeddingInput, EmbeddingResult } from './embedding.ts';
export { type FinishReason, unifiedFinishReasons } from './finish-reason.ts';
export type {
  AssistantMessage,
  ImagePart,
  ModelMessage,
  TextPart,
  ToolCallPart,
  ToolMessage,
  UserMessage,
} from './message.ts';
export type { ConnectionTestResult, ModelAdapter } from './model-adapter.ts';
export {
  type JsonSchema,
  type ModelCall,
  type OutputFormat,
  type ReasoningEffort,
  reasoningEfforts,
  type ToolChoice,
  type ToolDefinition,
} from './model-call.ts';
export {
  callFailureKinds,
  type ErrorBlame,
  ProviderError,
  type ProviderErrorDetails,
  type ProviderErrorKind,
  providerErrorKinds,
} from './provider-error.ts';
export type { RateLimitState } from './rate-limit-state.ts';
export { isContentPart, type ResponseMetadataPart, type StreamPart } from './stream-part.ts';
export type { Usage } from './usage.ts';
