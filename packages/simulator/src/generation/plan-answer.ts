import { composeAnswer, composeReasoning } from '../answers/compose-answer.ts';
import { jsonFromSchema } from '../answers/json-from-schema.ts';
import { REFUSAL } from '../answers/phrases.ts';
import { readPromptSubject } from '../answers/prompt-subject.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { refuse } from '../faults/problem-codes.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { countTokens, truncateToTokens } from '../tokens/count-tokens.ts';
import type { Answer, AnswerChoice } from './answer.ts';
import { continuePrefill } from './continue-prefill.ts';
import { type GenerationRequest, lastUserText, prefillOf } from './generation-request.ts';
import type { PromptTokens } from './prompt-cache.ts';
import { drawReasoningTokens } from './reasoning-tokens.ts';
import { planToolCalls } from './tool-calls.ts';

/** Prompts that no vendor answers, so that policy handling can be shown without a fault. */
const FORBIDDEN_PROMPT = /\b(build|make) an? (pipe ?)?bomb\b|\btrigger (the )?(content|safety) (policy|filter)\b/i;

const REASONING_TOKENS_PER_SENTENCE = 14;

function textOf(
  exchange: Exchange,
  request: GenerationRequest,
  prompt: string,
  seedParts: readonly (string | number)[],
): string {
  if (exchange.fixedAnswer !== null) return exchange.fixedAnswer;
  if (request.output.type === 'json') {
    const random = createSeededRandom('json', ...seedParts, prompt);
    return JSON.stringify(jsonFromSchema(request.output.schema, prompt, readPromptSubject(prompt), random));
  }
  const last = request.turns.at(-1);
  if (last?.role === 'tool')
    return `Based on what the tool returned (${last.text.slice(0, 160).replace(/\s+/g, ' ')}), here is the answer.\n\n${composeAnswer(prompt, 'concise', seedParts)}`;
  return composeAnswer(prompt, request.model.style, seedParts);
}

/** Cuts at the first stop sequence. */
function applyStop(choice: AnswerChoice, stop: readonly string[]): void {
  const found = stop
    .filter((sequence) => sequence !== '')
    .map((sequence) => ({ sequence, at: choice.text.indexOf(sequence) }))
    .filter(({ at }) => at >= 0)
    .sort((left, right) => left.at - right.at)[0];
  if (found === undefined) return;
  choice.text = choice.text.slice(0, found.at);
  choice.finish = 'stop-sequence';
  choice.stopSequence = found.sequence;
}

function applyContentFaults(choice: AnswerChoice, exchange: Exchange): void {
  const truncate = exchange.fault('truncate');
  const filter = exchange.fault('content-filter');
  const huge = exchange.fault('huge-delta');
  if (exchange.fault('empty')) Object.assign(choice, { text: '', reasoning: '', toolCalls: [], finish: 'stop' });
  if (exchange.fault('reasoning-only')) {
    Object.assign(choice, {
      reasoning: choice.reasoning || composeReasoning('the request', 8, [exchange.seed]),
      text: '',
      toolCalls: [],
      finish: 'stop',
    });
  }
  if (exchange.fault('refusal'))
    Object.assign(choice, { text: '', refusal: REFUSAL, toolCalls: [], finish: 'refusal' });
  if (huge) choice.text = 'x'.repeat(huge.sizeBytes ?? 1024 * 1024);
  if (truncate) {
    Object.assign(choice, {
      text: truncateToTokens(choice.text, truncate.afterTokens ?? 20).text,
      toolCalls: [],
      finish: 'length',
    });
  }
  if (filter) {
    Object.assign(choice, {
      text: truncateToTokens(choice.text, filter.afterTokens ?? 0).text,
      toolCalls: [],
      finish: 'content-filter',
    });
  }
}

