import type { ModelCall, ReasoningEffort } from '../../spec/index.ts';
import type { WarningList } from '../encoded-call.ts';
import type { ClaudeModelRules } from './claude-models.ts';
import { thoughtsOf } from './encode-messages.ts';

/** Thinking budgets in tokens for models that want one; the API's minimum is 1,024. */
const budgetByEffort: Readonly<Record<Exclude<ReasoningEffort, 'none'>, number>> = {
  minimal: 1_024,
  low: 4_096,
  medium: 10_240,
  high: 24_576,
};

export interface EncodedThinking {
  readonly thinking?: Readonly<Record<string, unknown>>;
  readonly effort?: string;
  readonly maxTokens: number;
}

/** Turns the wanted effort into what the model takes, and keeps the output cap above a thinking budget. */
export function encodeThinking(
  call: ModelCall,
  rules: ClaudeModelRules,
  defaultMaxTokens: number,
  warnings: WarningList,
): EncodedThinking {
  const wanted = call.reasoningEffort;
  const maxTokens = call.maxOutputTokens ?? defaultMaxTokens;
  if (wanted === undefined) return { maxTokens };
  if (rules.thinking === 'none') {
    if (wanted !== 'none') warnings.unsupported('reasoningEffort', `${call.model} does not reason.`);
    return { maxTokens };
  }
  if (rules.thinking === 'adaptive') return { maxTokens, ...adaptive(call, wanted, rules, warnings) };
  if (wanted === 'none') return { maxTokens };
  if (forcesTool(call)) {
    warnings.unsupported('reasoningEffort', `${call.model} cannot reason when a tool call is required.`);
    return { maxTokens };
  }
  if (lacksThoughts(call)) {
    warnings.unsupported(
      'reasoningEffort',
      `${call.model} goes on reasoning after a tool call only with the thoughts that led to it; they are not in the conversation.`,
    );
    return { maxTokens };
  }
  const budget = Math.min(budgetByEffort[wanted], maxTokens - 1);
  if (budget < 1_024) {
    warnings.unsupported('reasoningEffort', `Reasoning needs an output cap above 1024 tokens; it was left out.`);
    return { maxTokens };
  }
  if (budget < budgetByEffort[wanted])
    warnings.adjusted(
      'reasoningEffort',
      `The thinking budget was cut to ${budget} tokens to stay below the output cap.`,
    );
  return { maxTokens, thinking: { type: 'enabled', budget_tokens: budget } };
}

function adaptive(
  call: ModelCall,
  wanted: ReasoningEffort,
  rules: ClaudeModelRules,
  warnings: WarningList,
): Omit<EncodedThinking, 'maxTokens'> {
  if (wanted === 'none') {
    if (!rules.alwaysThinks) return { thinking: { type: 'disabled' } };
    warnings.adjusted('reasoningEffort', `${call.model} always reasons; the effort was set to low.`);
    return { effort: 'low' };
  }
  if (wanted === 'minimal')
    warnings.adjusted('reasoningEffort', `${call.model} does not know the effort minimal; low was sent.`);
  return { thinking: { type: 'adaptive', display: 'summarized' }, effort: wanted === 'minimal' ? 'low' : wanted };
}

function forcesTool(call: ModelCall): boolean {
  return call.toolChoice !== undefined && call.toolChoice !== 'auto' && call.toolChoice !== 'none';
}

/** Whether the answer continues a turn of tool calls that came without thoughts: of another model, or of a client that lost them. */
function lacksThoughts({ messages }: ModelCall): boolean {
  const last = messages.findLast(({ role }) => role !== 'tool');
  if (last?.role !== 'assistant' || !last.content.some((part) => part.type === 'tool-call')) return false;
  return thoughtsOf(last).length === 0;
}
