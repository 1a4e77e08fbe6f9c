import type { Exchange } from '../../exchange/exchange.ts';
import { refuse } from '../../faults/problem-codes.ts';
import type { GenerationRequest, ToolDefinition, Turn } from '../../generation/generation-request.ts';
import { asArray, asNumber, asRecord, asText, isRecord, type JsonRecord } from '../../json-value.ts';
import { findModel } from '../../models/find-model.ts';
import type { ModelProfile, ReasoningEffort } from '../../models/model-profile.ts';
import type { CompatibleProfile } from './compatible-profiles.ts';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

function invalid(message: string, parameter?: string): never {
  refuse({ code: 'invalid-request', message, parameter });
}

function readContent(content: unknown, place: string): { text: string; images: number } {
  if (typeof content === 'string') return { text: content, images: 0 };
  let text = '';
  let images = 0;
  for (const [index, part] of asArray(content).entries()) {
    const { type, text: partText, image_url: image } = asRecord(part);
    if (type === 'text' || type === 'refusal') text += asText(partText);
    else if (type === 'image_url') {
      const url = asText(asRecord(image).url);
      if (!/^(https?:|data:image\/)/.test(url))
        invalid(
          `Invalid '${place}[${index}].image_url.url'. Expected a valid URL, but got a value with an invalid format.`,
          `${place}[${index}].image_url.url`,
        );
      images++;
    } else if (type !== 'input_audio' && type !== 'file') {
      invalid(
        `Invalid value: '${asText(type)}'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal', and 'file'.`,
        `${place}[${index}].type`,
      );
    }
  }
  return { text, images };
}

