import { clip, readRetryAfterMs } from '@switchyard/core/guardrails';
import { type Clock, toStorableText } from '@switchyard/core/kernel';
import { AddressRefusedError, checkEndpoint, type createHttpAgent, createRedactor } from '@switchyard/core/providers';
import type { AlertTarget } from './alert-target.ts';
import type { Message } from './compose-message.ts';

/** The whole try, from the lookup of the name to the end of the answer. */
export const tryTimeoutMs = 10_000;
const maxAnswerBytes = 16_384;
const maxExcerptCharacters = 500;

/** How one try went. Excerpt and error hold none of the target's secrets. */
export interface TryOutcome {
  /** `delivered` for a status of 2xx alone; `aborted`: we gave up because the server stops. */
  readonly kind: 'delivered' | 'refused' | 'unreachable' | 'aborted';
  readonly httpStatus: number | undefined;
  readonly latencyMs: number;
  readonly responseExcerpt: string;
  readonly error: string | undefined;
  readonly retryAfterMs: number | undefined;
}

type HttpAgent = ReturnType<typeof createHttpAgent>;

/**
 * Posts `message` once. Follows no redirect, sends no cookie, and connects only to addresses that the target's policy
 * allows, judged when the name is resolved. `agent` must be the agent of that policy. Never throws.
 */
export async function postMessage(
  target: AlertTarget,
  message: Message,
  { agent, clock, signal }: { readonly agent: HttpAgent; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<TryOutcome> {
  const beganMs = clock.monotonicMs();
  const timeout = new AbortController();
  const timer = clock.startTimer(tryTimeoutMs, () => timeout.abort());
  const base = { httpStatus: undefined, responseExcerpt: '', error: undefined, retryAfterMs: undefined };
  const latencyMs = () => Math.round(clock.monotonicMs() - beganMs);
  try {
    const url = checkEndpoint(target.url, target.addressPolicy);
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: message.headers,
      body: message.body,
      signal: AbortSignal.any([signal, timeout.signal]),
      // A connection kept alive may be closed by the target at the moment in which it is used again.
      reset: true,
    });
    const httpStatus = response.statusCode;
    const answer = await readAnswer(response.body);
    const isDelivered = httpStatus >= 200 && httpStatus < 300;
    const retryAfter = response.headers['retry-after'];
    return {
      kind: isDelivered ? 'delivered' : 'refused',
      httpStatus,
      latencyMs: latencyMs(),
      responseExcerpt: clip(redactorOf(target)(toStorableText(answer)), maxExcerptCharacters),
      error: isDelivered ? undefined : explainStatus(httpStatus),
      retryAfterMs: readRetryAfterMs(Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, clock.nowMs()),
    };
  } catch (error) {
    const isTimeout = timeout.signal.aborted;
    if (signal.aborted && !isTimeout) return { ...base, kind: 'aborted', latencyMs: latencyMs() };
    const text = isTimeout ? `There was no whole answer within ${tryTimeoutMs / 1000} s.` : explainError(error);
    return { ...base, kind: 'unreachable', latencyMs: latencyMs(), error: text };
  } finally {
    timer.cancel();
  }
}

/** The first part of the answer; the rest is not waited for. */
async function readAnswer(body: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= maxAnswerBytes) break;
  }
  body.destroy();
  return Buffer.concat(pieces).subarray(0, maxAnswerBytes).toString('utf8');
}

/** Targets like to repeat the request: neither the URL, whose path is a secret, nor the signing secret may come back. */
function redactorOf({ url, secret }: AlertTarget) {
  const { pathname, search } = new URL(url);
  const parts = (pathname + search).split(/[/?&=]/).filter((part) => part.length >= 6);
  const path = pathname + search;
  return createRedactor([secret, secret?.replace(/^whsec_/, ''), path.length >= 6 ? path : undefined, ...parts]);
}

function explainStatus(status: number): string {
  if (status >= 300 && status < 400) {
    return `The target answered with a redirect (${status}), which is not followed. Give the address that it leads to.`;
  }
  if (status === 410) return 'The target says that it is gone for good (410).';
  return `The target answered ${status} instead of 2xx.`;
}

/** In our own words: those of the system name the address that a name resolved to. */
function explainError(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof AddressRefusedError) return describeRefusal(each);
  }
  const code = (error as { code?: unknown } | null)?.code;
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'The name of the target could not be resolved.';
    case 'ECONNREFUSED':
      return 'The target refused the connection.';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'The target closed the connection without an answer.';
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'The target did not take the connection in time.';
    default:
      return typeof code === 'string' && /^[A-Z_]{3,60}$/.test(code)
        ? `The target could not be reached (${code}).`
        : 'The target could not be reached.';
  }
}

/** Core's sentence speaks of providers. */
function describeRefusal({ message }: AddressRefusedError): string {
  return message
    .replace('The endpoint', 'The target')
    .replace(
      / Private addresses must .*$/,
      ' The operator allows private ones with SWITCHYARD_ALLOW_PRIVATE_NETWORKS=true.',
    );
}
