import {
  type CatalogModel,
  computeCost,
  estimateTokens,
  type PriceQuote,
  type ProviderType,
} from '../catalog/index.ts';
import type { NanoUsd } from '../kernel/index.ts';
import type { ModelCall, ModelMessage, Usage } from '../spec/index.ts';
import type { ActualUse, UpperBound } from './budget-ledger.ts';

/** What is known of the model that will be called. */
export interface EstimatedModel extends Pick<CatalogModel, 'maxOutputTokens'> {
  readonly providerType: ProviderType;
  readonly vendorModelId: string;
}

export interface CallEstimate {
  readonly upperBound: UpperBound;
  readonly inputTokens: number;
  readonly maxOutputTokens: number;
  /** A guess for people, without history: from a short answer to a usual one. Undefined without a price. */
  readonly expected: { readonly lowNanoUsd: NanoUsd; readonly highNanoUsd: NanoUsd } | undefined;
}

/** When neither call nor catalogue says how long an answer may get. */
const defaultMaxOutputTokens = 16_384;

/** `estimateTokens` is within 15 % for ordinary text; this covers it, and what vendors put around messages. */
const inputMargin = 1.3;
const mostTokensPerMessage = 16;
/** What OpenAI's cookbook counts around each message, and once for the answer; others are near it. */
const tokensPerMessage = 4;
const tokensPerAnswer = 3;
/** A picture of usual size; vendors' own formulas differ between 250 and 1,600. */
const usualTokensPerImage = 800;

/** The most that one picture costs in tokens: our own bounds above what the vendors' pages say for large pictures. */
const mostTokensPerImage: Readonly<Record<ProviderType, number>> = {
  openai: 3_000,
  anthropic: 5_000,
  google: 3_500,
  ollama: 5_000,
  huggingface: 10_000,
  cohere: 5_000,
  custom: 10_000,
};
/** Counts a picture about 33 times as dear as its larger sister, so that both cost the same. */
const gpt4oMiniTokensPerImage = 50_000;

/** A usual answer by reasoning effort, in tokens: our own guess of what people get. */
const usualOutputTokens = { none: 600, minimal: 800, low: 1_500, medium: 4_000, high: 10_000 } as const;

/**
 * What a call can use at most: the input, with a margin, at the dearest rate that could apply (tiers, cache writes),
 * and the longest answer (`maxOutputTokens` of the call, else of the model, else 16,384, reasoning included). The input
 * is counted without the vendor's own tokeniser: text made to mislead the count can exceed it, and is then booked as
 * it comes. The cost is undefined without a price.
 */
export function estimateCall(call: ModelCall, model: EstimatedModel, price: PriceQuote | undefined): CallEstimate {
  const inputTokens = estimateInputTokens(call);
  const mostInput = mostInputTokens(call, model);
  const maxOutputTokens = mostOutputTokens(call, model);
  const upperBound: UpperBound = {
    costNanoUsd: price && dearestCost(mostInput, maxOutputTokens, price),
    tokens: BigInt(mostInput) + BigInt(maxOutputTokens),
  };
  const usual = Math.min(maxOutputTokens, usualOutputTokens[call.reasoningEffort ?? 'none']);
  const low = computeCost({ inputTokens: Math.floor(inputTokens * 0.85), outputTokens: Math.min(usual, 50) }, price);
  const high = computeCost({ inputTokens: Math.ceil(inputTokens * 1.15), outputTokens: usual }, price);
  const expected =
    low.kind === 'known' && high.kind === 'known'
      ? { lowNanoUsd: low.costNanoUsd, highNanoUsd: high.costNanoUsd }
      : undefined;
  return { upperBound, inputTokens, maxOutputTokens, expected };
}

/**
 * The longest answer whose upper bound fits `budgetNanoUsd`, at most what the call asks for anyway; 0 when the input
 * alone is too dear. So that a call without `maxOutputTokens` can run under a small limit with a shorter answer.
 */
export function affordableOutputTokens(
  call: ModelCall,
  model: EstimatedModel,
  price: PriceQuote,
  budgetNanoUsd: NanoUsd,
): number {
  const { maxOutputTokens } = estimateCall(call, model, price);
  const mostInput = mostInputTokens(call, model);
  const fits = (tokens: number) => (dearestCost(mostInput, tokens, price) ?? budgetNanoUsd + 1n) <= budgetNanoUsd;
  let low = 0;
  let high = maxOutputTokens;
  if (fits(high)) return high;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return fits(low) ? low : 0;
}