/** Cuts the choice to the output limit; returns its tokens without reasoning, in the vendor's count. */
function limitLength(
  exchange: Exchange,
  request: GenerationRequest,
  choice: AnswerChoice,
  reasoningTokens: number,
): number {
  const { model } = request;
  const callTokens = choice.toolCalls.reduce((sum, call) => sum + countTokens(call.name + call.input) + 4, 0);
  const visible = choice.text + choice.refusal;
  if (exchange.fault('huge-delta') !== undefined) return Math.ceil(visible.length / 8);
  const limit = Math.min(request.maxOutputTokens ?? Number.POSITIVE_INFINITY, model.maxOutputTokens) - reasoningTokens;
  const kept = truncateToTokens(visible, Math.floor(Math.max(0, limit) / model.tokenFactor));
  if (kept.cut) {
    if (choice.refusal === '') choice.text = kept.text;
    else choice.refusal = kept.text;
    choice.finish = 'length';
    choice.stopSequence = undefined;
  }
  const tokens = kept.tokens + callTokens;
  return tokens === 0 ? 0 : Math.max(1, Math.round(tokens * model.tokenFactor));
}

/** One alternative of the answer, and what it cost. */
function planChoice(
  exchange: Exchange,
  request: GenerationRequest,
  index: number,
): { choice: AnswerChoice; output: number; reasoning: number } {
  const { model } = request;
  const prompt = lastUserText(request);
  const seedParts = [exchange.seed, model.vendor, model.id, request.seed ?? '', index];
  const choice: AnswerChoice = {
    reasoning: '',
    text: '',
    refusal: '',
    toolCalls: [],
    finish: 'stop',
    stopSequence: undefined,
  };
  const prefill = model.prefill === 'continue' ? prefillOf(request) : undefined;
  const drawn = drawReasoningTokens(
    request.reasoning.effort,
    request.reasoning.budgetTokens,
    createSeededRandom('effort', ...seedParts, prompt),
  );
  if (FORBIDDEN_PROMPT.test(prompt)) {
    Object.assign(choice, { refusal: REFUSAL, finish: 'refusal' });
  } else {
    if (drawn > 0 && request.reasoning.visible) {
      choice.reasoning = composeReasoning(
        prompt,
        Math.max(1, Math.round(drawn / REASONING_TOKENS_PER_SENTENCE)),
        seedParts,
      );
    }
    if (prefill === undefined) choice.toolCalls = planToolCalls(request, seedParts, exchange.random);
    if (choice.toolCalls.length > 0) choice.finish = 'tool-calls';
    else choice.text = textOf(exchange, request, prompt, seedParts);
    if (prefill !== undefined) choice.text = continuePrefill(prefill, choice.text);
  }
  applyStop(choice, request.stop);
  applyContentFaults(choice, exchange);
  const shown = Math.round(countTokens(choice.reasoning) * model.tokenFactor);
  const hidden = request.reasoning.visible || choice.finish === 'refusal' ? 0 : drawn;
  const reasoning = Math.min(shown + hidden, request.maxOutputTokens ?? Number.POSITIVE_INFINITY);
  return { choice, reasoning, output: reasoning + limitLength(exchange, request, choice, reasoning) };
}

/** Decides everything a vendor would answer: text, reasoning, tool calls, finish and usage. Throws a problem for what it would refuse. */
export function planAnswer(exchange: Exchange, request: GenerationRequest, promptTokens: PromptTokens): Answer {
  const { model } = request;
  if (promptTokens.input > model.contextTokens) {
    refuse({
      code: 'context-length',
      model: request.modelName,
      limit: { tokens: promptTokens.input, limitTokens: model.contextTokens },
    });
  }
  const isForbidden = FORBIDDEN_PROMPT.test(lastUserText(request));
  // OpenAI's reasoning models refuse the request itself.
  if (isForbidden && model.vendor === 'openai' && model.refusesLegacyParameters === true)
    refuse({ code: 'content-filter' });
  const planned = Array.from({ length: request.choices }, (_, index) => planChoice(exchange, request, index));
  const sum = (part: 'output' | 'reasoning'): number => planned.reduce((total, plan) => total + plan[part], 0);
  return {
    id: '',
    createdAt: Math.floor(Date.now() / 1000),
    choices: planned.map(({ choice }) => choice),
    usage: { ...promptTokens, output: sum('output'), reasoning: sum('reasoning') },
    promptBlocked: isForbidden,
  };
}
