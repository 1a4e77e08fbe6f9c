import type { FinishReason, StreamPart } from '../../spec/index.ts';
import { type ClaudeThought, encodeClaudeThoughts } from '../claude-thoughts.ts';
import { arrayAt, isRecord, type JsonRecord, recordAt, stringAt } from '../json-shape.ts';
import type { DecoderProgress, DecoderStep, StreamDecoder } from '../stream-decoder.ts';
import { type AnthropicCounters, mergeCounters, toUsage } from './usage.ts';

interface OpenBlock {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly input: string;
  readonly thinking: string;
  readonly signature: string;
  readonly redacted: string;
}

/** What an Anthropic stream has told so far. */
export interface AnthropicMessagesState extends DecoderProgress {
  readonly counters: AnthropicCounters;
  readonly blocks: ReadonlyMap<number, OpenBlock>;
  /** Finished thoughts that no tool call has taken with it yet. */
  readonly thoughts: readonly ClaudeThought[];
}

const unifiedByRaw: Readonly<Record<string, FinishReason['unified']>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'refusal',
};

/** Decodes Anthropic's message events. `jsonToolName`: the tool whose input is the answer's text, if one stands in for structured output. */
export function createAnthropicMessagesDecoder(jsonToolName?: string): StreamDecoder<AnthropicMessagesState> {
  return {
    initial: { usage: {}, counters: {}, blocks: new Map(), thoughts: [] },
    reduce: (state, event) => (isRecord(event) ? reduce(state, event, jsonToolName) : { state, parts: [] }),
  };
}

function reduce(
  state: AnthropicMessagesState,
  event: JsonRecord,
  jsonToolName: string | undefined,
): DecoderStep<AnthropicMessagesState> {
  switch (event.type) {
    case 'message_start': {
      const message = recordAt(event, 'message');
      const servedModel = stringAt(message, 'model');
      return {
        state: count(state, message?.usage),
        parts: servedModel === undefined ? [] : [{ type: 'response-metadata', servedModel }],
      };
    }
    case 'content_block_start':
      return startBlock(state, indexOf(event), recordAt(event, 'content_block'), jsonToolName);
    case 'content_block_delta':
      return takeDelta(state, indexOf(event), recordAt(event, 'delta'), jsonToolName);
    case 'content_block_stop':
      return stopBlock(state, indexOf(event), jsonToolName);
    case 'message_delta': {
      const raw = stringAt(recordAt(event, 'delta'), 'stop_reason');
      const counted = count(state, event.usage);
      return {
        state: raw === undefined ? counted : { ...counted, reason: readStopReason(raw, jsonToolName) },
        parts: [],
      };
    }
    case 'message':
      return takeWholeMessage(state, event, jsonToolName);
    default:
      return { state, parts: [] };
  }
}

function count(state: AnthropicMessagesState, report: unknown): AnthropicMessagesState {
  const counters = mergeCounters(state.counters, report);
  return counters === state.counters ? state : { ...state, counters, usage: toUsage(counters) };
}

function startBlock(
  state: AnthropicMessagesState,
  index: number,
  block: JsonRecord | undefined,
  jsonToolName: string | undefined,
): DecoderStep<AnthropicMessagesState> {
  if (!block) return { state, parts: [] };
  const given = block.input;
  const open: OpenBlock = {
    type: stringAt(block, 'type') ?? '',
    id: stringAt(block, 'id') ?? `call_${index}`,
    name: stringAt(block, 'name') ?? '',
    input: isRecord(given) && Object.keys(given).length > 0 ? JSON.stringify(given) : '',
    thinking: stringAt(block, 'thinking') ?? '',
    signature: stringAt(block, 'signature') ?? '',
    redacted: stringAt(block, 'data') ?? '',
  };
  const next = { ...state, blocks: new Map(state.blocks).set(index, open) };
  const text = stringAt(block, 'text') ?? (open.name === jsonToolName && jsonToolName !== undefined ? open.input : '');
  if (text) return { state: next, parts: [{ type: 'text-delta', id: idOf(index), delta: text }] };
  const thinking = stringAt(block, 'thinking');
  return { state: next, parts: thinking ? [{ type: 'reasoning-delta', id: idOf(index), delta: thinking }] : [] };
}

