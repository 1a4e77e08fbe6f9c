import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** A network that may read all metrics without a key. */
export interface AllowedNetwork {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `10.0.0.0/8, ::1`; undefined for an entry that is no address and no network. */
export function parseNetwork(text: string): AllowedNetwork | undefined {
  const [address = '', prefixText, ...rest] = text.trim().split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const longest = version === 4 ? 32 : 128;
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined;
  const prefix = prefixText === undefined ? longest : Number(prefixText);
  return prefix > longest ? undefined : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** What a proxy adds: then the address is the proxy's and says nothing of who asks. */
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/**
 * Whether a request comes straight from one of `networks`. Never true for what came through a proxy, nor for what the page
 * of any site made a browser send.
 */
export function createNetworkCheck(
  networks: readonly AllowedNetwork[],
): (request: Pick<IncomingMessage, 'headers' | 'socket'>) => boolean {
  if (networks.length === 0) return () => false;
  const allowed = new BlockList();
  for (const { address, prefix, family } of networks) allowed.addSubnet(address, prefix, family);
  return ({ headers, socket }) => {
    if (forwardingHeaders.some((name) => headers[name] !== undefined)) return false;
    const site = headers['sec-fetch-site'];
    if (headers.origin !== undefined || (site !== undefined && site !== 'none')) return false;
    const address = socket.remoteAddress ?? '';
    const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
    const version = isIP(plain);
    return version !== 0 && allowed.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}
