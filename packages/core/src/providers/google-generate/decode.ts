import type { CallWarning, FinishReason, StreamPart, Usage } from '../../spec/index.ts';
import { arrayAt, countAt, isRecord, type JsonRecord, recordAt, stringAt } from '../json-shape.ts';
import type { DecoderProgress, DecoderStep, StreamDecoder } from '../stream-decoder.ts';

/** What a Gemini stream has told so far. */
export interface GoogleGenerateState extends DecoderProgress {
  readonly servedModel?: string;
  /** Kind of the block of text that is being written; a change of kind begins a new block. */
  readonly blockKind?: 'text' | 'reasoning';
  readonly blockCount: number;
  readonly toolCallCount: number;
}

const unifiedByRaw: Readonly<Record<string, FinishReason['unified']>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
  MODEL_ARMOR: 'content-filter',
};

/** The model wrote what nobody can use; asked again it mostly does better. */
const brokenAnswers = new Set(['MALFORMED_FUNCTION_CALL', 'MALFORMED_RESPONSE', 'UNEXPECTED_TOOL_CALL']);

/** Decodes `GenerateContentResponse` chunks. */
export const googleGenerateDecoder: StreamDecoder<GoogleGenerateState> = {
  initial: { usage: {}, blockCount: 0, toolCallCount: 0 },
  reduce,
};

const severalCandidates: CallWarning = {
  type: 'other',
  setting: 'providerOptions',
  message: 'The provider wrote several answers; only the first is given, all are billed.',
};

function reduce(before: GoogleGenerateState, event: unknown): DecoderStep<GoogleGenerateState> {
  if (!isRecord(event)) return { state: before, parts: [] };
  const parts: StreamPart[] = [];
  let state = before;
  const servedModel = stringAt(event, 'modelVersion');
  if (servedModel && servedModel !== state.servedModel) {
    const providerRequestId = stringAt(event, 'responseId');
    state = { ...state, servedModel };
    parts.push({ type: 'response-metadata', servedModel, ...(providerRequestId && { providerRequestId }) });
  }
  const usage = recordAt(event, 'usageMetadata');
  if (usage) state = { ...state, usage: readUsage(usage) };
  const blockReason = stringAt(recordAt(event, 'promptFeedback'), 'blockReason');
  if (blockReason && blockReason !== 'BLOCK_REASON_UNSPECIFIED') {
    const failure = {
      kind: 'content-filter',
      message: `Google refused the prompt (${blockReason}).`,
      code: blockReason,
    } as const;
    state = { ...state, failure };
  }
  const candidates = arrayAt(event, 'candidates').filter(isRecord);
  const candidate = candidates.find((entry) => entry.index === undefined || entry.index === 0);
  if (!state.warnings && candidates.some((entry) => entry !== candidate))
    state = { ...state, warnings: [severalCandidates] };
  for (const part of arrayAt(recordAt(candidate, 'content'), 'parts')) {
    if (isRecord(part)) state = takePart(state, part, parts);
  }
  const raw = stringAt(candidate, 'finishReason');
  if (raw && brokenAnswers.has(raw)) {
    const message = stringAt(candidate, 'finishMessage') ?? `Gemini ended its answer with ${raw}.`;
    state = { ...state, failure: { kind: 'invalid-response', message, code: raw } };
  } else if (raw && raw !== 'FINISH_REASON_UNSPECIFIED') {
    const unified = unifiedByRaw[raw] ?? 'other';
    state = {
      ...state,
      reason: { unified: unified === 'stop' && state.toolCallCount > 0 ? 'tool-calls' : unified, raw },
    };
  }
  return { state, parts };
}

function takePart(state: GoogleGenerateState, part: JsonRecord, parts: StreamPart[]): GoogleGenerateState {
  const call = recordAt(part, 'functionCall');
  const toolName = stringAt(call, 'name');
  if (call && toolName) {
    const vendorSignature = stringAt(part, 'thoughtSignature');
    parts.push({
      type: 'tool-call',
      id: stringAt(call, 'id') || `call_${state.toolCallCount}`,
      toolName,
      input: JSON.stringify(recordAt(call, 'args') ?? {}),
      ...(vendorSignature && { vendorSignature }),
    });
    const { blockKind: _, ...rest } = state;
    return { ...rest, toolCallCount: state.toolCallCount + 1 };
  }
  const text = stringAt(part, 'text');
  if (!text) return state;
  const kind = part.thought === true ? 'reasoning' : 'text';
  const blockCount = state.blockKind === kind ? state.blockCount : state.blockCount + 1;
  parts.push({ type: kind === 'text' ? 'text-delta' : 'reasoning-delta', id: `block-${blockCount - 1}`, delta: text });
  return blockCount === state.blockCount ? state : { ...state, blockKind: kind, blockCount };
}

/** Thoughts are billed output but stand outside `candidatesTokenCount`; tool use stands outside `promptTokenCount`. */
function readUsage(usage: JsonRecord): Usage {
  const prompt = countAt(usage, 'promptTokenCount');
  const toolUse = countAt(usage, 'toolUsePromptTokenCount');
  const cachedInputTokens = countAt(usage, 'cachedContentTokenCount');
  const candidates = countAt(usage, 'candidatesTokenCount');
  const reasoningTokens = countAt(usage, 'thoughtsTokenCount');
  const total = countAt(usage, 'totalTokenCount');
  const inputTokens = prompt === undefined ? undefined : prompt + (toolUse ?? 0);
  // An answer without text has no candidates count; the total still tells.
  const rest =
    candidates === undefined && inputTokens !== undefined && total !== undefined && total >= inputTokens
      ? total - inputTokens
      : undefined;
  const outputTokens = candidates === undefined ? rest : candidates + (reasoningTokens ?? 0);
  return {
    ...(inputTokens !== undefined && { inputTokens }),
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
  };
}
