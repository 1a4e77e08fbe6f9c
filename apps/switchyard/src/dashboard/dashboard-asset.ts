import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type ContentEncoding = 'br' | 'gzip' | 'identity';

/** One file of the built dashboard, held in memory. */
export interface DashboardAsset {
  readonly contentType: string;
  readonly isHtml: boolean;
  /** The file's name holds a hash of its content, so that it never changes. */
  readonly isImmutable: boolean;
  /** Hash of the content; the entity tag without its quotes and without the encoding. */
  readonly contentHash: string;
  readonly content: Buffer;
  /** Hashes of the inline scripts (HTML only), as a content security policy wants them: `'sha256-…'`. */
  readonly scriptHashes: readonly string[];
}

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff2: 'font/woff2',
  xml: 'application/xml; charset=utf-8',
};

const leastBytesToCompress = 1_000;

/** Makes the asset of one file; `path` starts with `/` and is relative to the built folder. */
export function createAsset(path: string, content: Buffer): DashboardAsset {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const isHtml = extension === 'html';
  return {
    contentType: contentTypes[extension] ?? 'application/octet-stream',
    isHtml,
    isImmutable: path.startsWith('/_next/static/'),
    contentHash: createHash('sha256').update(content).digest('base64url').slice(0, 24),
    content,
    scriptHashes: isHtml ? hashInlineScripts(content.toString('utf8')) : [],
  };
}

/** The policy sources of all inline scripts of a page, each once. Scripts with `src` are covered by `'self'`. */
export function hashInlineScripts(html: string): readonly string[] {
  const hashes = new Set<string>();
  for (const [, attributes = '', script = ''] of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)) {
    if (/\ssrc\s*=/i.test(attributes)) continue;
    hashes.add(`'sha256-${createHash('sha256').update(script, 'utf8').digest('base64')}'`);
  }
  return [...hashes];
}

const compressed = new WeakMap<DashboardAsset, Map<ContentEncoding, Promise<Buffer>>>();
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Whether the asset gets smaller by compressing: text of some length. */
export const isCompressible = (asset: DashboardAsset): boolean =>
  /^(text|application\/(json|manifest|xml)|image\/svg)/.test(asset.contentType) &&
  asset.content.length >= leastBytesToCompress;

/** The asset's bytes in `encoding`; each is made once, on first use, off the main thread. */
export function encodeAsset(asset: DashboardAsset, encoding: ContentEncoding): Promise<Buffer> {
  if (encoding === 'identity') return Promise.resolve(asset.content);
  const made = compressed.get(asset) ?? new Map<ContentEncoding, Promise<Buffer>>();
  compressed.set(asset, made);
  const known = made.get(encoding);
  if (known) return known;
  const parameters = { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: asset.content.length };
  const bytes = encoding === 'br' ? brotli(asset.content, { params: parameters }) : zip(asset.content, { level: 7 });
  made.set(encoding, bytes);
  return bytes;
}
