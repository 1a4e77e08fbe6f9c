import type { CallWarning, ModelCall, ModelMessage } from '@switchyard/core/spec';
import type { WorkflowDefinition, WorkflowInput } from '@switchyard/core/workflows';
import { ValidationFailure } from '../../user-errors.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** Values for the inputs of a workflow, and what of the request it does not see. */
export interface ChatInputs {
  readonly inputs: Inputs;
  readonly warnings: readonly CallWarning[];
}

/** Inputs of these names take what a chat has beside its last message. */
const conversationInput = 'messages';
const instructionsInput = 'system';

/**
 * What a chat says to the inputs that a workflow declares. `given` are values that the request names itself; they win and
 * nothing else is read. Else the last user message is either a JSON object with declared inputs by name, or the value of the
 * one input that must be given (of the only one, when none must be). Inputs called `messages` (list) and `system` (string)
 * take the whole conversation and the instructions. Throws `ValidationFailure` that says what the workflow wants.
 */
export function readChatInputs(
  definition: WorkflowDefinition,
  call: Omit<ModelCall, 'model'>,
  given: Inputs | undefined,
): ChatInputs {
  const declared = definition.inputs ?? {};
  const ofChat = readConversation(declared, call);
  const ignored = [...ignoredSettings(call), ...ignoredParts(call, declared, ofChat, given)];
  if (given) return { inputs: { ...ofChat, ...given }, warnings: ignored };
  const text = lastUserText(call.messages);
  const ofText = readText(definition, text, ofChat);
  return { inputs: { ...ofChat, ...ofText }, warnings: ignored };
}

function readConversation(declared: Readonly<Record<string, WorkflowInput>>, call: Omit<ModelCall, 'model'>): Inputs {
  const takes = (name: string, type: WorkflowInput['type']) =>
    Object.hasOwn(declared, name) && declared[name]?.type === type;
  return {
    ...(takes(conversationInput, 'list') && {
      [conversationInput]: call.messages.map((message) => ({ role: message.role, content: textOf(message) })),
    }),
    ...(takes(instructionsInput, 'string') && call.system !== undefined && { [instructionsInput]: call.system }),
  };
}

function readText(definition: WorkflowDefinition, text: string, ofChat: Inputs): Inputs {
  const declared = definition.inputs ?? {};
  const names = Object.keys(declared).filter((name) => !Object.hasOwn(ofChat, name));
  const parsed = parseObject(text);
  if (parsed && Object.keys(parsed).some((name) => Object.hasOwn(declared, name))) return parsed;
  const required = names.filter((name) => !declared[name]?.isOptional && declared[name]?.default === undefined);
  const [target, second] = required.length > 0 ? required : names;
  if (target === undefined) return {};
  if (second !== undefined) {
    // Nothing must be given: the message is for none of them in particular, and the defaults stand.
    if (required.length === 0 && text === '') return {};
    throw unclear(definition, required.length > 0 ? required : names);
  }
  const input = declared[target];
  return { [target]: input ? readValue(definition, target, input, text) : text };
}

/** The message as a value of the type that the input has. */
function readValue(definition: WorkflowDefinition, name: string, { type }: WorkflowInput, text: string): unknown {
  if (type === 'string' || type === 'file') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const message = `The workflow "${definition.name}" takes the last message as its input "${name}" (${type}); send that as JSON.`;
    throw invalid(message);
  }
}

function unclear(definition: WorkflowDefinition, names: readonly string[]): ValidationFailure {
  const example = JSON.stringify(Object.fromEntries(names.slice(0, 3).map((name) => [name, '…'])));
  return invalid(
    `The workflow "${definition.name}" has the inputs ${names.join(', ')}. Send them as one JSON object in the last message, such as ${example}, or in the field switchyard.inputs of the request.`,
  );
}

function invalid(message: string): ValidationFailure {
  return new ValidationFailure([{ path: ['messages'], message, code: 'custom' }]);
}

function parseObject(text: string): Inputs | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Inputs) : undefined;
  } catch {
    return undefined;
  }
}

function lastUserText(messages: readonly ModelMessage[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  return last ? textOf(last) : '';
}

function textOf(message: ModelMessage): string {
  if (message.role === 'tool') return message.output;
  return message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Settings of a model that the steps of a workflow have themselves. */
const settings: readonly (readonly [keyof ModelCall, setting: string])[] = [
  ['maxOutputTokens', 'max_completion_tokens'],
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['seed', 'seed'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['presencePenalty', 'presence_penalty'],
  ['stopSequences', 'stop'],
  ['reasoningEffort', 'reasoning_effort'],
];

function ignoredSettings(call: Omit<ModelCall, 'model'>): CallWarning[] {
  return settings
    .filter(([field]) => (call as Partial<ModelCall>)[field] !== undefined)
    .map(([, setting]) => ({
      type: 'unsupported-setting',
      setting,
      message: `A workflow does not take ${setting}: its steps say how their models write.`,
    }));
}

function ignoredParts(
  call: Omit<ModelCall, 'model'>,
  declared: Readonly<Record<string, WorkflowInput>>,
  ofChat: Inputs,
  given: Inputs | undefined,
): CallWarning[] {
  const warnings: CallWarning[] = [];
  const tell = (setting: string, message: string) => warnings.push({ type: 'unsupported-setting', setting, message });
  const hasImage = call.messages.some(
    (message) => message.role !== 'tool' && message.content.some(({ type }) => type === 'image'),
  );
  if (hasImage) tell('messages', 'A workflow does not take images: they were left out.');
  const isNamed = (name: string) =>
    Object.hasOwn(ofChat, name) || (given !== undefined && Object.hasOwn(declared, name));
  if (call.messages.length > 1 && !isNamed(conversationInput)) {
    const hint = `Declare an input "${conversationInput}" of type list to get the conversation.`;
    tell('messages', `The workflow sees the last user message only. ${hint}`);
  }
  if (call.system !== undefined && !isNamed(instructionsInput)) {
    const hint = `Declare an input "${instructionsInput}" of type string to get them.`;
    tell('messages', `The workflow does not see the instructions. ${hint}`);
  }
  return warnings;
}
