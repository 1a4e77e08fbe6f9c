import type { Exchange } from '../../exchange/exchange.ts';
import { refuse } from '../../faults/problem-codes.ts';
import type { GenerationRequest, ToolDefinition, Turn } from '../../generation/generation-request.ts';
import { asArray, asNumber, asRecord, asText, isRecord, type JsonRecord } from '../../json-value.ts';
import { findModel } from '../../models/find-model.ts';
import type { ModelProfile, ReasoningEffort } from '../../models/model-profile.ts';

function invalid(message: string): never {
  refuse({ code: 'invalid-request', message });
}

/** Google takes camelCase and snake_case for every field. */
function field(record: JsonRecord, name: string): unknown {
  return record[name] ?? record[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

function readTurn(content: unknown, index: number): Turn {
  const { role, parts } = asRecord(content);
  if (role !== undefined && role !== 'user' && role !== 'model' && role !== 'function')
    invalid('Please use a valid role: user, model.');
  if (asArray(parts).length === 0)
    invalid(`* GenerateContentRequest.contents[${index}].parts: contents.parts must not be empty.\n`);
  let text = '';
  let images = 0;
  let isToolResult = false;
  for (const part of asArray(parts).map(asRecord)) {
    if (part.thought !== true) text += asText(part.text);
    if (isRecord(field(part, 'inlineData')) || isRecord(field(part, 'fileData'))) images++;
    const call = field(part, 'functionCall');
    const result = field(part, 'functionResponse');
    if (isRecord(call)) text += JSON.stringify(call);
    if (isRecord(result)) {
      isToolResult = true;
      text += JSON.stringify(result.response);
    }
  }
  return { role: isToolResult ? 'tool' : role === 'model' ? 'assistant' : 'user', text, images };
}

function readTools(body: JsonRecord): ToolDefinition[] {
  return asArray(body.tools).flatMap((tool) =>
    asArray(field(asRecord(tool), 'functionDeclarations')).map((declaration) => {
      const record = asRecord(declaration);
      return {
        name: asText(record.name),
        description: asText(record.description),
        schema: asRecord(field(record, 'parametersJsonSchema') ?? record.parameters),
      };
    }),
  );
}

function readToolChoice(body: JsonRecord): GenerationRequest['toolChoice'] {
  const config = asRecord(field(asRecord(field(body, 'toolConfig')), 'functionCallingConfig'));
  const names = asArray(field(config, 'allowedFunctionNames')).map(asText);
  if (config.mode === 'NONE') return { mode: 'none' };
  return config.mode === 'ANY'
    ? { mode: 'required', name: names.length === 1 ? names[0] : undefined }
    : { mode: 'auto' };
}

function readThinking(config: JsonRecord, model: ModelProfile): GenerationRequest['reasoning'] {
  const thinking = asRecord(field(config, 'thinkingConfig'));
  const budget = asNumber(field(thinking, 'thinkingBudget'));
  const level = asText(field(thinking, 'thinkingLevel')).toLowerCase();
  let effort: ReasoningEffort = model.defaultEffort ?? 'none';
  if (level === 'minimal' || level === 'low' || level === 'medium' || level === 'high') effort = level;
  if (budget === 0) {
    if (/-pro/.test(model.id)) invalid(`Budget 0 is invalid. This model only works in thinking mode.`);
    effort = 'none';
  } else if (budget !== undefined && budget > 0) effort = budget >= 8192 ? 'high' : budget >= 1024 ? 'medium' : 'low';
  return {
    effort,
    budgetTokens: budget !== undefined && budget > 0 ? budget : undefined,
    visible: field(thinking, 'includeThoughts') === true,
  };
}

/** Reads a generateContent body for the model named in the path; throws the problem Google would report. */
export function parseGenerateRequest(exchange: Exchange, body: unknown): GenerationRequest {
  const path = /\/models\/([^:/]+):(\w+)$/.exec(decodeURIComponent(exchange.url.pathname));
  const modelName = path?.[1] ?? '';
  const model = findModel('google', modelName);
  if (model === undefined) return refuse({ code: 'model-not-found', model: modelName });
  const record = asRecord(body);
  if (asArray(record.contents).length === 0) invalid('* GenerateContentRequest.contents: contents is not specified\n');
  const config = asRecord(field(record, 'generationConfig'));
  const system = asArray(asRecord(field(record, 'systemInstruction')).parts)
    .map((part) => asText(asRecord(part).text))
    .join('\n');
  const turns: Turn[] = [
    ...(system === '' ? [] : [{ role: 'system' as const, text: system, images: 0 }]),
    ...asArray(record.contents).map(readTurn),
  ];
  const tools = readTools(record);
  const schema = field(config, 'responseJsonSchema') ?? field(config, 'responseSchema');
  const mimeType = asText(field(config, 'responseMimeType'));
  if (isRecord(schema) && mimeType !== 'application/json' && mimeType !== 'text/x.enum')
    invalid("Response schema can only be specified when response_mime_type is 'application/json' or 'text/x.enum'.");
  const maxOutputTokens = asNumber(field(config, 'maxOutputTokens'));
  if (maxOutputTokens !== undefined && (maxOutputTokens < 1 || maxOutputTokens > model.maxOutputTokens)) {
    invalid(
      `Unable to submit request because it has a maxOutputTokens value of ${maxOutputTokens} but the supported range is from 1 (inclusive) to ${model.maxOutputTokens + 1} (exclusive). Update the value and try again.`,
    );
  }
  return {
    model,
    modelName,
    stream: path?.[2] === 'streamGenerateContent',
    turns,
    segments: [
      ...(tools.length > 0 ? [{ text: JSON.stringify(record.tools) }] : []),
      ...turns.map((turn) => ({ text: `${turn.role}: ${turn.text}` })),
    ],
    tools,
    toolChoice: readToolChoice(record),
    parallelTools: true,
    output: mimeType === 'application/json' ? { type: 'json', schema } : { type: 'text' },
    stop: asArray(field(config, 'stopSequences')).map(asText),
    maxOutputTokens,
    reasoning: readThinking(config, model),
    choices: Math.min(8, Math.max(1, asNumber(field(config, 'candidateCount')) ?? 1)),
    seed: asNumber(config.seed),
    includeUsage: true,
  };
}