/** The length of a usual answer to `call`, in tokens, when nobody limits it. */
export function usualOutputOf(call: ModelCall): number {
  return usualOutputTokens[call.reasoningEffort ?? 'none'];
}

/** Whether the request itself says how long its answer, or how many answers, may get. */
export function asksForLength(call: ModelCall): boolean {
  if (call.maxOutputTokens !== undefined) return true;
  return placesOf(call).some((place) => [...lengthFields, ...countFields].some((name) => place[name] !== undefined));
}

/** What came of a call, for settling it. */
export interface ReceivedAnswer {
  /** As far as the vendor said. */
  readonly usage: Usage;
  /** Everything received: text, reasoning and tool calls, one after the other. */
  readonly text: string;
}

/**
 * What a call used. Where the vendor did not say (a stream that broke, was cancelled or hung up on), our own count of
 * what was sent and received stands in and the result is marked as estimated. Reasoning that was neither streamed nor
 * reported cannot be counted.
 */
export function measureUse(
  answer: ReceivedAnswer,
  call: ModelCall,
  price: PriceQuote | undefined,
): ActualUse & { readonly usage: Usage; readonly isEstimated: boolean } {
  const { usage } = answer;
  const isEstimated = usage.inputTokens === undefined || usage.outputTokens === undefined;
  const inputTokens = usage.inputTokens ?? Math.max(estimateInputTokens(call), cachePartOf(usage));
  const outputTokens = usage.outputTokens ?? Math.max(estimateTokens(answer.text), usage.reasoningTokens ?? 0);
  const measured = { ...usage, inputTokens, outputTokens };
  const cost = computeCost(measured, price);
  return {
    usage: measured,
    costNanoUsd: cost.kind === 'known' ? cost.costNanoUsd : undefined,
    tokens: Number.isSafeInteger(inputTokens + outputTokens) ? BigInt(inputTokens + outputTokens) : undefined,
    isEstimated,
  };
}

/** Fields of `providerOptions` by which a request can ask for a longer answer, or for several. */
const lengthFields = [
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'maxOutputTokens',
  'max_new_tokens',
  'num_predict',
];
const countFields = ['n', 'best_of', 'candidateCount', 'num_generations'];
/** Objects in which vendors take these fields. */
const nestedPlaces = ['generationConfig', 'options', 'parameters'];
/** No model writes so much in one answer; figures beyond stand for "as much as there is" and must not break sums. */
const mostOutput = 1_000_000_000;

function placesOf({ providerOptions = {} }: ModelCall): readonly Readonly<Record<string, unknown>>[] {
  const nested = nestedPlaces.map((name) => providerOptions[name]);
  const objects = nested.filter((value) => typeof value === 'object' && value !== null);
  return [providerOptions, ...(objects as Readonly<Record<string, unknown>>[])];
}

function mostOutputTokens(call: ModelCall, model: EstimatedModel): number {
  const asked = call.maxOutputTokens ?? model.maxOutputTokens ?? defaultMaxOutputTokens;
  const places = placesOf(call);
  const numbers = (names: readonly string[]) =>
    places
      .flatMap((place) => names.map((name) => place[name]))
      .filter((value) => typeof value === 'number' && !Number.isNaN(value)) as number[];
  const wanted = Number.isNaN(asked) ? mostOutput : asked;
  const most = Math.max(0, wanted, ...numbers(lengthFields)) * Math.max(1, ...numbers(countFields));
  return Math.min(Math.ceil(most), mostOutput);
}

function cachePartOf(usage: Usage): number {
  return (usage.cachedInputTokens ?? 0) + (usage.cacheWriteTokens ?? 0);
}

