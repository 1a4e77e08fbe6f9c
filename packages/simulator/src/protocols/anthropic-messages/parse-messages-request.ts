import type { Exchange } from '../../exchange/exchange.ts';
import { refuse } from '../../faults/problem-codes.ts';
import type { GenerationRequest, PromptSegment, Turn } from '../../generation/generation-request.ts';
import { prefillOf } from '../../generation/generation-request.ts';
import { asArray, asNumber, asRecord, asText, isRecord, type JsonRecord } from '../../json-value.ts';
import { findModel } from '../../models/find-model.ts';
import type { ModelProfile, ReasoningEffort } from '../../models/model-profile.ts';

function invalid(message: string): never {
  refuse({ code: 'invalid-request', message });
}

function breakpointOf(block: unknown): PromptSegment['breakpoint'] {
  const control = asRecord(block).cache_control;
  if (!isRecord(control)) return undefined;
  return { ttl: control.ttl === '1h' ? '1h' : '5m' };
}

function blockText(block: JsonRecord): string {
  switch (block.type) {
    case 'text':
      return asText(block.text);
    case 'thinking':
      return '';
    case 'tool_use':
      return JSON.stringify({ name: block.name, input: block.input });
    case 'tool_result':
      return typeof block.content === 'string'
        ? block.content
        : asArray(block.content)
            .map((part) => asText(asRecord(part).text))
            .join('');
    default:
      return '';
  }
}

/** Messages in order as turns, and every block as a segment for the prompt cache. */
function readMessages(messages: readonly unknown[]): { turns: Turn[]; segments: PromptSegment[] } {
  const turns: Turn[] = [];
  const segments: PromptSegment[] = [];
  for (const [index, message] of messages.entries()) {
    const { role, content } = asRecord(message);
    if (role !== 'user' && role !== 'assistant' && role !== 'system')
      invalid(`messages.${index}.role: Input should be 'user' or 'assistant'`);
    if (content === undefined) invalid(`messages.${index}.content: Field required`);
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content).map(asRecord);
    const isToolResult = blocks.some((block) => block.type === 'tool_result');
    let text = '';
    let images = 0;
    for (const [position, block] of blocks.entries()) {
      if (block.type === 'text' && asText(block.text) === '')
        invalid(`messages.${index}: text content blocks must be non-empty`);
      if (block.type === 'image') {
        images++;
        if (!isRecord(block.source)) invalid(`messages.${index}.content.${position}.image.source: Field required`);
      }
      text += blockText(block);
      segments.push({ text: `${role}: ${blockText(block)}`, breakpoint: breakpointOf(block) });
    }
    turns.push({ role: isToolResult ? 'tool' : role, text, images });
  }
  return { turns, segments };
}

function readThinking(body: JsonRecord, model: ModelProfile, maxTokens: number): GenerationRequest['reasoning'] {
  const thinking = asRecord(body.thinking);
  const asked = asText(asRecord(body.output_config).effort);
  const effort = (['low', 'medium', 'high', 'xhigh', 'max'] as const).find((name) => name === asked);
  const omitted =
    thinking.display === 'omitted' || (model.adaptiveThinkingOnly === true && thinking.display !== 'summarized');
  if (thinking.type === 'adaptive') {
    if (model.adaptiveThinkingOnly !== true) invalid('adaptive thinking is not supported on this model');
    return { effort: (effort ?? 'medium') as ReasoningEffort, visible: true, omitted };
  }
  if (thinking.type !== 'enabled') return { effort: 'none', visible: false };
  if (model.adaptiveThinkingOnly === true) {
    invalid(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
    );
  }
  const budget = asNumber(thinking.budget_tokens);
  if (budget === undefined) invalid('thinking.enabled.budget_tokens: Field required');
  if (budget < 1024) invalid('thinking.enabled.budget_tokens: Input should be greater than or equal to 1024');
  if (budget >= maxTokens)
    invalid(
      '`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#max-tokens-and-context-window-size',
    );
  const temperature = asNumber(body.temperature);
  if (temperature !== undefined && temperature !== 1)
    invalid(
      '`temperature` may only be set to 1 when thinking is enabled. Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking#important-considerations-when-using-extended-thinking',
    );
  return {
    effort: budget >= 8192 ? 'high' : budget >= 3072 ? 'medium' : 'low',
    budgetTokens: budget,
    visible: true,
    omitted,
  };
}

/** Who goes on thinking after a tool call must show the signed thought that led to it. */
function checkThoughtsOfToolTurn(messages: readonly unknown[]): void {
  const at = messages.findLastIndex((message) => asRecord(message).role === 'assistant');
  const blocks = asArray(asRecord(messages[at]).content).map(asRecord);
  const answersTool = asArray(asRecord(messages.at(-1)).content).some(
    (block) => asRecord(block).type === 'tool_result',
  );
  if (at < 0 || !answersTool) return;
  const [first] = blocks;
  if (first?.type !== 'thinking' && first?.type !== 'redacted_thinking')
    invalid(
      `messages.${at}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${asText(first?.type)}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`,
    );
  if (first.type === 'thinking' && asText(first.signature) === '')
    invalid(`messages.${at}.content.0.thinking.signature: Field required`);
}

