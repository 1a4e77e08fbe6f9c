/** Why an answer ended; each protocol has its own word for it. */
export type FinishCause = 'stop' | 'stop-sequence' | 'length' | 'tool-calls' | 'content-filter' | 'refusal';

export interface ToolCall {
  id: string;
  name: string;
  /** JSON text. */
  input: string;
}

export interface AnswerChoice {
  /** Visible reasoning. */
  reasoning: string;
  text: string;
  refusal: string;
  toolCalls: ToolCall[];
  finish: FinishCause;
  stopSequence: string | undefined;
}

/** Token counts of the vendor; `input` counts everything, cached parts included, `output` everything, reasoning included. */
export interface TokenUsage {
  input: number;
  cached: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  output: number;
  reasoning: number;
}

export interface Answer {
  id: string;
  createdAt: number;
  choices: AnswerChoice[];
  usage: TokenUsage;
  /** The prompt was refused by the vendor's filter: no choice at all where the vendor does so. */
  promptBlocked: boolean;
}

/** A piece of an answer as one event carries it. */
export interface AnswerPiece {
  choice: number;
  kind: 'reasoning' | 'text' | 'refusal' | 'tool-start' | 'tool-input';
  value: string;
  tool?: { index: number; call: ToolCall };
  /** Vendor tokens, fractional where the vendor's tokens differ from o200k's. */
  tokens: number;
}
