import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Exchange } from './exchange/exchange.ts';
import { BodyTooLargeError, readBody } from './exchange/read-body.ts';
import { sendWhole } from './exchange/send-whole.ts';
import type { EndpointPath } from './faults/fault-registry.ts';
import type { FaultKind } from './faults/fault-schema.ts';
import { CODE_OF_STATUS, type Problem, RequestProblem, refuse } from './faults/problem-codes.ts';
import type { Route } from './find-route.ts';
import { asRecord, asText } from './json-value.ts';
import { findModel } from './models/find-model.ts';
import type { VendorProtocol } from './protocols/chat-protocol.ts';
import { listOllamaTags } from './protocols/openai-chat/compatible-vendor.ts';
import { VENDOR_PROTOCOLS } from './protocols/vendor-protocols.ts';
import { createSeededRandom } from './seeded-random.ts';
import { SIMULATED_HEADER, serveChat } from './serve-chat.ts';
import type { SimulatorState } from './simulator-state.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;
const MAX_LOGGED_BODY_BYTES = 64 * 1024;
const REJECTED_KEY = /invalid|bad/i;
/** Faults after which the answer is still whole and sound: the request counts as completed. */
const HARMLESS_FAULTS = new Set<FaultKind>([
  'latency',
  'slow-first-token',
  'rate',
  'stall',
  'missing-usage',
  'unknown-events',
  'huge-delta',
  'usage-every-chunk',
]);
const FAULT_PATHS: Record<NonNullable<Route['endpoint']>, EndpointPath | undefined> = {
  chat: 'chat',
  models: 'models',
  model: 'models',
  tags: 'models',
  embeddings: 'embeddings',
  'count-tokens': undefined,
};

function sendJson(
  exchange: Exchange,
  protocol: VendorProtocol,
  status: number,
  body: unknown,
  extra: Record<string, string> = {},
): void {
  const { response, entry } = exchange;
  if (exchange.closed || response.headersSent) return;
  const isText = typeof body === 'string' && extra['content-type'] !== undefined;
  const text = isText ? (body as string) : JSON.stringify(body);
  entry.status = status;
  entry.firstByteAt = Date.now();
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...protocol.headers(exchange, Date.now() - entry.startedAt),
    ...SIMULATED_HEADER,
    ...extra,
  });
  response.end(text);
}

function sendProblem(exchange: Exchange, protocol: VendorProtocol, problem: Problem): void {
  const { status, headers, body } = protocol.renderProblem(exchange, problem);
  exchange.entry.outcome = 'faulted';
  sendJson(exchange, protocol, status, body, headers);
}

function checkKey(exchange: Exchange, protocol: VendorProtocol, requireKeys: boolean): void {
  const key = protocol.readKey(exchange);
  exchange.entry.keyLastFour = key === undefined ? null : key.slice(-4);
  if (key === undefined && (requireKeys || !protocol.keyOptional)) refuse({ code: 'missing-key' });
  if (key !== undefined && REJECTED_KEY.test(key)) refuse({ code: 'invalid-key', key });
}

function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return refuse({
      code: 'invalid-request',
      message:
        'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)',
    });
  }
}

/** Faults that decide the request before anything is generated; true when the request is over. */
async function meetEarlyFaults(exchange: Exchange): Promise<boolean> {
  const latency = exchange.fault('latency');
  if (latency !== undefined && !(await exchange.wait(latency.delayMs))) return true;
  if (exchange.fault('reset')) {
    exchange.entry.outcome = 'faulted';
    // Let the client's last bytes be acknowledged first, as a reset in the middle of nothing would.
    await nextTurn();
    exchange.response.socket?.resetAndDestroy();
    return true;
  }
  if (exchange.fault('silent')) {
    await exchange.wait(Number.POSITIVE_INFINITY);
    return true;
  }
  return false;
}

