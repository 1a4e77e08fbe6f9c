import type { ModelCall } from '../../spec/index.ts';
import { definedOnly, type EncodedCall, mergeProviderOptions, WarningList } from '../encoded-call.ts';
import { type ClaudeModelRules, claudeModelRules, defaultMaxTokens } from './claude-models.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeThinking } from './encode-thinking.ts';

/** The tool that stands in for structured output at models that have none; its input is the answer. */
export const jsonToolName = 'json_answer';

export interface EncodedAnthropicCall extends EncodedCall {
  /** Calls of {@link jsonToolName} are the answer's text. */
  readonly usesJsonTool: boolean;
  /** The answer is asked for in one piece. */
  readonly isWhole: boolean;
}

/**
 * Up to this output cap an answer is asked for in one piece when the call allows it. Anthropic advises streaming for
 * long answers: networks drop connections on which nothing arrives for minutes.
 */
const maxWholeOutputTokens = 4_096;

/** Writes a call as the body of `POST /v1/messages`, with a warning for everything the model cannot take. */
export function encodeAnthropicMessages(call: ModelCall): EncodedAnthropicCall {
  const rules = claudeModelRules(call.model);
  const warnings = new WarningList();
  const json = encodeJson(call, rules, warnings);
  const { thinking, effort, maxTokens } = encodeThinking(
    json.usesJsonTool ? { ...call, toolChoice: 'required' } : call,
    rules,
    defaultMaxTokens(call.model),
    warnings,
  );
  for (const setting of ['seed', 'frequencyPenalty', 'presencePenalty'] as const) {
    if (call[setting] !== undefined) warnings.unsupported(setting, `Anthropic takes no ${setting}.`);
  }
  if (call.messages.at(-1)?.role === 'assistant' && !rules.continuesPrefill) {
    warnings.other(`${call.model} refuses to continue a last assistant message.`);
  }
  const outputConfig = definedOnly({ effort, format: json.format });
  const body = definedOnly({
    model: call.model,
    max_tokens: maxTokens,
    system: json.system,
    messages: encodeMessages(call.messages, thinking !== undefined && thinking.type !== 'disabled'),
    ...encodeSampling(call, rules, thinking?.type === 'enabled', warnings),
    stop_sequences: call.stopSequences && call.stopSequences.length > 0 ? call.stopSequences : undefined,
    ...encodeTools(call, json.tool),
    thinking,
    output_config: Object.keys(outputConfig).length > 0 ? outputConfig : undefined,
  });
  const merged = mergeProviderOptions(body, call.providerOptions);
  const isShort = typeof merged.max_tokens === 'number' && merged.max_tokens <= maxWholeOutputTokens;
  merged.stream = !(call.isWhole && isShort);
  return {
    body: merged,
    warnings: warnings.items,
    usesJsonTool: json.usesJsonTool,
    isWhole: merged.stream === false,
  };
}

function encodeJson(call: ModelCall, rules: ClaudeModelRules, warnings: WarningList) {
  const { output, system } = call;
  if (output?.type !== 'json') return { system, usesJsonTool: false };
  if (!output.schema) {
    warnings.adjusted(
      'output',
      'Anthropic has no JSON mode without a schema; a sentence asking for JSON was added to the system prompt.',
    );
    return {
      system: [system, 'Answer with one JSON object and nothing else: no prose, no code fence.']
        .filter(Boolean)
        .join('\n\n'),
      usesJsonTool: false,
    };
  }
  if (rules.takesOutputFormat)
    return { system, usesJsonTool: false, format: { type: 'json_schema', schema: output.schema } };
  if (call.tools && call.tools.length > 0)
    warnings.adjusted(
      'tools',
      `${call.model} gives structured output only by a forced tool; it cannot call the others.`,
    );
  return {
    system,
    usesJsonTool: true,
    tool: { name: jsonToolName, description: 'Gives the answer.', input_schema: output.schema },
  };
}

function encodeTools(call: ModelCall, jsonTool: Record<string, unknown> | undefined): Record<string, unknown> {
  if (jsonTool)
    return { tools: [jsonTool], tool_choice: { type: 'tool', name: jsonToolName, disable_parallel_tool_use: true } };
  if (!call.tools || call.tools.length === 0) return {};
  const tools = call.tools.map(({ name, description, inputSchema }) =>
    definedOnly({ name, description, input_schema: { type: 'object', ...inputSchema } }),
  );
  const choice = call.toolChoice;
  const noParallel = call.allowsParallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  if (choice === 'none') return { tools, tool_choice: { type: 'none' } };
  if (choice === 'required') return { tools, tool_choice: { type: 'any', ...noParallel } };
  if (typeof choice === 'object') return { tools, tool_choice: { type: 'tool', name: choice.toolName, ...noParallel } };
  return {
    tools,
    tool_choice:
      choice === 'auto' || call.allowsParallelToolCalls === false ? { type: 'auto', ...noParallel } : undefined,
  };
}

function encodeSampling(
  call: ModelCall,
  rules: ClaudeModelRules,
  thinksByBudget: boolean,
  warnings: WarningList,
): Record<string, unknown> {
  const given = (['temperature', 'topP', 'topK'] as const).filter((setting) => call[setting] !== undefined);
  if (!rules.takesSampling) {
    for (const setting of given) warnings.unsupported(setting, `${call.model} takes no ${setting}.`);
    return {};
  }
  if (thinksByBudget) {
    for (const setting of given) warnings.unsupported(setting, `${call.model} takes no ${setting} while it reasons.`);
    return {};
  }
  if ((call.temperature ?? 0) > 1)
    warnings.adjusted('temperature', `Anthropic's temperature ends at 1; ${call.temperature} was sent as 1.`);
  if (call.temperature !== undefined && call.topP !== undefined)
    warnings.unsupported('topP', 'Claude takes temperature or topP, not both; temperature was sent.');
  return {
    temperature: call.temperature === undefined ? undefined : Math.min(1, call.temperature),
    top_p: call.temperature === undefined ? call.topP : undefined,
    top_k: call.topK,
  };
}
