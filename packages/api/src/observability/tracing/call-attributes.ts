import type { Attributes } from '@opentelemetry/api';
import type { ProviderType } from '@switchyard/core/catalog';
import type { CallFacts } from '@switchyard/core/dispatch';
import { formatUsd } from '@switchyard/core/kernel';
import type { CallRecord } from '@switchyard/core/metrics';
import type { ModelCall, ModelMessage } from '@switchyard/core/spec';

/** What is known of the provider of a call. */
export interface DescribedProvider {
  readonly type: ProviderType;
  readonly baseUrl: string | undefined;
}

/** The names that OpenTelemetry's conventions have for vendors. */
const vendorNames: Readonly<Partial<Record<ProviderType, string>>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'gcp.gemini',
  cohere: 'cohere',
};

/** The vendor of a provider as the conventions name it; where they have no name, the provider's own id. */
export function vendorNameOf(providerId: string, provider: DescribedProvider | undefined): string {
  return (provider && vendorNames[provider.type]) ?? providerId;
}

/** What is asked of a model, before it is known how it goes. Holds no content. */
export function requestAttributes(facts: CallFacts, provider: DescribedProvider | undefined): Attributes {
  const { operation, target, call, callId, attempt, isHedge } = facts;
  const isChat = operation === 'chat';
  return {
    'gen_ai.operation.name': operation,
    'gen_ai.provider.name': vendorNameOf(target.providerId, provider),
    'gen_ai.request.model': target.vendorModelId,
    ...(isChat && chatAttributes(call)),
    ...addressAttributes(provider?.baseUrl),
    'switchyard.provider.id': target.providerId,
    'switchyard.model.id': target.modelId,
    'switchyard.call.id': callId,
    'switchyard.origin': target.origin,
    'switchyard.attempt.number': attempt,
    ...(isHedge && { 'switchyard.attempt.is_hedge': true }),
  };
}

function chatAttributes(call: ModelCall): Attributes {
  const { maxOutputTokens, temperature, topP, topK, seed, frequencyPenalty, presencePenalty, stopSequences } = call;
  return {
    'gen_ai.request.stream': !call.isWhole,
    'gen_ai.output.type': call.output?.type === 'json' ? 'json' : 'text',
    ...(maxOutputTokens !== undefined && { 'gen_ai.request.max_tokens': maxOutputTokens }),
    ...(temperature !== undefined && { 'gen_ai.request.temperature': temperature }),
    ...(topP !== undefined && { 'gen_ai.request.top_p': topP }),
    ...(topK !== undefined && { 'gen_ai.request.top_k': topK }),
    ...(seed !== undefined && { 'gen_ai.request.seed': seed }),
    ...(frequencyPenalty !== undefined && { 'gen_ai.request.frequency_penalty': frequencyPenalty }),
    ...(presencePenalty !== undefined && { 'gen_ai.request.presence_penalty': presencePenalty }),
    ...(stopSequences && { 'gen_ai.request.stop_sequences': [...stopSequences] }),
  };
}

function addressAttributes(baseUrl: string | undefined): Attributes {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return {};
  const { hostname, port, protocol } = new URL(baseUrl);
  return { 'server.address': hostname, 'server.port': Number(port) || (protocol === 'http:' ? 80 : 443) };
}

/** How a call went. The vendor's words about an error may quote the prompt, so that they are left to the content. */
export function responseAttributes(record: CallRecord): Attributes {
  const { usage, servedModel, finishReason, errorKind, timeToFirstTokenMs, costNanoUsd, providerRequestId } = record;
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    ...(servedModel !== undefined && { 'gen_ai.response.model': servedModel }),
    ...(finishReason !== undefined && { 'gen_ai.response.finish_reasons': [finishReason.raw ?? finishReason.unified] }),
    ...(timeToFirstTokenMs !== undefined && { 'gen_ai.response.time_to_first_chunk': timeToFirstTokenMs / 1_000 }),
    ...(inputTokens !== undefined && { 'gen_ai.usage.input_tokens': inputTokens }),
    ...(outputTokens !== undefined && { 'gen_ai.usage.output_tokens': outputTokens }),
    ...(cachedInputTokens !== undefined && { 'gen_ai.usage.cache_read.input_tokens': cachedInputTokens }),
    ...(cacheWriteTokens !== undefined && { 'gen_ai.usage.cache_creation.input_tokens': cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { 'gen_ai.usage.reasoning.output_tokens': reasoningTokens }),
    ...(record.isUsageEstimated && { 'switchyard.usage.is_estimated': true }),
    ...(errorKind !== undefined && { 'error.type': errorKind }),
    ...(costNanoUsd !== undefined && { 'switchyard.cost.usd': Number(formatUsd(costNanoUsd)) }),
    ...(providerRequestId !== undefined && { 'switchyard.provider.request_id': providerRequestId }),
    'switchyard.call.outcome': record.outcome,
    ...ownerAttributes(record),
  };
}

/** On whose behalf something is done. Ids only. */
export function ownerAttributes(purpose: Partial<CallRecord>): Attributes {
  const { teamId, source, runId, workflowId, stepId, role, decisionId, apiKeyId, userId } = purpose;
  const named = {
    ...{ 'switchyard.team.id': teamId, 'switchyard.source': source, 'switchyard.run.id': runId },
    ...{ 'switchyard.workflow.name': workflowId, 'switchyard.step.id': stepId, 'switchyard.role': role },
    ...{ 'switchyard.decision.id': decisionId, 'switchyard.api_key.id': apiKeyId, 'user.id': userId },
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as Attributes;
}

/** Of a message, so many characters go into a span. */
const mostCharacters = 32_000;

/** Prompt and answer as the conventions write them; asked for only where the operator has switched it on. */
export function contentAttributes(call: ModelCall, received: string, record: CallRecord): Attributes {
  const text = (content: string) => ({ type: 'text', content: content.slice(0, mostCharacters) });
  const input = call.messages.map((message) => ({ role: message.role, parts: partsOf(message) }));
  const output = [{ role: 'assistant', parts: [text(received)], finish_reason: record.finishReason?.raw ?? 'error' }];
  return {
    ...(call.system !== undefined && { 'gen_ai.system_instructions': JSON.stringify([text(call.system)]) }),
    'gen_ai.input.messages': JSON.stringify(input),
    ...(received !== '' && { 'gen_ai.output.messages': JSON.stringify(output) }),
    ...(record.errorMessage !== undefined && { 'switchyard.error.message': record.errorMessage }),
  };
}

function partsOf(message: ModelMessage): readonly object[] {
  if (message.role === 'tool') {
    const { toolCallId, output } = message;
    return [{ type: 'tool_call_response', id: toolCallId, response: output.slice(0, mostCharacters) }];
  }
  return message.content.map((part) =>
    'text' in part ? { type: 'text', content: part.text.slice(0, mostCharacters) } : { type: part.type },
  );
}
