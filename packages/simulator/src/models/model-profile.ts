import type { StyleName } from '../answers/writing-styles.ts';
import type { SpeedClass } from '../timing/speed-classes.ts';
import type { SimulatedVendor } from '../vendors.ts';

export type ReasoningEffort = 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** Everything that differs between two models of the simulator. Vendor variety is data. */
export interface ModelProfile {
  readonly vendor: SimulatedVendor;
  /** The id a client asks for. */
  readonly id: string;
  /** The id the answer names (a dated snapshot at some vendors). */
  readonly servedId: string;
  readonly displayName: string;
  readonly kind: 'chat' | 'embedding';
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly createdAt: string;
  readonly speed: SpeedClass;
  readonly style: StyleName;
  /** Vendor tokens per o200k token. */
  readonly tokenFactor: number;
  readonly vision: boolean;
  readonly tools: boolean;
  /** Effort used when the request names none; undefined: the model never reasons. */
  readonly defaultEffort?: ReasoningEffort;
  /** Name of the delta field that carries visible reasoning in OpenAI's format. */
  readonly reasoningField?: 'reasoning' | 'reasoning_content';
  /** What a trailing assistant message does. */
  readonly prefill: 'continue' | 'refuse' | 'ignore';
  /** OpenAI reasoning models: `max_tokens` and a temperature other than 1 are refused. */
  readonly refusesLegacyParameters?: boolean;
  /** Anthropic's newer models: thinking is adaptive only and sampling parameters are refused. */
  readonly adaptiveThinkingOnly?: boolean;
  /** Fewest prompt tokens that the vendor caches. */
  readonly minCacheTokens: number;
  /** OpenAI models that bill cache writes report them. */
  readonly reportsCacheWrites?: boolean;
  readonly embeddingDimensions?: number;
}

/** Completes a table row with what most models of a vendor share. */
export function modelRows(
  shared: Omit<ModelProfile, 'id' | 'servedId' | 'displayName' | 'speed' | 'style'>,
  rows: readonly (Pick<ModelProfile, 'id' | 'speed' | 'style'> & Partial<ModelProfile>)[],
): ModelProfile[] {
  return rows.map((row) => ({ ...shared, servedId: row.id, displayName: row.id, ...row }));
}
