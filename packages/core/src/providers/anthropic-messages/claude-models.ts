import { findBuiltInModel } from '../../catalog/index.ts';

/** How a Claude model takes thinking, sampling and output formats; by name, because the API does not tell. */
export interface ClaudeModelRules {
  /** `budget`: thinking is switched on with a token budget; `adaptive`: by effort. */
  readonly thinking: 'none' | 'budget' | 'adaptive';
  /** Thinking cannot be switched off. */
  readonly alwaysThinks: boolean;
  /** Takes temperature, top_p and top_k. */
  readonly takesSampling: boolean;
  /** Takes `output_config.format`. */
  readonly takesOutputFormat: boolean;
  /** Continues a last assistant message. */
  readonly continuesPrefill: boolean;
}

/** Claude 3 and before 3.7: no thinking at all. */
const withoutThinking = /^claude-(?:instant|[12]|3(?!-7))/;
/** Up to generation 4.5: thinking by budget. */
const budgetThinking = /^claude-3-7|^claude-(?:opus|sonnet|haiku)-4(?:-[0-5])?(?:-\d{8}|-latest|@|$)/;
/** Generation 4.6 takes both; sampling still allowed. */
const generation46 = /^claude-(?:opus|sonnet|haiku)-4-6/;
/** Before structured outputs. */
const withoutOutputFormat = /^claude-(?:instant|[123])|^claude-(?:opus|sonnet)-4(?:-0)?(?:-\d{8}|-latest|@|$)/;
const alwaysThinking = /^claude-(?:opus-5-5|fable|mythos)/;

/** The rules of one Claude model; an unknown name is taken for a new one. */
export function claudeModelRules(model: string): ClaudeModelRules {
  const thinking = withoutThinking.test(model) ? 'none' : budgetThinking.test(model) ? 'budget' : 'adaptive';
  return {
    thinking,
    alwaysThinks: alwaysThinking.test(model),
    takesSampling: thinking !== 'adaptive' || generation46.test(model),
    takesOutputFormat: !withoutOutputFormat.test(model),
    continuesPrefill: thinking !== 'adaptive',
  };
}

/** Sent when neither call nor catalogue say: every Claude model takes it. */
const fallbackMaxTokens = 4_096;

/** The output cap to send when the call names none, since the API requires one. */
export function defaultMaxTokens(model: string): number {
  const known =
    findBuiltInModel('anthropic', model) ?? findBuiltInModel('anthropic', model.replace(/-(?:\d{8}|latest)$/, ''));
  return known?.maxOutputTokens ?? fallbackMaxTokens;
}