function takeDelta(
  state: AnthropicMessagesState,
  index: number,
  delta: JsonRecord | undefined,
  jsonToolName: string | undefined,
): DecoderStep<AnthropicMessagesState> {
  const nothing = { state, parts: [] };
  switch (delta?.type) {
    case 'text_delta': {
      const text = stringAt(delta, 'text');
      return text ? { state, parts: [{ type: 'text-delta', id: idOf(index), delta: text }] } : nothing;
    }
    case 'thinking_delta': {
      const thinking = stringAt(delta, 'thinking');
      if (!thinking) return nothing;
      const open = state.blocks.get(index);
      const next = open ? withBlock(state, index, { ...open, thinking: open.thinking + thinking }) : state;
      return { state: next, parts: [{ type: 'reasoning-delta', id: idOf(index), delta: thinking }] };
    }
    case 'signature_delta': {
      const open = state.blocks.get(index);
      const signature = stringAt(delta, 'signature');
      if (!open || !signature) return nothing;
      return { state: withBlock(state, index, { ...open, signature: open.signature + signature }), parts: [] };
    }
    case 'input_json_delta': {
      const open = state.blocks.get(index);
      const json = stringAt(delta, 'partial_json');
      if (!open || !json) return nothing;
      if (jsonToolName !== undefined && open.name === jsonToolName)
        return { state, parts: [{ type: 'text-delta', id: idOf(index), delta: json }] };
      return { state: withBlock(state, index, { ...open, input: open.input + json }), parts: [] };
    }
    default:
      return nothing;
  }
}

function withBlock(state: AnthropicMessagesState, index: number, block: OpenBlock): AnthropicMessagesState {
  return { ...state, blocks: new Map(state.blocks).set(index, block) };
}

function stopBlock(
  state: AnthropicMessagesState,
  index: number,
  jsonToolName: string | undefined,
): DecoderStep<AnthropicMessagesState> {
  const open = state.blocks.get(index);
  if (!open) return { state, parts: [] };
  const blocks = new Map(state.blocks);
  blocks.delete(index);
  const isCall = open.type === 'tool_use' && open.name !== '' && open.name !== jsonToolName;
  if (!isCall) return { state: { ...state, blocks, thoughts: [...state.thoughts, ...thoughtsOf(open)] }, parts: [] };
  const part: StreamPart = {
    type: 'tool-call',
    id: open.id,
    toolName: open.name,
    input: open.input === '' ? '{}' : open.input,
    ...(state.thoughts.length > 0 && { vendorSignature: encodeClaudeThoughts(state.thoughts) }),
  };
  return { state: { ...state, blocks, thoughts: [] }, parts: [part] };
}

/** The block as a thought that can be given back: only what Anthropic signed. */
function thoughtsOf({ type, thinking, signature, redacted }: OpenBlock): readonly ClaudeThought[] {
  if (type === 'thinking' && signature !== '') return [{ type, thinking, signature }];
  return type === 'redacted_thinking' && redacted !== '' ? [{ type, data: redacted }] : [];
}

/** A whole message from an endpoint that does not stream. */
function takeWholeMessage(
  before: AnthropicMessagesState,
  message: JsonRecord,
  jsonToolName: string | undefined,
): DecoderStep<AnthropicMessagesState> {
  let state = count(before, message.usage);
  const parts: StreamPart[] = [];
  const servedModel = stringAt(message, 'model');
  if (servedModel !== undefined) parts.push({ type: 'response-metadata', servedModel });
  arrayAt(message, 'content').forEach((block, index) => {
    const started = startBlock(state, index, isRecord(block) ? block : undefined, jsonToolName);
    const stopped = stopBlock(started.state, index, jsonToolName);
    state = stopped.state;
    parts.push(...started.parts, ...stopped.parts);
  });
  const raw = stringAt(message, 'stop_reason');
  return { state: raw === undefined ? state : { ...state, reason: readStopReason(raw, jsonToolName) }, parts };
}

function readStopReason(raw: string, jsonToolName: string | undefined): FinishReason {
  const unified = unifiedByRaw[raw] ?? 'other';
  return { unified: unified === 'tool-calls' && jsonToolName !== undefined ? 'stop' : unified, raw };
}

function indexOf(event: JsonRecord): number {
  return typeof event.index === 'number' ? event.index : 0;
}

function idOf(index: number): string {
  return `block-${index}`;
}
