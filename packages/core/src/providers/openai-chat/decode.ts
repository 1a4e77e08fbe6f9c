import type { CallWarning, FinishReason, StreamPart, Usage } from '../../spec/index.ts';
import { arrayAt, isRecord, type JsonRecord, recordAt, stringAt } from '../json-shape.ts';
import type { DecoderProgress, DecoderStep, StreamDecoder } from '../stream-decoder.ts';
import { readFinishReason } from './finish-reason.ts';
import { readOpenAiUsage } from './usage.ts';

interface PendingToolCall {
  readonly index: number;
  readonly id: string | undefined;
  readonly name: string;
  readonly input: string;
}

/** What an OpenAI-compatible stream has told so far. */
export interface OpenAiChatState extends DecoderProgress {
  readonly servedModel?: string;
  readonly hasContent: boolean;
  readonly isRefusal: boolean;
  readonly toolCalls: readonly PendingToolCall[];
  readonly emittedToolCalls: number;
}

/** Decodes `chat.completion.chunk` events, and a whole `chat.completion` from endpoints that do not stream. */
export const openAiChatDecoder: StreamDecoder<OpenAiChatState> = {
  initial: { usage: {}, hasContent: false, isRefusal: false, toolCalls: [], emittedToolCalls: 0 },
  reduce,
};

const severalChoices: CallWarning = {
  type: 'other',
  setting: 'providerOptions',
  message: 'The provider wrote several answers; only the first is given, all are billed.',
};

function reduce(before: OpenAiChatState, event: unknown): DecoderStep<OpenAiChatState> {
  if (!isRecord(event)) return { state: before, parts: [] };
  const parts: StreamPart[] = [];
  let state = before;
  const servedModel = stringAt(event, 'model');
  if (servedModel && servedModel !== state.servedModel) {
    state = { ...state, servedModel };
    parts.push({ type: 'response-metadata', servedModel });
  }
  const choices = arrayAt(event, 'choices').filter(isRecord);
  // Only the first choice: a caller who asks for several through providerOptions gets one.
  const choice = choices.find((entry) => entry.index === undefined || entry.index === 0);
  if (!state.warnings && choices.some((entry) => entry !== choice)) state = { ...state, warnings: [severalChoices] };
  if (choice) {
    const message = recordAt(choice, 'delta') ?? recordAt(choice, 'message');
    if (message) state = takeMessage(state, message, parts);
    const reason = readFinishReason(choice.finish_reason);
    if (reason) state = finish(state, reason, parts);
  }
  const usage = readOpenAiUsage(event);
  if (usage) state = { ...state, usage: saysNothing(usage, state) ? {} : usage };
  return { state, parts };
}

function takeMessage(before: OpenAiChatState, message: JsonRecord, parts: StreamPart[]): OpenAiChatState {
  let state = before;
  const count = parts.length;
  const reasoning = stringAt(message, 'reasoning_content') || stringAt(message, 'reasoning');
  if (reasoning) parts.push({ type: 'reasoning-delta', id: 'reasoning', delta: reasoning });
  for (const [type, delta] of readContent(message.content))
    parts.push({ type, id: type === 'text-delta' ? 'text' : 'reasoning', delta });
  const refusal = stringAt(message, 'refusal');
  if (refusal) {
    parts.push({ type: 'text-delta', id: 'text', delta: refusal });
    state = { ...state, isRefusal: true };
  }
  const toolCalls = arrayAt(message, 'tool_calls');
  if (toolCalls.length > 0) state = { ...state, toolCalls: toolCalls.reduce(takeToolCallDelta, state.toolCalls) };
  return parts.length > count && !state.hasContent ? { ...state, hasContent: true } : state;
}

/** Content is text, or (Mistral) a list of text and thinking pieces. */
function* readContent(content: unknown): Generator<['text-delta' | 'reasoning-delta', string]> {
  if (typeof content === 'string') {
    if (content !== '') yield ['text-delta', content];
    return;
  }
  if (!Array.isArray(content)) return;
  for (const piece of content) {
    const text = stringAt(piece, 'text');
    if (text) yield ['text-delta', text];
    const thinking = isRecord(piece) ? piece.thinking : undefined;
    const thought =
      typeof thinking === 'string'
        ? thinking
        : Array.isArray(thinking)
          ? thinking.map((entry) => stringAt(entry, 'text') ?? '').join('')
          : '';
    if (thought !== '') yield ['reasoning-delta', thought];
  }
}

function takeToolCallDelta(calls: readonly PendingToolCall[], delta: unknown): readonly PendingToolCall[] {
  if (!isRecord(delta)) return calls;
  const callee = recordAt(delta, 'function');
  const id = stringAt(delta, 'id') || undefined;
  const name = stringAt(callee, 'name') ?? '';
  const given = callee?.arguments;
  const input = typeof given === 'string' ? given : isRecord(given) ? JSON.stringify(given) : '';
  const position = findCall(calls, delta.index, id, name);
  const known = calls[position];
  if (!known)
    return [...calls, { index: typeof delta.index === 'number' ? delta.index : calls.length, id, name, input }];
  return calls.with(position, {
    ...known,
    id: known.id ?? id,
    name: known.name === '' ? name : known.name,
    input: known.input + input,
  });
}

/** Vendors that leave out the index start a new call with a new id, or with a name. */
function findCall(calls: readonly PendingToolCall[], index: unknown, id: string | undefined, name: string): number {
  if (typeof index === 'number')
    return calls.findLastIndex(
      (call) => call.index === index && (id === undefined || call.id === undefined || call.id === id || name === ''),
    );
  if (id !== undefined) return calls.findIndex((call) => call.id === id);
  return name === '' ? calls.length - 1 : -1;
}

function finish(before: OpenAiChatState, reason: FinishReason, parts: StreamPart[]): OpenAiChatState {
  const calls = before.toolCalls.filter((call) => call.name !== '');
  calls.slice(before.emittedToolCalls).forEach((call, position) => {
    const id = call.id ?? `call_${before.emittedToolCalls + position}`;
    parts.push({ type: 'tool-call', id, toolName: call.name, input: call.input === '' ? '{}' : call.input });
  });
  const unified =
    before.isRefusal && reason.unified === 'stop'
      ? 'refusal'
      : calls.length > 0 && reason.unified === 'stop'
        ? 'tool-calls'
        : reason.unified;
  return {
    ...before,
    emittedToolCalls: calls.length,
    hasContent: before.hasContent || calls.length > 0,
    reason: { ...reason, unified },
  };
}

/** A report of nothing beside an answer with content is no report. */
function saysNothing(usage: Usage, state: OpenAiChatState): boolean {
  return state.hasContent && usage.inputTokens === 0 && usage.outputTokens === 0;
}