function readTurns(messages: readonly unknown[]): Turn[] {
  return messages.map((message, index) => {
    const { role, content, tool_calls: calls, refusal } = asRecord(message);
    const place = `messages[${index}]`;
    const roles: Record<string, Turn['role']> = {
      system: 'system',
      developer: 'system',
      user: 'user',
      assistant: 'assistant',
      tool: 'tool',
      function: 'tool',
    };
    const known = roles[asText(role)];
    if (known === undefined)
      invalid(
        `Invalid value: '${asText(role)}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
        `${place}.role`,
      );
    if (content === undefined && calls === undefined && known !== 'assistant')
      invalid(`Missing required parameter: '${place}.content'.`, `${place}.content`);
    const read = readContent(content, `${place}.content`);
    const callText = calls === undefined ? '' : JSON.stringify(calls);
    return { role: known, text: read.text + asText(refusal) + callText, images: read.images };
  });
}

function readTools(body: JsonRecord): ToolDefinition[] {
  return asArray(body.tools).map((tool, index) => {
    const definition = asRecord(asRecord(tool).function);
    const name = asText(definition.name);
    if (name === '')
      invalid(`Missing required parameter: 'tools[${index}].function.name'.`, `tools[${index}].function.name`);
    return { name, description: asText(definition.description), schema: asRecord(definition.parameters) };
  });
}

function readToolChoice(choice: unknown): GenerationRequest['toolChoice'] {
  if (choice === 'none' || choice === 'required') return { mode: choice };
  const name = asText(asRecord(asRecord(choice).function).name);
  return name === '' ? { mode: 'auto' } : { mode: 'required', name };
}

function readOutput(format: unknown, turns: readonly Turn[], profile: CompatibleProfile): GenerationRequest['output'] {
  const { type, json_schema: jsonSchema } = asRecord(format);
  if (type === 'json_schema') {
    const schema = asRecord(jsonSchema);
    if (!isRecord(schema.schema) && profile.openaiExtras)
      invalid(
        "Missing required parameter: 'response_format.json_schema.schema'.",
        'response_format.json_schema.schema',
      );
    return { type: 'json', schema: schema.schema };
  }
  if (type !== 'json_object') return { type: 'text' };
  if (profile.openaiExtras && !turns.some((turn) => /json/i.test(turn.text))) {
    invalid(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      'messages',
    );
  }
  // Cohere and Ollama take the schema beside the type.
  return { type: 'json', schema: asRecord(format).schema };
}

/** What OpenAI's reasoning models refuse although older models took it. */
function checkLegacyParameters(body: JsonRecord, model: ModelProfile): void {
  if (model.refusesLegacyParameters !== true) return;
  const unsupported = (parameter: string, message: string): never =>
    refuse({ code: 'unsupported-parameter', parameter, message });
  if (body.max_tokens != null)
    unsupported(
      'max_tokens',
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    );
  for (const [parameter, standard] of [
    ['temperature', 1],
    ['top_p', 1],
    ['presence_penalty', 0],
    ['frequency_penalty', 0],
  ] as const) {
    const value = body[parameter];
    if (value != null && value !== standard) {
      refuse({
        code: 'unsupported-parameter',
        status: 400,
        parameter,
        message: `Unsupported value: '${parameter}' does not support ${JSON.stringify(value)} with this model. Only the default (${standard}) value is supported.`,
      });
    }
  }
  if (body.stop != null) unsupported('stop', "Unsupported parameter: 'stop' is not supported with this model.");
}

function readMaxTokens(body: JsonRecord, model: ModelProfile): number | undefined {
  const parameter = body.max_completion_tokens != null ? 'max_completion_tokens' : 'max_tokens';
  const limit = asNumber(body[parameter]);
  if (limit === undefined) return undefined;
  if (limit < 1)
    invalid(
      `Invalid '${parameter}': integer below minimum value. Expected a value >= 1, but got ${limit} instead.`,
      parameter,
    );
  if (limit > model.maxOutputTokens && model.vendor !== 'ollama') {
    invalid(
      `${parameter} is too large: ${limit}. This model supports at most ${model.maxOutputTokens} completion tokens, whereas you provided ${limit}.`,
      parameter,
    );
  }
  return limit;
}

/** Reads a Chat Completions body; throws the problem OpenAI would report. */
export function parseChatRequest(exchange: Exchange, body: unknown, profile: CompatibleProfile): GenerationRequest {
  const record = asRecord(body);
  const modelName = asText(record.model);
  if (modelName === '') invalid('you must provide a model parameter');
  const model = findModel(exchange.vendor, modelName);
  if (model === undefined || model.kind !== 'chat') return refuse({ code: 'model-not-found', model: modelName });
  if (!Array.isArray(record.messages)) invalid("Missing required parameter: 'messages'.", 'messages');
  if (asArray(record.messages).length === 0)
    invalid(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
    );
  checkLegacyParameters(record, model);
  const temperature = asNumber(record.temperature);
  if (temperature !== undefined && (temperature < 0 || temperature > 2)) {
    invalid(
      `Invalid 'temperature': decimal ${temperature < 0 ? 'below minimum' : 'above maximum'} value. Expected a value ${temperature < 0 ? '>= 0' : '<= 2'}, but got ${temperature} instead.`,
      'temperature',
    );
  }
  const turns = readTurns(asArray(record.messages));
  const tools = readTools(record);
  const effort = EFFORTS.find((name) => name === record.reasoning_effort) ?? model.defaultEffort ?? 'none';
  const stop = record.stop;
  return {
    model,
    modelName,
    stream: record.stream === true,
    turns,
    segments: [
      ...(tools.length > 0 ? [{ text: JSON.stringify(record.tools) }] : []),
      ...turns.map((turn) => ({ text: `${turn.role}: ${turn.text}` })),
    ],
    tools,
    toolChoice: readToolChoice(record.tool_choice),
    parallelTools: record.parallel_tool_calls !== false,
    output: readOutput(record.response_format, turns, profile),
    stop: typeof stop === 'string' ? [stop] : asArray(stop).map(asText),
    maxOutputTokens: readMaxTokens(record, model),
    reasoning: {
      effort: model.defaultEffort === undefined ? 'none' : (effort as ReasoningEffort),
      visible: model.reasoningField !== undefined,
    },
    choices: Math.min(8, Math.max(1, asNumber(record.n) ?? 1)),
    seed: asNumber(record.seed),
    includeUsage: asRecord(record.stream_options).include_usage === true,
  };
}
