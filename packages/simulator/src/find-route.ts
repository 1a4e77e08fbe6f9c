import { SIMULATED_VENDORS, type SimulatedVendor, VENDOR_BASE_PATHS } from './vendors.ts';

export type Endpoint = 'chat' | 'models' | 'model' | 'embeddings' | 'count-tokens' | 'tags';

export interface Route {
  vendor: SimulatedVendor;
  /** Undefined: the vendor has nothing there. */
  endpoint: Endpoint | undefined;
  /** Model id in the path. */
  model: string | undefined;
}

function anthropicEndpoint(rest: string): Omit<Route, 'vendor'> {
  if (rest === '/v1/messages') return { endpoint: 'chat', model: undefined };
  if (rest === '/v1/messages/count_tokens') return { endpoint: 'count-tokens', model: undefined };
  return modelsEndpoint(rest.replace(/^\/v1/, ''));
}

function googleEndpoint(rest: string): Omit<Route, 'vendor'> {
  const match = /^\/v1(?:beta|alpha)?\/models\/([^:/]+):(\w+)$/.exec(rest);
  if (match === null) return modelsEndpoint(rest.replace(/^\/v1(beta|alpha)?/, ''));
  const actions: Record<string, Endpoint> = {
    generateContent: 'chat',
    streamGenerateContent: 'chat',
    countTokens: 'count-tokens',
    embedContent: 'embeddings',
    batchEmbedContents: 'embeddings',
  };
  return { endpoint: actions[match[2] ?? ''], model: match[1] };
}

function modelsEndpoint(rest: string): Omit<Route, 'vendor'> {
  if (rest === '/models') return { endpoint: 'models', model: undefined };
  const model = rest.startsWith('/models/') ? rest.slice('/models/'.length) : undefined;
  return { endpoint: model === undefined ? undefined : 'model', model };
}

function compatibleEndpoint(rest: string): Omit<Route, 'vendor'> {
  if (rest === '/chat/completions') return { endpoint: 'chat', model: undefined };
  if (rest === '/embeddings') return { endpoint: 'embeddings', model: undefined };
  return modelsEndpoint(rest);
}

/** Which vendor and endpoint a path means; undefined for a path of no vendor. */
export function findRoute(pathname: string): Route | undefined {
  const path = pathname.length > 1 && pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  if (path === '/ollama/api/tags') return { vendor: 'ollama', endpoint: 'tags', model: undefined };
  for (const vendor of SIMULATED_VENDORS) {
    const base = VENDOR_BASE_PATHS[vendor];
    if (!path.startsWith(`${base}/`)) continue;
    const rest = path.slice(base.length);
    if (vendor === 'anthropic') return { vendor, ...anthropicEndpoint(rest) };
    if (vendor === 'google') return { vendor, ...googleEndpoint(decodeURIComponent(rest)) };
    return { vendor, ...compatibleEndpoint(rest.startsWith('/models/') ? decodeURIComponent(rest) : rest) };
  }
  return undefined;
}
