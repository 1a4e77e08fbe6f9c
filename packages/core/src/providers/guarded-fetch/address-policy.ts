import { BlockList, isIP } from 'node:net';
import type { AddressPolicy } from '../provider-connection.ts';

/** A target that the address policy refuses. The message names no resolved address, so that it is no port scanner. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
  readonly code = 'address-refused';
}

/** Refused under every policy: unspecified, link-local, cloud metadata, documentation, multicast and reserved ranges. */
const refusedIpv4 = rangesOf('ipv4', [
  '0.0.0.0/8',
  '100.100.100.200/32',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);

/** The same for IPv6, and every form that carries an IPv4 inside: mapped, NAT64, 6to4, Teredo. */
const refusedIpv6 = rangesOf('ipv6', [
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fd00:ec2::254/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);

/** Refused unless the operator allowed private networks. */
const privateIpv4 = rangesOf('ipv4', [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
]);
const privateIpv6 = rangesOf('ipv6', ['::1/128', 'fc00::/7']);

/** Unspecified, loopback, and the deprecated form `::a.b.c.d` that carries an IPv4. */
const lowestIpv6 = rangesOf('ipv6', ['::/96']);
const loopbackIpv6 = rangesOf('ipv6', ['::1/128']);

function rangesOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = '0'] = range.split('/');
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

/** Whether an IP address (textual, without brackets) may be connected to. Anything that is no address is refused. */
export function isAddressAllowed(address: string, policy: AddressPolicy): boolean {
  switch (isIP(address)) {
    case 4:
      return !refusedIpv4.check(address, 'ipv4') && (policy === 'allow-private' || !privateIpv4.check(address, 'ipv4'));
    case 6:
      if (refusedIpv6.check(address, 'ipv6')) return false;
      if (lowestIpv6.check(address, 'ipv6') && !loopbackIpv6.check(address, 'ipv6')) return false;
      return policy === 'allow-private' || !privateIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}

/**
 * Checks an endpoint as a person typed it and answers it parsed. Throws {@link AddressRefusedError} for anything but
 * http(s), for credentials in the URL, for an IPv4 written in decimal, hex, octal or short, and for a literal address
 * that the policy refuses. Names are judged again when they are resolved, at connect time.
 */
export function checkEndpoint(typedUrl: string, policy: AddressPolicy): URL {
  if (/[\s\\]/.test(typedUrl) || hasControlCharacter(typedUrl))
    throw new AddressRefusedError('The endpoint contains characters that a URL must not contain.');
  const url = URL.canParse(typedUrl) ? new URL(typedUrl) : undefined;
  if (!url || !/^https?:\/\/[^/]/i.test(typedUrl))
    throw new AddressRefusedError('The endpoint must be a URL that starts with https:// or http://.');
  if (url.username !== '' || url.password !== '' || /^https?:\/\/[^/?#]*@/i.test(typedUrl)) {
    throw new AddressRefusedError('The endpoint must not contain a user name or password.');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const typedHost = hostAsTyped(typedUrl);
  if (isIP(host) === 4 && typedHost !== host) {
    throw new AddressRefusedError(
      'The endpoint writes its IP address in an unusual form; write it as four decimal numbers.',
    );
  }
  if (isIP(host) !== 0 && !isAddressAllowed(host, policy)) throw new AddressRefusedError(refusal(policy));
  if (/(^|\.)metadata(\.google)?\.internal\.?$/i.test(host)) throw new AddressRefusedError(refusal(policy));
  if (policy === 'public-only' && /(^|\.)(localhost|local|internal|localdomain|home\.arpa)\.?$/i.test(host)) {
    throw new AddressRefusedError(refusal(policy));
  }
  return url;
}

/** The sentence for an address that `policy` refuses. */
export function refusal(policy: AddressPolicy): string {
  return policy === 'public-only'
    ? 'The endpoint is not a public internet address. Private addresses must be allowed for this provider by the operator.'
    : 'The endpoint is a link-local, metadata or reserved address, which is never allowed.';
}

function hostAsTyped(typedUrl: string): string {
  const authority = /^https?:\/\/([^/?#]*)/i.exec(typedUrl)?.[1] ?? '';
  return authority.replace(/:\d*$/, '').toLowerCase();
}

function hasControlCharacter(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
