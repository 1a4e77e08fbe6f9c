import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeRefusedKey } from '../auth/api-key.ts';
import { type Identity, mayAnywhere } from '../auth/identity.ts';
import type { Services } from '../container.ts';
import type { GraphContext } from '../graphql/context.ts';
import type { GraphBuckets } from '../graphql/limits/graph-bucket.ts';
import { inputLimits } from '../graphql/limits/operation-input.ts';
import type { Yoga } from '../graphql/yoga.ts';
import { currentScope, noteTeam } from '../observability/request-scope.ts';
import { readCredential } from './credential.ts';
import { bodyLimitMessage, executeGraph, onlyPersisted } from './execute-graph.ts';
import { isFromForeignPage } from './foreign-page.ts';
import { isPersisted, type PersistedDocuments } from './persisted-documents.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { respondGraphError } from './respond.ts';
import { watchIdentity } from './watch-identity.ts';

const ended = new Error('The credential has ended.');
/** One object for all: an error with its stack for every call that ends early would only cost. */
const clientGone = new Error('The client went away.');

/** Room for a prompt with eight pictures of 5 MB in base64, for who may ask models or import files. */
export const maxBodyBytes = 64 * 1024 * 1024;
/** How many such bodies are read for one identity at once: they are kept in memory. */
const maxLargeBodies = 4;

/**
 * Serves one request to the graph over HTTP: identity first, then what kind of request it is, then the body within
 * bounds, then Yoga, whose answer is written with regard to slow readers.
 */
export function createGraphHandler(
  services: Services,
  yoga: Yoga,
  buckets: GraphBuckets,
  persistedDocuments: PersistedDocuments,
) {
  const largeBodies = new Map<string, number>();
  /** Reads a body within the limits of who sends it; undefined when it was answered already. */
  const readWithin = async (request: IncomingMessage, response: ServerResponse, identity: Identity) => {
    const isSmall = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= inputLimits.bytes;
    const mayBeLarge = mayAnywhere(identity, 'RUN') || mayAnywhere(identity, 'MANAGE');
    const limit = mayBeLarge && !isSmall ? maxBodyBytes : inputLimits.bytes;
    const { subject } = identity;
    const count = largeBodies.get(subject) ?? 0;
    if (limit === maxBodyBytes) {
      if (count >= maxLargeBodies) {
        const message = `${maxLargeBodies} large requests of yours are under way; wait for one of them.`;
        const headers = { connection: 'close', 'retry-after': '1' };
        respondGraphError(response, 429, 'RATE_LIMITED', message, headers);
        return undefined;
      }
      largeBodies.set(subject, count + 1);
    }
    try {
      return await readBody(request, limit);
    } catch (error) {
      if (error instanceof BodyTooLarge)
        respondGraphError(response, 413, 'BAD_USER_INPUT', bodyLimitMessage(limit), { connection: 'close' });
      return undefined;
    } finally {
      if (limit === maxBodyBytes) {
        const left = (largeBodies.get(subject) ?? 1) - 1;
        if (left > 0) largeBodies.set(subject, left);
        else largeBodies.delete(subject);
      }
    }
  };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const credential = readCredential(request.headers);
    const identity = credential && (await services.identities.resolve(credential));
    if (!credential || !identity) {
      const message =
        credential?.kind === 'api-key'
          ? describeRefusedKey(credential.key)
          : 'Sign in, or send an API key: Authorization: Bearer sk-…';
      respondGraphError(response, 401, 'UNAUTHENTICATED', message, {
        'www-authenticate': 'Bearer',
      });
      return;
    }
    noteTeam(identity.teamId);
    const isSession = credential.kind === 'session';
    if (isSession && isFromForeignPage(request.headers, services.origins)) {
      respondGraphError(response, 403, 'FORBIDDEN', 'Pages of other sites may not act for you.');
      return;
    }
    const isPost = request.method === 'POST';
    if (isPost && !/^application\/(graphql-response\+)?json\b/i.test(request.headers['content-type'] ?? '')) {
      // Forms and plain text are what foreign pages can send without asking; nothing honest needs them.
      respondGraphError(response, 415, 'BAD_USER_INPUT', 'Send the operation as application/json.');
      return;
    }
    if (!isPost && request.method !== 'GET') {
      respondGraphError(response, 405, 'BAD_USER_INPUT', 'Use POST.', { allow: 'GET, POST' });
      return;
    }
    const body = isPost ? await readWithin(request, response, identity) : undefined;
    if (isPost && !body) return;
    const isPersistedOnly = isSession && services.settings.isPersistedOnly;
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort(clientGone);
    });
    const context: GraphContext = {
      identity,
      services,
      bucket: buckets.of(identity.subject),
      requestId: currentScope()?.requestId ?? services.ids.next('req'),
      signal: gone.signal,
    };
    const accept = request.headers.accept ?? '';
    const takesJson = accept === '' || /json|\*\/\*/.test(accept);
    // A call that waits for a model is cancelled when whoever asked may ask no more.
    const stopLooking = watchIdentity(
      services.identities,
      services.clock,
      credential,
      () => gone.abort(ended),
      identity,
    );
    const answered =
      body && takesJson
        ? await executeGraph(yoga, body.toString('utf8'), accept, context, {
            persisted: persistedDocuments,
            isPersistedOnly,
          }).finally(stopLooking)
        : undefined;
    stopLooking();
    if (answered) {
      response.writeHead(answered.status, {
        ...answered.headers,
        ...commonHeaders(context),
        'content-length': Buffer.byteLength(answered.body),
      });
      response.end(answered.body);
      return;
    }
    if (isPersistedOnly && !isPersisted(persistedDocuments, queryOf(request, body))) {
      const { message } = onlyPersisted();
      respondGraphError(response, 403, 'FORBIDDEN', message);
      return;
    }
    const answer = await yoga.fetch(
      `http://${request.headers.host ?? 'localhost'}${request.url ?? '/'}`,
      {
        method: request.method ?? 'POST',
        headers: toHeaders(request),
        signal: gone.signal,
        ...(body && { body: body.toString('utf8') }),
      },
      context,
    );
    const stopWatching = answer.headers.get('content-type')?.startsWith('text/event-stream')
      ? watchIdentity(services.identities, services.clock, credential, () => response.destroy(), identity)
      : undefined;
    try {
      await writeAnswer(response, answer, context);
    } finally {
      stopWatching?.();
    }
  };
}

