import type { DashboardAsset } from './dashboard-asset.ts';

/** Sent with every file of the dashboard. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  'x-permitted-cross-domain-policies': 'none',
};

/**
 * The content security policy of one page: scripts only from here or, inline, exactly those that were built into it.
 * Styles may be inline, because Mantine writes its responsive rules into `<style>` elements and components set sizes and
 * colours by `style`: their text depends on what is shown, so that no hash of it can be known. Sockets are named by host, because not
 * every browser counts `ws:` as `'self'`.
 * @param host the request's Host header; anything but a plain host and port is left out
 */
export function contentSecurityPolicy(page: DashboardAsset, host: string | undefined): string {
  const isPlainHost = host !== undefined && /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/i.test(host);
  const sockets = isPlainHost ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...page.scriptHashes].join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${sockets}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}
