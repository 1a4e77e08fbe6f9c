import type { ModelCall, ToolChoice } from '../../spec/index.ts';
import { definedOnly, type EncodedCall, mergeProviderOptions, WarningList } from '../encoded-call.ts';
import type { OpenAiChatQuirks, ProviderProfile } from '../provider-profile.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeOutputFormat } from './encode-output-format.ts';
import { type OpenAiModelRules, openAiModelRules } from './openai-models.ts';

/**
 * Writes a call as the body of `POST /chat/completions`, with a warning for everything this vendor or model cannot
 * take. Throws `UnsupportedCallError` when the call cannot be expressed at all.
 */
export function encodeOpenAiChat(call: ModelCall, profile: ProviderProfile): EncodedCall {
  const quirks = profile.openAiChat as OpenAiChatQuirks;
  const rules = quirks.reasoningEffort === 'by-model' ? openAiModelRules(call.model) : undefined;
  const warnings = new WarningList();
  const effort = encodeEffort(call, quirks, rules, warnings);
  const sampling = encodeSampling(call, rules?.reasons === true && effort !== 'none', warnings);
  const responseFormat = encodeOutputFormat(call.output, quirks);
  const tools = call.tools?.map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: definedOnly({ name, description, parameters: inputSchema }),
  }));
  if (call.messages.at(-1)?.role === 'assistant' && !quirks.continuesPrefill) {
    warnings.other(`${profile.displayName} answers a last assistant message instead of continuing it.`);
  }
  const body = definedOnly({
    model: call.model,
    messages: encodeMessages(call, systemText(call, responseFormat, warnings), quirks),
    ...sampling,
    [quirks.maxTokensField]: call.maxOutputTokens,
    seed: call.seed,
    stop: encodeStop(call, quirks, rules, warnings),
    top_k: encodeTopK(call, quirks, profile, warnings),
    tools: tools && tools.length > 0 ? tools : undefined,
    tool_choice: tools && tools.length > 0 ? encodeToolChoice(call.toolChoice, quirks, warnings) : undefined,
    parallel_tool_calls: encodeParallel(call, quirks, profile, warnings),
    response_format: responseFormat,
    reasoning_effort: effort,
    stream_options: { include_usage: true },
  });
  const merged = mergeProviderOptions(body, call.providerOptions);
  // Vendors refuse stream options beside an answer that is not streamed.
  if (call.isWhole) delete merged.stream_options;
  return { body: { ...merged, stream: !call.isWhole }, warnings: warnings.items };
}

/** OpenAI refuses JSON mode unless the word stands in the conversation. */
function systemText(call: ModelCall, responseFormat: unknown, warnings: WarningList): string | undefined {
  if ((responseFormat as { type?: string } | undefined)?.type !== 'json_object') return call.system;
  const says = (text: string) => /json/i.test(text);
  const isSaid =
    says(call.system ?? '') ||
    call.messages.some(
      (message) => message.role === 'user' && message.content.some((part) => part.type === 'text' && says(part.text)),
    );
  if (isSaid) return call.system;
  warnings.adjusted('system', 'A sentence asking for JSON was added, because JSON mode requires one.');
  return [call.system, 'Answer with one JSON object and nothing else.'].filter(Boolean).join('\n\n');
}

function encodeEffort(
  call: ModelCall,
  quirks: OpenAiChatQuirks,
  rules: OpenAiModelRules | undefined,
  warnings: WarningList,
): string | undefined {
  const wanted = call.reasoningEffort;
  if (rules?.toolsNeedNoReasoning && call.tools && call.tools.length > 0) {
    if (wanted !== 'none')
      warnings.adjusted(
        'reasoningEffort',
        `${call.model} takes tools in chat completions only without reasoning; the effort was set to none.`,
      );
    return 'none';
  }
  if (wanted === undefined) return undefined;
  if (quirks.reasoningEffort === 'none-or-high') {
    if (wanted !== 'none' && wanted !== 'high')
      warnings.adjusted('reasoningEffort', `Only none and high exist here; ${wanted} was sent as high.`);
    return wanted === 'none' ? 'none' : 'high';
  }
  if (!rules) return wanted;
  if (!rules.reasons) {
    if (wanted !== 'none') warnings.unsupported('reasoningEffort', `${call.model} does not reason.`);
    return undefined;
  }
  const effort = rules.efforts[wanted];
  if (effort !== wanted)
    warnings.adjusted('reasoningEffort', `${call.model} does not know the effort ${wanted}; ${effort} was sent.`);
  return effort;
}

function encodeSampling(call: ModelCall, isReasoning: boolean, warnings: WarningList): Record<string, unknown> {
  const fields = {
    temperature: call.temperature,
    topP: call.topP,
    frequencyPenalty: call.frequencyPenalty,
    presencePenalty: call.presencePenalty,
  };
  if (isReasoning) {
    for (const [setting, value] of Object.entries(fields)) {
      if (value !== undefined)
        warnings.unsupported(setting as keyof ModelCall, `${call.model} takes no ${setting} while it reasons.`);
    }
    return {};
  }
  return {
    temperature: fields.temperature,
    top_p: fields.topP,
    frequency_penalty: fields.frequencyPenalty,
    presence_penalty: fields.presencePenalty,
  };
}

function encodeStop(
  call: ModelCall,
  quirks: OpenAiChatQuirks,
  rules: OpenAiModelRules | undefined,
  warnings: WarningList,
): readonly string[] | undefined {
  const stop = call.stopSequences;
  if (!stop || stop.length === 0) return undefined;
  if (rules?.reasons) {
    warnings.unsupported('stopSequences', `${call.model} takes no stop sequences.`);
    return undefined;
  }
  const most = quirks.maxStopSequences ?? stop.length;
  if (stop.length > most) warnings.adjusted('stopSequences', `Only the first ${most} stop sequences were sent.`);
  return stop.slice(0, most);
}

function encodeTopK(
  call: ModelCall,
  quirks: OpenAiChatQuirks,
  profile: ProviderProfile,
  warnings: WarningList,
): number | undefined {
  if (call.topK === undefined || quirks.takesTopK) return call.topK;
  warnings.unsupported('topK', `${profile.displayName} takes no topK.`);
  return undefined;
}

function encodeParallel(
  call: ModelCall,
  quirks: OpenAiChatQuirks,
  profile: ProviderProfile,
  warnings: WarningList,
): boolean | undefined {
  if (call.allowsParallelToolCalls === undefined || !call.tools || call.tools.length === 0) return undefined;
  if (quirks.takesParallelToolCalls) return call.allowsParallelToolCalls;
  if (!call.allowsParallelToolCalls)
    warnings.unsupported(
      'allowsParallelToolCalls',
      `${profile.displayName} cannot be told to call one tool at a time.`,
    );
  return undefined;
}

function encodeToolChoice(choice: ToolChoice | undefined, quirks: OpenAiChatQuirks, warnings: WarningList): unknown {
  if (choice === undefined) return undefined;
  if (typeof choice === 'string') return choice === 'auto' && !quirks.takesNamedToolChoice ? undefined : choice;
  if (quirks.takesNamedToolChoice) return { type: 'function', function: { name: choice.toolName } };
  warnings.adjusted('toolChoice', `A certain tool cannot be required here; the choice was sent as required.`);
  return 'required';
}