/** The document of a request that Yoga will serve. */
function queryOf(request: IncomingMessage, body: Buffer | undefined): string {
  if (!body) return new URL(request.url ?? '/', 'http://localhost').searchParams.get('query') ?? '';
  try {
    const { query } = JSON.parse(body.toString('utf8')) as { readonly query?: unknown };
    return typeof query === 'string' ? query : '';
  } catch {
    return '';
  }
}

function toHeaders(request: IncomingMessage): Record<string, string> {
  const { accept, 'content-type': contentType } = request.headers;
  return { ...(accept && { accept }), ...(contentType && { 'content-type': contentType }) };
}

function commonHeaders(context: GraphContext): Record<string, string> {
  const { maximumAvailable, currentlyAvailable, restoreRatePerSecond } = context.bucket.status();
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': context.requestId,
    'x-ratelimit-limit': String(maximumAvailable),
    'x-ratelimit-remaining': String(currentlyAvailable),
    'x-ratelimit-reset': String(Math.ceil((maximumAvailable - currentlyAvailable) / restoreRatePerSecond)),
  };
}

async function writeAnswer(response: ServerResponse, answer: Response, context: GraphContext): Promise<void> {
  const headers: Record<string, string> = {};
  answer.headers.forEach((value, name) => {
    // Yoga's own Headers give names as they were written.
    headers[name.toLowerCase()] = value;
  });
  response.writeHead(answer.status, {
    ...headers,
    ...commonHeaders(context),
  });
  if (!headers['content-type']?.startsWith('text/event-stream')) {
    response.end(await answer.text());
    return;
  }
  response.flushHeaders();
  const reader = answer.body?.getReader();
  try {
    for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
      if (response.destroyed) break;
      if (!response.write(chunk.value)) {
        await new Promise<void>((resolve) => {
          response.once('drain', resolve);
          response.once('close', resolve);
        });
      }
    }
  } finally {
    await reader?.cancel().catch(() => {});
    response.end();
  }
}