/** The most that so many tokens cost, over every way in which a vendor could bill them. */
function dearestCost(mostInput: number, maxOutput: number, price: PriceQuote): NanoUsd | undefined {
  const rates = [price.price.input, price.price.cachedInput, price.price.cacheWrite, price.price.longCacheWrite];
  const thresholds = [...rates, price.price.output].flatMap(
    (rate) => rate?.tiers?.map((t) => t.aboveInputTokens) ?? [],
  );
  let most: NanoUsd | undefined;
  // Within a tier more input costs more; a dearer rate may end with a tier, so its last token is tried too.
  for (const inputTokens of new Set([mostInput, ...thresholds.filter((above) => above < mostInput)])) {
    const base = { inputTokens, outputTokens: maxOutput };
    const ways: readonly Usage[] = [
      base,
      { ...base, cachedInputTokens: inputTokens },
      { ...base, cacheWriteTokens: inputTokens },
      { ...base, cacheWriteTokens: inputTokens, longCacheWriteTokens: inputTokens },
    ];
    for (const usage of ways) {
      const cost = computeCost(usage, price);
      if (cost.kind === 'known' && (most === undefined || cost.costNanoUsd > most)) most = cost.costNanoUsd;
    }
  }
  return most;
}

/** How many tokens the vendor will probably count for everything that is sent. */
export function estimateInputTokens(call: ModelCall): number {
  const images = countImages(call.messages) * usualTokensPerImage;
  return textTokens(call) + tokensPerMessage * call.messages.length + tokensPerAnswer + images;
}

/** The most that the vendor could count for it. */
function mostInputTokens(call: ModelCall, model: EstimatedModel): number {
  const around = mostTokensPerMessage * (call.messages.length + 1) + countImages(call.messages) * tokensOfImage(model);
  return Math.ceil((textTokens(call) + around) * inputMargin) + countTexts(call).exoticCharacters;
}

function textTokens(call: ModelCall): number {
  return countTexts(call).tokens;
}

interface TextCount {
  readonly tokens: number;
  readonly exoticCharacters: number;
}

/** Of messages that were counted before: every candidate and every try of a chain asks again. */
const counted = new WeakMap<readonly ModelMessage[], TextCount>();

function countTexts(call: ModelCall): TextCount {
  let ofMessages = counted.get(call.messages);
  if (!ofMessages) {
    ofMessages = sumTexts(textsOfMessages(call.messages));
    counted.set(call.messages, ofMessages);
  }
  const ofRest = sumTexts(textsBeside(call));
  return {
    tokens: ofMessages.tokens + ofRest.tokens,
    exoticCharacters: ofMessages.exoticCharacters + ofRest.exoticCharacters,
  };
}

function sumTexts(texts: Iterable<string>): TextCount {
  let tokens = 0;
  let exotic = 0;
  for (const text of texts) {
    tokens += estimateTokens(text);
    exotic += countExotic(text);
  }
  return { tokens, exoticCharacters: exotic };
}

function tokensOfImage({ providerType, vendorModelId }: EstimatedModel): number {
  return vendorModelId.startsWith('gpt-4o-mini') ? gpt4oMiniTokensPerImage : mostTokensPerImage[providerType];
}

function countImages(messages: readonly ModelMessage[]): number {
  let images = 0;
  for (const message of messages)
    if (message.role === 'user') images += message.content.filter(({ type }) => type !== 'text').length;
  return images;
}

function* textsOfMessages(messages: readonly ModelMessage[]): Iterable<string> {
  for (const message of messages) {
    if (message.role === 'tool') {
      yield message.output;
      continue;
    }
    for (const part of message.content) {
      if (part.type === 'text') yield part.text;
      else if (part.type === 'tool-call') yield `${part.toolName} ${part.input} ${part.vendorSignature ?? ''}`;
    }
  }
}

function* textsBeside(call: ModelCall): Iterable<string> {
  if (call.system !== undefined) yield call.system;
  if (call.tools) yield JSON.stringify(call.tools);
  if (call.output?.type === 'json' && call.output.schema) yield JSON.stringify(call.output.schema);
  if (call.providerOptions) yield JSON.stringify(call.providerOptions);
}

/** Characters of scripts and signs that vendors cut into more tokens than the estimate expects: one more for each. */
function countExotic(text: string): number {
  let count = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0xffff) count += 2;
    else if (code >= 0x530 && !(code >= 0x3040 && code <= 0x9fff) && !(code >= 0xac00 && code <= 0xd7af)) count += 1;
  }
  return count;
}