async function answer(
  exchange: Exchange,
  route: Route,
  protocol: VendorProtocol,
  state: SimulatorState,
  bytes: Buffer,
): Promise<void> {
  const { entry } = exchange;
  checkKey(exchange, protocol, state.settings.current.requireKeys);
  const { endpoint } = route;
  if (endpoint === undefined)
    refuse({ code: 'not-found', message: `Invalid URL (${entry.method} ${exchange.url.pathname})` });
  const body = parseJson(bytes);
  entry.body = bytes.length > MAX_LOGGED_BODY_BYTES ? { truncated: true, bytes: bytes.length } : body;
  const modelName = route.model ?? asText(asRecord(body).model);
  const model = findModel(route.vendor, modelName);
  entry.model = modelName === '' ? null : modelName;
  const path = FAULT_PATHS[endpoint];
  if (path !== undefined) {
    const models = model === undefined ? [modelName] : [modelName, model.id, model.servedId];
    exchange.faults = state.faults.take({ vendor: route.vendor, models, path }, () =>
      createSeededRandom('fault', exchange.seed, entry.id),
    );
    entry.faults = exchange.faults.map((fault) => fault.id);
  }
  if (exchange.faults.length > 0 && (await meetEarlyFaults(exchange))) return;
  const error = exchange.fault('error');
  if (error !== undefined) {
    const { status, message, retryAfterSeconds, retryAfterMs, retryAfterDate } = error;
    const code = error.code ?? CODE_OF_STATUS[status ?? 500] ?? 'server';
    return sendProblem(exchange, protocol, {
      code,
      status,
      message,
      retryAfterSeconds,
      retryAfterMs,
      retryAfterDate,
      body: error.body,
      model: modelName,
    });
  }
  switch (endpoint) {
    case 'chat':
      return serveChat(exchange, protocol, body, state);
    case 'models':
      return sendJson(exchange, protocol, 200, protocol.listModels(exchange));
    case 'tags':
      return sendJson(exchange, protocol, 200, listOllamaTags());
    case 'model':
      return sendJson(
        exchange,
        protocol,
        200,
        protocol.showModel(exchange, modelName) ?? refuse({ code: 'model-not-found', model: modelName }),
      );
    case 'embeddings':
      return sendEmbeddings(exchange, protocol, protocol.embed(exchange, body));
    case 'count-tokens':
      return sendJson(exchange, protocol, 200, countPromptTokens(exchange, route, protocol, state, body));
  }
}

/** Vectors take no time worth drawing; faults of the middle of an answer hit the middle of its body. */
function sendEmbeddings(exchange: Exchange, protocol: VendorProtocol, answer: unknown): Promise<void> {
  const timing = { firstTokenMs: 60, tokensPerSecond: Number.POSITIVE_INFINITY };
  return sendWhole(exchange, JSON.stringify(answer), 0, 0, timing, (processingMs) => ({
    'content-type': 'application/json',
    ...protocol.headers(exchange, processingMs),
    ...SIMULATED_HEADER,
  }));
}

function countPromptTokens(
  exchange: Exchange,
  route: Route,
  protocol: VendorProtocol,
  state: SimulatorState,
  body: unknown,
): unknown {
  const record = asRecord(body);
  const inner =
    route.vendor === 'google' ? asRecord(record.generateContentRequest ?? record) : { max_tokens: 1, ...record };
  const { input } = state.cache.measure(protocol.chat.parse(exchange, inner));
  return route.vendor === 'google'
    ? { totalTokens: input, promptTokensDetails: [{ modality: 'TEXT', tokenCount: input }] }
    : { input_tokens: input };
}

/** Answers one request of a vendor's API from its first byte to its last. Never throws. */
export async function serveVendor(exchange: Exchange, route: Route, state: SimulatorState): Promise<void> {
  const protocol = VENDOR_PROTOCOLS[route.vendor];
  const { entry, response } = exchange;
  try {
    await answer(exchange, route, protocol, state, await readBody(exchange.request, MAX_BODY_BYTES));
  } catch (error) {
    if (error instanceof RequestProblem) sendProblem(exchange, protocol, error.problem);
    else if (error instanceof BodyTooLargeError) sendProblem(exchange, protocol, { code: 'too-large' });
    else if (!exchange.closed) {
      sendProblem(exchange, protocol, { code: 'server', message: `simulator: ${(error as Error).message}` });
      if (!response.writableEnded) response.destroy();
    }
  }
  if (entry.outcome === 'open' && response.writableEnded) {
    entry.outcome = exchange.faults.some((fault) => !HARMLESS_FAULTS.has(fault.kind)) ? 'faulted' : 'completed';
  }
}
