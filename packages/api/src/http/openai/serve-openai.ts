import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayDo, type PermissionArea, type PermissionLevel } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { currentScope, noteTeam } from '../../observability/request-scope.ts';
import { readBearer } from '../credential.ts';
import { noKey, refusedKey } from './key-failures.ts';
import type { OpenAiExchange } from './openai-exchange.ts';
import { fromUserFailure, type OpenAiFailure, respondFailure } from './openai-failure.ts';
import { serveChatCompletion } from './serve-chat-completion.ts';
import { serveEmbeddings } from './serve-embeddings.ts';
import { serveModel, serveModelList } from './serve-models.ts';

export const openAiPath = '/v1/';

interface Route {
  readonly method: 'GET' | 'POST';
  readonly scope: PermissionLevel;
  readonly area: PermissionArea;
  readonly serve: (exchange: OpenAiExchange) => void | Promise<void>;
}

/**
 * Serves what clients of OpenAI's API ask for. An API key is the only identity here: nothing honest sends a browser's
 * cookies to this entrance.
 */
export function createOpenAiHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = currentScope()?.requestId ?? services.ids.next('req');
    response.setHeader('x-request-id', requestId);
    try {
      await serve(services, request, response, requestId);
    } catch (thrown) {
      const known = fromUserFailure(thrown);
      if (!known) {
        const error = thrown instanceof Error ? thrown.stack : String(thrown);
        services.log.error({ requestId, error }, 'an OpenAI-compatible request failed');
      }
      respondFailure(response, known ?? ourFault);
      if (!response.writableEnded) response.destroy();
    }
  };
}

async function serve(services: Services, request: IncomingMessage, response: ServerResponse, requestId: string) {
  const key = readBearer(request.headers.authorization);
  const credential = key === undefined ? undefined : ({ kind: 'api-key', key } as const);
  const identity = credential && (await services.identities.resolve(credential));
  if (!credential || !identity) return respondFailure(response, key === undefined ? noKey : refusedKey(key));
  noteTeam(identity.teamId);
  const path = (request.url ?? '').split('?')[0] ?? '';
  const route = findRoute(path);
  if (!route) {
    const message = `There is nothing at ${request.method} ${path}.`;
    return respondFailure(response, { status: 404, type: 'invalid_request_error', code: 'unknown_url', message });
  }
  if (request.method !== route.method) {
    const failure = { status: 405, type: 'invalid_request_error', code: 'method_not_supported' } as const;
    return respondFailure(response, { ...failure, message: `Use ${route.method}.`, headers: { allow: route.method } });
  }
  if (!mayDo(identity, route.scope, route.area)) {
    const failure = { status: 403, type: 'invalid_request_error', code: 'insufficient_permissions' } as const;
    return respondFailure(response, { ...failure, message: `This API key lacks the scope ${route.scope}.` });
  }
  return route.serve({ services, request, response, identity, credential, requestId });
}

const modelPath = `${openAiPath}models/`;

function findRoute(path: string): Route | undefined {
  if (path === `${openAiPath}chat/completions`)
    return { method: 'POST', scope: 'RUN', area: 'WORK', serve: serveChatCompletion };
  if (path === `${openAiPath}embeddings`) return { method: 'POST', scope: 'RUN', area: 'WORK', serve: serveEmbeddings };
  if (path === `${openAiPath}models`) return { method: 'GET', scope: 'READ', area: 'MODELS', serve: serveModelList };
  if (!path.startsWith(modelPath)) return undefined;
  const id = path.slice(modelPath.length);
  return { method: 'GET', scope: 'READ', area: 'MODELS', serve: (exchange) => serveModel(exchange, id) };
}

const ourFault: OpenAiFailure = {
  status: 503,
  type: 'server_error',
  code: 'internal',
  message: 'Something went wrong on our side; try again in a moment.',
  headers: { 'retry-after': '2' },
};
