import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '../container.ts';
import { rebalance } from '../features/routing/rebalance.ts';
import { UserFailure } from '../user-errors.ts';
import { readBearer } from './credential.ts';
import { respondJson } from './respond.ts';

export const rebalancePath = '/api/models/rebalance';

/**
 * `POST /api/models/rebalance`, with `?scope=` for one learning scope: what the adaptive strategy has learned is forgotten.
 * For API keys with the scope MANAGE; the same as the mutation `rebalanceRouting`.
 */
export function createRebalanceHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}) =>
      respondJson(response, status, { code, message }, headers);
    const key = readBearer(request.headers.authorization);
    const identity = key === undefined ? undefined : await services.identities.resolve({ kind: 'api-key', key });
    if (!identity) {
      refuse(401, 'UNAUTHENTICATED', 'Send an API key as Authorization: Bearer sk-…', { 'www-authenticate': 'Bearer' });
      return;
    }
    if (request.method !== 'POST') {
      refuse(405, 'METHOD_NOT_ALLOWED', 'Use POST.', { allow: 'POST' });
      return;
    }
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    try {
      const scopes = await rebalance(services, identity, { scope: searchParams.get('scope') });
      respondJson(response, 200, { scopes });
    } catch (error) {
      if (!(error instanceof UserFailure)) throw error;
      refuse(error.code === 'TEAMS.FORBIDDEN' ? 403 : 400, error.code, error.message);
    }
  };
}
