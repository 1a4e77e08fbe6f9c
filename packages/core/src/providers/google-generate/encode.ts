import type { ModelCall } from '../../spec/index.ts';
import {
  definedOnly,
  type EncodedCall,
  mergeProviderOptions,
  UnsupportedCallError,
  WarningList,
} from '../encoded-call.ts';
import { encodeContents } from './encode-contents.ts';
import { type GeminiModelRules, geminiModelRules } from './gemini-models.ts';

const budgetByEffort = { minimal: 512, low: 2_048, medium: 8_192, high: 24_576 } as const;
const maxStopSequences = 5;

/**
 * Writes a call as the body of `:streamGenerateContent`, with a warning for everything Gemini cannot take. Throws
 * {@link UnsupportedCallError} when it cannot be expressed (image by address, a model name that is none).
 */
export function encodeGoogleGenerate(call: ModelCall): EncodedCall {
  checkModelName(call.model);
  const rules = geminiModelRules(call.model);
  const warnings = new WarningList();
  if (call.allowsParallelToolCalls === false && call.tools && call.tools.length > 0) {
    warnings.unsupported('allowsParallelToolCalls', 'Google cannot be told to call one tool at a time.');
  }
  const stop = call.stopSequences ?? [];
  if (stop.length > maxStopSequences)
    warnings.adjusted('stopSequences', `Only the first ${maxStopSequences} stop sequences were sent.`);
  const body = definedOnly({
    contents: encodeContents(call.messages, rules.wantsSignatures),
    systemInstruction: call.system ? { role: 'system', parts: [{ text: call.system }] } : undefined,
    ...encodeTools(call),
    generationConfig: definedOnly({
      temperature: call.temperature,
      topP: call.topP,
      topK: call.topK,
      seed: call.seed,
      frequencyPenalty: call.frequencyPenalty,
      presencePenalty: call.presencePenalty,
      maxOutputTokens: call.maxOutputTokens,
      stopSequences: stop.length > 0 ? stop.slice(0, maxStopSequences) : undefined,
      responseMimeType: call.output?.type === 'json' ? 'application/json' : undefined,
      responseJsonSchema: call.output?.type === 'json' ? call.output.schema : undefined,
      thinkingConfig: encodeThinking(call, rules, warnings),
    }),
  });
  return { body: mergeProviderOptions(body, call.providerOptions), warnings: warnings.items };
}

/** Throws {@link UnsupportedCallError} for what cannot be a name: it is put into the path of a URL as it is. */
export function checkModelName(model: string): void {
  if (!/^[\w.:-]+(?:\/[\w.:-]+)?$/.test(model) || model.includes('..'))
    throw new UnsupportedCallError(`"${model}" is no model name of Google.`);
}

function encodeTools(call: ModelCall): Record<string, unknown> {
  if (!call.tools || call.tools.length === 0) return {};
  const functionDeclarations = call.tools.map(({ name, description, inputSchema }) =>
    definedOnly({ name, description, parametersJsonSchema: inputSchema }),
  );
  const choice = call.toolChoice;
  const mode = choice === undefined ? undefined : choice === 'auto' ? 'AUTO' : choice === 'none' ? 'NONE' : 'ANY';
  const allowedFunctionNames = typeof choice === 'object' ? [choice.toolName] : undefined;
  return {
    tools: [{ functionDeclarations }],
    toolConfig: mode === undefined ? undefined : { functionCallingConfig: definedOnly({ mode, allowedFunctionNames }) },
  };
}

function encodeThinking(
  call: ModelCall,
  rules: GeminiModelRules,
  warnings: WarningList,
): Record<string, unknown> | undefined {
  const wanted = call.reasoningEffort;
  if (wanted === undefined) return undefined;
  if (rules.thinking === 'none') {
    if (wanted !== 'none') warnings.unsupported('reasoningEffort', `${call.model} does not reason.`);
    return undefined;
  }
  const tooLittle = (sent: string) =>
    warnings.adjusted('reasoningEffort', `${call.model} cannot reason that little; ${sent} was sent.`);
  if (rules.thinking === 'budget') {
    if (wanted !== 'none') return { thinkingBudget: budgetByEffort[wanted], includeThoughts: true };
    if (rules.leastBudgetTokens > 0) tooLittle(`its least, ${rules.leastBudgetTokens} tokens,`);
    return { thinkingBudget: rules.leastBudgetTokens };
  }
  if (wanted !== 'none' && !(wanted === 'minimal' && rules.leastLevel === 'low'))
    return { thinkingLevel: wanted, includeThoughts: true };
  tooLittle(`its least, ${rules.leastLevel},`);
  return { thinkingLevel: rules.leastLevel, ...(wanted !== 'none' && { includeThoughts: true }) };
}
