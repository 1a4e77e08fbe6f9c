/** Which browser pages may act here. */
export interface OriginPolicy {
  /** The origin the operator declared, when there is one. */
  readonly publicOrigin: string | undefined;
  /** Bound to loopback: then only loopback names may be used, which defeats DNS rebinding. */
  readonly isLoopbackOnly: boolean;
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether a page of `origin` may use the server that was addressed as `host` (the Host header): only pages of that same
 * host, or of the declared public origin. Any other site is foreign, whatever it claims.
 */
export function isTrustedOrigin(origin: string, host: string | null | undefined, policy: OriginPolicy): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  if (policy.publicOrigin !== undefined && url.origin === policy.publicOrigin) return true;
  if (!host || url.host !== host.toLowerCase()) return false;
  return !policy.isLoopbackOnly || loopbackNames.has(url.hostname);
}
