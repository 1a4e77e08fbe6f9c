import type { ModelCall, OutputFormat, ToolChoice, ToolDefinition } from '@switchyard/core/spec';
import type { z } from 'zod';
import { ValidationFailure, type ValidationIssue } from '../../user-errors.ts';
import { type ChatRequestInput, chatRequestInput } from './chat-request-input.ts';
import { decodeChatMessages } from './decode-chat-messages.ts';

/** What a client of the OpenAI-compatible endpoint asked for. */
export interface ChatRequest {
  /** As the client named it: `provider/model`. */
  readonly model: string;
  readonly isStream: boolean;
  readonly includesUsage: boolean;
  /** What the call is marked with. */
  readonly tags: readonly string[];
  /** Everything of the call but the vendor's id of the model. */
  readonly call: Omit<ModelCall, 'model'>;
}

/** Reads the parsed body of `POST /v1/chat/completions`; throws `ValidationFailure` whose paths are OpenAI's field names. */
export function decodeChatRequest(body: unknown): ChatRequest {
  const result = chatRequestInput.safeParse(body);
  if (!result.success) throw new ValidationFailure(result.error.issues.flatMap((issue) => toIssues(issue, [])));
  const request = result.data;
  return {
    model: request.model,
    isStream: request.stream === true,
    includesUsage: request.stream_options?.include_usage === true,
    tags: request.metadata?.tags ?? [],
    call: toCall(request),
  };
}

/** Of a field with several forms, what is wrong with the form that was meant: the one in which it got furthest. */
function toIssues(issue: z.core.$ZodIssue, base: readonly string[]): ValidationIssue[] {
  const path = [...base, ...issue.path.map(String)];
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((branch) => branch.some((nested) => nested.path.length > 0));
    if (meant) return meant.flatMap((nested) => toIssues(nested, path));
  }
  return [{ path, message: path.length > 0 ? `${path.join('.')}: ${issue.message}` : issue.message, code: issue.code }];
}

function toCall(request: ChatRequestInput): Omit<ModelCall, 'model'> {
  const { system, messages } = decodeChatMessages(request.messages);
  const tools = request.tools?.map(toTool) ?? [];
  return {
    messages,
    ...defined({
      system,
      ...(tools.length > 0 && {
        tools,
        toolChoice: toToolChoice(request.tool_choice),
        allowsParallelToolCalls: request.parallel_tool_calls,
      }),
      output: toOutput(request.response_format),
      maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
      temperature: request.temperature,
      topP: request.top_p,
      topK: request.top_k,
      seed: request.seed,
      frequencyPenalty: request.frequency_penalty,
      presencePenalty: request.presence_penalty,
      stopSequences: typeof request.stop === 'string' ? [request.stop] : request.stop,
      reasoningEffort: request.reasoning_effort,
    }),
  };
}

type Nullish<Fields> = { [Field in keyof Fields]?: Fields[Field] | null | undefined };

/** The fields that have a value: clients say "the default" by null as well as by leaving out. */
function defined(fields: Nullish<ModelCall>): Partial<ModelCall> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null));
}

function toTool({ function: { name, description, parameters } }: NonNullable<ChatRequestInput['tools']>[number]) {
  const definition: ToolDefinition = {
    name,
    ...(description != null && { description }),
    inputSchema: parameters ?? { type: 'object', properties: {} },
  };
  return definition;
}

function toToolChoice(choice: ChatRequestInput['tool_choice']): ToolChoice | undefined {
  if (choice == null) return undefined;
  return typeof choice === 'string' ? choice : { toolName: choice.function.name };
}

function toOutput(format: ChatRequestInput['response_format']): OutputFormat | undefined {
  if (format == null || format.type === 'text') return undefined;
  if (format.type === 'json_object') return { type: 'json' };
  const { name, schema } = format.json_schema;
  return { type: 'json', name, ...(schema && { schema }) };
}