function readToolChoice(choice: unknown, thinking: boolean): GenerationRequest['toolChoice'] {
  const { type, name } = asRecord(choice);
  if (thinking && (type === 'any' || type === 'tool'))
    invalid('Thinking may not be enabled when tool_choice forces tool use.');
  if (type === 'none') return { mode: 'none' };
  if (type === 'any') return { mode: 'required' };
  return type === 'tool' ? { mode: 'required', name: asText(name) } : { mode: 'auto' };
}

function checkSampling(body: JsonRecord, model: ModelProfile): void {
  if (model.adaptiveThinkingOnly === true) {
    for (const parameter of ['temperature', 'top_p', 'top_k']) {
      if (body[parameter] != null && body[parameter] !== 1) refuse({ code: 'unsupported-parameter', parameter });
    }
  }
  const temperature = asNumber(body.temperature);
  if (temperature !== undefined && (temperature < 0 || temperature > 1)) invalid(`temperature: range: 0..1`);
}

/** Reads a Messages body; throws the problem Anthropic would report. */
export function parseMessagesRequest(exchange: Exchange, body: unknown): GenerationRequest {
  const record = asRecord(body);
  if (exchange.request.headers['anthropic-version'] === undefined) invalid('anthropic-version: header is required');
  const modelName = asText(record.model);
  if (modelName === '') invalid('model: Field required');
  const model = findModel('anthropic', modelName);
  if (model === undefined) return refuse({ code: 'model-not-found', model: modelName });
  const maxTokens = asNumber(record.max_tokens);
  if (maxTokens === undefined) invalid('max_tokens: Field required');
  if (maxTokens < 1) invalid('max_tokens: Input should be greater than or equal to 1');
  if (maxTokens > model.maxOutputTokens)
    invalid(
      `max_tokens: ${maxTokens} > ${model.maxOutputTokens}, which is the maximum allowed number of output tokens for ${model.servedId}`,
    );
  if (!Array.isArray(record.messages)) invalid('messages: Field required');
  if (asArray(record.messages).length === 0) invalid('messages: at least one message is required');
  checkSampling(record, model);
  const { turns, segments } = readMessages(asArray(record.messages));
  if (turns[0]?.role === 'assistant') invalid('messages: first message must use the "user" role');
  const reasoning = readThinking(record, model, maxTokens);
  if (asRecord(record.thinking).type === 'enabled') checkThoughtsOfToolTurn(asArray(record.messages));
  const prefill = prefillOf({ turns } as GenerationRequest);
  if (prefill !== undefined) {
    if (model.prefill === 'refuse') refuse({ code: 'prefill-refused' });
    if (/\s$/.test(prefill)) invalid('messages: final assistant content cannot end with trailing whitespace');
    if (reasoning.visible) invalid('Prefilling assistant messages is not supported when thinking is enabled.');
  }
  const system = typeof record.system === 'string' ? [{ type: 'text', text: record.system }] : asArray(record.system);
  const tools = asArray(record.tools);
  const last = segments.at(-1);
  if (last !== undefined && isRecord(record.cache_control)) last.breakpoint ??= breakpointOf(record);
  const format = asRecord(asRecord(record.output_config).format);
  return {
    model,
    modelName,
    stream: record.stream === true,
    turns: [
      ...system.map((block) => ({ role: 'system' as const, text: asText(asRecord(block).text), images: 0 })),
      ...turns,
    ],
    segments: [
      ...tools.map((tool) => ({
        text: JSON.stringify({ ...asRecord(tool), cache_control: undefined }),
        breakpoint: breakpointOf(tool),
      })),
      ...system.map((block) => ({ text: asText(asRecord(block).text), breakpoint: breakpointOf(block) })),
      ...segments,
    ],
    tools: tools.map((tool) => ({
      name: asText(asRecord(tool).name),
      description: asText(asRecord(tool).description),
      schema: asRecord(asRecord(tool).input_schema),
    })),
    toolChoice: readToolChoice(record.tool_choice, reasoning.visible),
    parallelTools: asRecord(record.tool_choice).disable_parallel_tool_use !== true,
    output: format.type === 'json_schema' ? { type: 'json', schema: format.schema } : { type: 'text' },
    stop: asArray(record.stop_sequences).map(asText),
    maxOutputTokens: maxTokens,
    reasoning,
    choices: 1,
    seed: undefined,
    includeUsage: true,
  };
}
