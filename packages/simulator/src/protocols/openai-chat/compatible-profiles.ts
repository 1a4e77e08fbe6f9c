import type { ChunkHabit } from '../../generation/split-answer.ts';

export type CompatibleVendor = 'openai' | 'ollama' | 'huggingface' | 'cohere' | 'custom';

/** How a vendor that speaks OpenAI's format differs from OpenAI. Vendor variety is data. */
export interface CompatibleProfile {
  readonly vendor: CompatibleVendor;
  readonly idPrefix: string;
  readonly idLength: number;
  readonly fingerprint: string | undefined;
  readonly chunkHabit: ChunkHabit;
  /** Ollama repeats the role in every delta. */
  readonly roleInEveryDelta: boolean;
  /** `own-chunk`: choices [] and only when asked for; `finish-chunk`: always beside the finish reason. */
  readonly usagePlacement: 'own-chunk' | 'finish-chunk';
  /** OpenAI's own extras: `refusal`, `logprobs`, `service_tier`, `obfuscation`, `usage: null`, usage details. */
  readonly openaiExtras: boolean;
  /** Usage names the cached and reasoning parts. */
  readonly usageDetails: boolean;
  readonly rateLimitHeaders: boolean;
  readonly requestIdHeader: string | undefined;
  /** Form of an error body. */
  readonly errorForm: 'openai' | 'ollama' | 'huggingface' | 'cohere';
  readonly ownedBy: (modelId: string) => string;
}

const ONE_TOKEN: ChunkHabit = { low: 1, high: 1, wholeToolCalls: false };
const FEW_TOKENS: ChunkHabit = { low: 1, high: 3, wholeToolCalls: false };

export const COMPATIBLE_PROFILES: Record<CompatibleVendor, CompatibleProfile> = {
  openai: {
    vendor: 'openai',
    idPrefix: 'chatcmpl-',
    idLength: 29,
    fingerprint: 'fp_simulated01',
    chunkHabit: ONE_TOKEN,
    roleInEveryDelta: false,
    usagePlacement: 'own-chunk',
    openaiExtras: true,
    usageDetails: true,
    rateLimitHeaders: true,
    requestIdHeader: 'x-request-id',
    errorForm: 'openai',
    ownedBy: () => 'system',
  },
  ollama: {
    vendor: 'ollama',
    idPrefix: 'chatcmpl-',
    idLength: 3,
    fingerprint: 'fp_ollama_simulated',
    chunkHabit: { low: 1, high: 1, wholeToolCalls: true },
    roleInEveryDelta: true,
    usagePlacement: 'own-chunk',
    openaiExtras: false,
    usageDetails: false,
    rateLimitHeaders: false,
    requestIdHeader: undefined,
    errorForm: 'ollama',
    ownedBy: () => 'library',
  },
  huggingface: {
    vendor: 'huggingface',
    idPrefix: 'chatcmpl-',
    idLength: 32,
    fingerprint: 'fp_simulated_hf',
    chunkHabit: FEW_TOKENS,
    roleInEveryDelta: true,
    usagePlacement: 'finish-chunk',
    openaiExtras: false,
    usageDetails: false,
    rateLimitHeaders: false,
    requestIdHeader: 'x-request-id',
    errorForm: 'huggingface',
    ownedBy: (modelId) => modelId.split('/')[0] ?? 'huggingface',
  },
  cohere: {
    vendor: 'cohere',
    idPrefix: '',
    idLength: 36,
    fingerprint: undefined,
    chunkHabit: FEW_TOKENS,
    roleInEveryDelta: false,
    usagePlacement: 'finish-chunk',
    openaiExtras: false,
    usageDetails: false,
    rateLimitHeaders: false,
    requestIdHeader: 'x-debug-trace-id',
    errorForm: 'cohere',
    ownedBy: () => 'cohere',
  },
  custom: {
    vendor: 'custom',
    idPrefix: 'chatcmpl-',
    idLength: 24,
    fingerprint: 'fp_simulated',
    chunkHabit: FEW_TOKENS,
    roleInEveryDelta: false,
    usagePlacement: 'own-chunk',
    openaiExtras: false,
    usageDetails: true,
    rateLimitHeaders: false,
    requestIdHeader: 'x-request-id',
    errorForm: 'openai',
    ownedBy: () => 'custom',
  },
};
