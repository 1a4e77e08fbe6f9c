import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { mayDo } from '../auth/identity.ts';
import type { Services } from '../container.ts';
import { exportVersion } from '../features/datasets/export-version.ts';
import { decodeId } from '../graphql/global-id.ts';
import { readCredential } from './credential.ts';
import { respondJson } from './respond.ts';

export const datasetExportPath = '/api/datasets/export';

/**
 * `GET /api/datasets/export?version=<id>&format=csv|jsonl&split=…`: a version of a dataset as a file, piece by piece, for
 * whoever may read. An import takes it as it is.
 */
export function createDatasetExportHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number, code: string, message: string, headers: Record<string, string> = {}) =>
      respondJson(response, status, { code, message }, headers);
    const credential = readCredential(request.headers);
    const identity = credential && (await services.identities.resolve(credential));
    if (!identity) {
      const message = 'Sign in, or send an API key with the scope READ: Authorization: Bearer sk-…';
      return refuse(401, 'UNAUTHENTICATED', message, { 'www-authenticate': 'Bearer' });
    }
    if (!mayDo(identity, 'READ', 'TESTS'))
      return refuse(403, 'FORBIDDEN', 'The scopes of this API key do not allow this.');
    if (request.method !== 'GET') return refuse(405, 'METHOD_NOT_ALLOWED', 'Ask with GET.', { allow: 'GET' });
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const format = searchParams.get('format') ?? 'csv';
    if (format !== 'csv' && format !== 'jsonl') return refuse(400, 'BAD_USER_INPUT', 'The format is csv or jsonl.');
    const split = searchParams.get('split')?.replaceAll('\0', '') || undefined;
    const id = decodeId(searchParams.get('version') ?? '', 'DatasetVersion');
    const file = id === undefined ? undefined : await exportVersion(services, identity.teamId, id, { format, split });
    if (!file) return refuse(404, 'NOT_FOUND', 'There is no such version of a dataset.');
    response.writeHead(200, {
      'content-type': `${format === 'csv' ? 'text/csv' : 'application/x-ndjson'}; charset=utf-8`,
      'content-disposition': `attachment; filename="dataset.${format}"; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    try {
      await pipeline(Readable.from(file.pieces, { objectMode: false, encoding: 'utf8' }), response);
    } catch (error) {
      // The file is cut off, and the client sees that: its length was never promised to it.
      if (!request.destroyed) services.log.warn({ versionId: id, error: String(error) }, 'an export broke off');
      response.destroy();
    }
  };
}
