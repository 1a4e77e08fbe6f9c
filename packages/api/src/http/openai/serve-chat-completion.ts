import type { StreamPart } from '@switchyard/core/spec';
import { toRateHeaders } from '../../auth/api-key-rates.ts';
import { type ChatCall, prepareChatCall } from '../../features/completions/chat-call.ts';
import { ChatCollector } from '../../features/completions/chat-collector.ts';
import type { ChatEnvelope } from '../../features/completions/chat-facts.ts';
import { decodeChatRequest } from '../../features/completions/decode-chat-request.ts';
import { readCallAttributes } from '../../features/routing/call-attributes.ts';
import { parseWorkflowReference } from '../../features/runs/workflow-reference.ts';
import { respondJson } from '../respond.ts';
import { watchIdentity } from '../watch-identity.ts';
import { wrongKey } from './key-failures.ts';
import type { OpenAiExchange } from './openai-exchange.ts';
import { fromChainOutcome, respondFailure } from './openai-failure.ts';
import { readChatBody } from './read-chat-body.ts';
import { readTagHeader } from './read-tag-header.ts';
import { serveWorkflowChat } from './serve-workflow-chat.ts';
import { streamChatCompletion } from './stream-chat-completion.ts';
import { outcomeHeaders } from './target-headers.ts';

/** One object for all: an error with its stack for every call that ends early would only cost. */
const clientGone = new Error('The client went away.');
const keyEnded = new Error('The API key has ended.');

/** `POST /v1/chat/completions`. A client that goes away takes the upstream call with it. */
export async function serveChatCompletion(exchange: OpenAiExchange): Promise<void> {
  const { services, request, response, identity, requestId } = exchange;
  const read = await readChatBody(request, response);
  if (!read) return;
  const body = decodeChatRequest(read.body);
  const chat = { ...body, tags: [...new Set([...body.tags, ...readTagHeader(request.headers)])] };
  const envelope: ChatEnvelope = {
    id: `chatcmpl-${requestId.slice(requestId.indexOf('_') + 1)}`,
    created: Math.floor(services.clock.nowMs() / 1_000),
  };
  const workflow = parseWorkflowReference(chat.model);
  if (workflow) return serveWorkflowChat(exchange, workflow, chat, read.body, envelope);
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(clientGone);
  });
  const call = await prepareChatCall(services, identity, chat, requestId, readCallAttributes(request.headers));
  // Whoever wants to know why, or to say how good the answer was, needs the decision's id.
  const rules = services.keys.known(identity.apiKeyId);
  const rates = rules ? toRateHeaders(services.keyRates.stateOf(rules)) : {};
  for (const [name, value] of Object.entries(rates)) response.setHeader(name, value);
  if (call.decision) response.setHeader('x-switchyard-decision', call.decision.id);
  if (chat.isStream) await streamChatCompletion(exchange, call, envelope, chat.includesUsage, gone);
  else await answerChatCompletion(exchange, call, envelope, gone);
}

async function answerChatCompletion(
  { services, response, credential, identity }: OpenAiExchange,
  { run }: ChatCall,
  envelope: ChatEnvelope,
  gone: AbortController,
): Promise<void> {
  const collector = new ChatCollector();
  const { identities, clock } = services;
  const stopWatching = watchIdentity(identities, clock, credential, () => gone.abort(keyEnded), identity);
  const listener = { onPart: (part: StreamPart) => collector.add(part), onReset: () => collector.clear() };
  const outcome = await run(listener, gone.signal).finally(stopWatching);
  const { record, warnings, error, target } = outcome;
  if (gone.signal.reason === keyEnded) return respondFailure(response, wrongKey);
  if (error || !record) return respondFailure(response, fromChainOutcome(outcome), outcomeHeaders(outcome));
  const answer = collector.finish(envelope, record.servedModel ?? target.vendorModelId, outcome, warnings);
  respondJson(response, 200, answer, outcomeHeaders(outcome));
}
