import type { IncomingMessage, ServerResponse } from 'node:http';
import { isTrustedOrigin } from '../auth/origins.ts';
import type { Services } from '../container.ts';
import type { GraphContext } from '../graphql/context.ts';
import type { GraphBuckets } from '../graphql/limits/graph-bucket.ts';
import type { Yoga } from '../graphql/yoga.ts';
import { currentScope, noteTeam } from '../observability/request-scope.ts';
import { readCredential } from './credential.ts';
import { executeGraph, type PersistedDocuments } from './execute-graph.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { respondGraphError } from './respond.ts';
import { watchIdentity } from './watch-identity.ts';

/** One object for all: an error with its stack for every call that ends early would only cost. */
const clientGone = new Error('The client went away.');

/** Room for a prompt with eight pictures of 5 MB in base64. */
export const maxBodyBytes = 64 * 1024 * 1024;

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
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const credential = readCredential(request.headers);
    const identity = credential && (await services.identities.resolve(credential));
    if (!credential || !identity) {
      respondGraphError(response, 401, 'UNAUTHENTICATED', 'Sign in, or send an API key: Authorization: Bearer sk-…', {
        'www-authenticate': 'Bearer',
      });
      return;
    }
    noteTeam(identity.teamId);
    const { origin, host } = request.headers;
    if (credential.kind === 'session' && origin !== undefined && !isTrustedOrigin(origin, host, services.origins)) {
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
    let body: Buffer | undefined;
    try {
      body = isPost ? await readBody(request, maxBodyBytes) : undefined;
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) return;
      respondGraphError(response, 413, 'BAD_USER_INPUT', `A request may have ${maxBodyBytes >> 20} MB at the most.`, {
        connection: 'close',
      });
      return;
    }
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
    const answered =
      body && takesJson
        ? await executeGraph(yoga, body.toString('utf8'), accept, context, persistedDocuments)
        : undefined;
    if (answered) {
      response.writeHead(answered.status, {
        ...answered.headers,
        ...commonHeaders(context),
        'content-length': Buffer.byteLength(answered.body),
      });
      response.end(answered.body);
      return;
    }
    const answer = await yoga.fetch(
      `http://${host ?? 'localhost'}${request.url ?? '/'}`,
      {
        method: request.method ?? 'POST',
        headers: toHeaders(request),
        signal: gone.signal,
        ...(body && { body: body.toString('utf8') }),
      },
      context,
    );
    const stopWatching = answer.headers.get('content-type')?.startsWith('text/event-stream')
      ? watchIdentity(services.identities, services.clock, credential, () => response.destroy())
      : undefined;
    try {
      await writeAnswer(response, answer, context);
    } finally {
      stopWatching?.();
    }
  };
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
