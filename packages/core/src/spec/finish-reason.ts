export const unifiedFinishReasons = ['stop', 'length', 'tool-calls', 'content-filter', 'refusal', 'other'] as const;

/** Why the model ended, in our words and in the vendor's (`raw`). */
export interface FinishReason {
  readonly unified: (typeof unifiedFinishReasons)[number];
  readonly raw?: string;
}
