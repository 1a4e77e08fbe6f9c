import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ContentEncoding, type DashboardAsset, encodeAsset, isCompressible } from './dashboard-asset.ts';
import { cleanUrl, type DashboardFiles } from './load-dashboard.ts';
import { contentSecurityPolicy, securityHeaders } from './security-headers.ts';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers requests for the built dashboard; `undefined` answers that it is not built. */
export function serveDashboard(files: DashboardFiles | undefined): RequestHandler {
  return (request, response) => {
    if (!files) return sendText(response, 503, 'The dashboard is not built: run npm start.');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendText(response, 405, 'Only GET and HEAD are possible here.');
    }
    const path = readPath(request.url ?? '/');
    if (path === undefined) return sendText(response, 400, 'This is not a valid path.');
    const asset = files.assets.get(path);
    if (asset) return void sendAsset(request, response, asset, path === '/404' ? 404 : 200);
    const other = path.endsWith('/') || path.endsWith('.html') ? cleanUrl(path.replace(/\/+$/, '')) : undefined;
    if (other !== undefined && files.assets.has(other)) {
      // `other` is the path of a built file, so that this can never lead to another host.
      response.writeHead(308, { ...securityHeaders, location: other }).end();
      return undefined;
    }
    if (files.notFound) return void sendAsset(request, response, files.notFound, 404);
    return sendText(response, 404, 'There is no such page.');
  };
}

/** The decoded path without query, or undefined when it cannot be decoded. */
function readPath(url: string): string | undefined {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

async function sendAsset(
  request: IncomingMessage,
  response: ServerResponse,
  asset: DashboardAsset,
  status: 200 | 404,
): Promise<void> {
  const encoding = isCompressible(asset) ? chooseEncoding(request.headers['accept-encoding']) : 'identity';
  const entityTag = `"${asset.contentHash}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  const headers: Record<string, string | number> = {
    ...securityHeaders,
    'content-type': asset.contentType,
    'cache-control': asset.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: entityTag,
    vary: 'Accept-Encoding',
  };
  if (asset.isHtml) headers['content-security-policy'] = contentSecurityPolicy(asset, request.headers.host);
  if (encoding !== 'identity') headers['content-encoding'] = encoding;
  if (status === 200 && isNamed(request.headers['if-none-match'], entityTag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const body = await encodeAsset(asset, encoding);
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The best encoding that the client takes: Brotli, then gzip; `q=0` refuses. */
export function chooseEncoding(acceptEncoding: string | string[] | undefined): ContentEncoding {
  const accepted = new Map(
    String(acceptEncoding ?? '')
      .toLowerCase()
      .split(',')
      .map((entry) => {
        const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
        const weight = parameters.find((parameter) => parameter.startsWith('q='));
        return [name, weight === undefined ? 1 : Number(weight.slice(2))] as const;
      }),
  );
  return (['br', 'gzip'] as const).find((name) => (accepted.get(name) ?? accepted.get('*') ?? 0) > 0) ?? 'identity';
}

function isNamed(ifNoneMatch: string | undefined, entityTag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(entityTag);
}
