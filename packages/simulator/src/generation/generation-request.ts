import type { JsonRecord } from '../json-value.ts';
import type { ModelProfile, ReasoningEffort } from '../models/model-profile.ts';

export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
  images: number;
}

export interface ToolDefinition {
  name: string;
  description: string;
  schema: JsonRecord;
}

/** A stretch of the prompt in order, for prompt caches. `breakpoint`: the client asked to cache up to its end. */
export interface PromptSegment {
  text: string;
  breakpoint?: { ttl: '5m' | '1h' } | undefined;
}

/** What a chat request asks for, whichever vendor's format it came in. */
export interface GenerationRequest {
  model: ModelProfile;
  /** The model name as the client wrote it. */
  modelName: string;
  stream: boolean;
  turns: Turn[];
  segments: PromptSegment[];
  tools: ToolDefinition[];
  toolChoice: { mode: 'auto' | 'none' | 'required'; name?: string | undefined };
  parallelTools: boolean;
  output: { type: 'text' } | { type: 'json'; schema: unknown };
  stop: string[];
  maxOutputTokens: number | undefined;
  reasoning: { effort: ReasoningEffort; budgetTokens?: number | undefined; visible: boolean; omitted?: boolean };
  choices: number;
  seed: number | undefined;
  /** OpenAI format: send the usage chunk. */
  includeUsage: boolean;
}

/** Text of the last user turn. */
export function lastUserText(request: GenerationRequest): string {
  return request.turns.findLast((turn) => turn.role === 'user')?.text ?? '';
}

/** Text of a trailing assistant turn, which some models continue. */
export function prefillOf(request: GenerationRequest): string | undefined {
  const last = request.turns.at(-1);
  return last?.role === 'assistant' && last.text !== '' ? last.text : undefined;
}
