import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findMissingPermission } from '../auth/check-permission.ts';
import type { Identity } from '../auth/identity.ts';
import type { Permission } from '../auth/permission-table.ts';
import type { Services } from '../container.ts';
import type { AuditActor } from '../observability/acting.ts';
import { noteTeam } from '../observability/request-scope.ts';
import { readCredential } from './credential.ts';
import { isFromForeignPage } from './foreign-page.ts';
import { respondJson } from './respond.ts';

/** An export that may be made. */
export interface OpenedExport {
  readonly identity: Identity;
  readonly parameters: URLSearchParams;
  /** In whose name it goes into the audit log. */
  readonly actor: AuditActor;
  refuse(status: number, code: string, message: string): void;
}

/** Who asks for a file, and whether they may; undefined when the request was answered with a refusal. */
export async function openExport(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  { may }: { readonly may: Permission },
): Promise<OpenedExport | undefined> {
  const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}) =>
    void respondJson(response, status, { code, message }, headers);
  const credential = readCredential(request.headers);
  const identity = credential && (await services.identities.resolve(credential));
  if (!identity) {
    const message = 'Sign in, or send an API key: Authorization: Bearer sk-…';
    refuse(401, 'UNAUTHENTICATED', message, { 'www-authenticate': 'Bearer' });
    return undefined;
  }
  if (credential.kind === 'session' && isFromForeignPage(request.headers, services.origins)) {
    refuse(403, 'FORBIDDEN', 'Pages of other sites may not act for you.');
    return undefined;
  }
  noteTeam(identity.teamId);
  const missing = findMissingPermission(identity, may);
  if (missing !== undefined) {
    refuse(403, 'FORBIDDEN', missing);
    return undefined;
  }
  if (request.method !== 'GET') {
    refuse(405, 'METHOD_NOT_ALLOWED', 'Ask with GET.', { allow: 'GET' });
    return undefined;
  }
  const { userId, apiKeyId } = identity;
  return {
    identity,
    parameters: new URL(request.url ?? '/', 'http://localhost').searchParams,
    actor: { kind: apiKeyId === undefined ? 'PERSON' : 'KEY', userId, apiKeyId },
    refuse,
  };
}

/** Writes a file piece by piece; one that breaks off is cut, which the client sees. */
export async function streamExport(
  services: Services,
  request: IncomingMessage,
  response: ServerResponse,
  pieces: AsyncIterable<string>,
  format: 'csv' | 'jsonl',
  fileName: string,
): Promise<void> {
  response.writeHead(200, {
    'content-type': `${format === 'csv' ? 'text/csv' : 'application/x-ndjson'}; charset=utf-8`,
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  try {
    await pipeline(Readable.from(pieces, { objectMode: false, encoding: 'utf8' }), response);
  } catch (error) {
    if (!request.destroyed) services.log.warn({ error: String(error) }, 'an export broke off');
    response.destroy();
  }
}
