import { reasoningEfforts } from '@switchyard/core/spec';
import { z } from 'zod';
import { tagListInput, tagsInput } from '../comparisons/lane-limits-input.ts';
import { chatMessageInput } from './chat-message-input.ts';

/** Refuses a field that would change the meaning of the answer if it were ignored. */
const refused = (message: string) => z.null({ error: message }).optional();

const jsonSchema = z.record(z.string(), z.unknown());

const tool = z.object({
  type: z.literal('function', { error: 'Only tools of type function are supported.' }),
  function: z.object({
    name: z.string().min(1).max(128),
    description: z.string().nullish(),
    parameters: jsonSchema.nullish(),
  }),
});

const toolChoice = z.union(
  [
    z.enum(['auto', 'none', 'required']),
    z.object({ type: z.literal('function'), function: z.object({ name: z.string().min(1) }) }),
  ],
  { error: 'tool_choice must be auto, none, required or { type: "function", function: { name } }.' },
);

const responseFormat = z.discriminatedUnion(
  'type',
  [
    z.object({ type: z.literal('text') }),
    z.object({ type: z.literal('json_object') }),
    z.object({
      type: z.literal('json_schema'),
      json_schema: z.object({ name: z.string().min(1).max(64), schema: jsonSchema.nullish() }),
    }),
  ],
  { error: 'response_format.type must be text, json_object or json_schema.' },
);

const stopSequence = z.string().min(1);
const tokenLimit = z.int().min(1);
const penalty = z.number().min(-2).max(2);

/**
 * The body of `POST /v1/chat/completions`. Fields that are not named here are ignored, as OpenAI's compatible servers
 * do, except those that would change what the answer means.
 */
export const chatRequestInput = z
  .object({
    model: z.string().min(1).max(300),
    messages: z.array(chatMessageInput).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    tools: z.array(tool).nullish(),
    tool_choice: toolChoice.nullish(),
    parallel_tool_calls: z.boolean().nullish(),
    response_format: responseFormat.nullish(),
    max_tokens: tokenLimit.nullish(),
    max_completion_tokens: tokenLimit.nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    top_k: z.int().min(1).nullish(),
    frequency_penalty: penalty.nullish(),
    presence_penalty: penalty.nullish(),
    seed: z.int().nullish(),
    stop: z.union([stopSequence, z.array(stopSequence).max(4)], { error: 'stop is 1 to 4 texts.' }).nullish(),
    reasoning_effort: z.enum(reasoningEfforts).nullish(),
    n: z.literal(1, { error: 'Only one choice is supported: leave n out or set it to 1.' }).nullish(),
    metadata: z.looseObject({ tags: z.union([tagsInput, tagListInput]).nullish() }).nullish(),
    functions: refused('functions is no longer supported: use tools.'),
    function_call: refused('function_call is no longer supported: use tool_choice.'),
    modalities: z.array(z.literal('text', { error: 'Only text can be answered.' })).nullish(),
  })
  .superRefine(({ tools, tool_choice: choice }, context) => {
    if (typeof choice !== 'object' || !choice) return;
    const { name } = choice.function;
    if (tools?.some((candidate) => candidate.function.name === name)) return;
    context.addIssue({ code: 'custom', path: ['tool_choice'], message: `tools holds no function "${name}".` });
  });

export type ChatRequestInput = z.output<typeof chatRequestInput>;
