import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AddressPolicy } from '../provider-connection.ts';
import { AddressRefusedError, isAddressAllowed, refusal } from './address-policy.ts';

/** Resolves a name to all its addresses; replaced in tests. */
export type LookupAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A pool of kept-alive connections that judges the address it is about to connect to, in the connector's own lookup: a
 * name that resolves differently the second time (DNS rebinding) gains nothing. Deadlines belong to dispatch, so there
 * are none here but the one that frees the socket of a connection that never comes about.
 */
export function createHttpAgent(policy: AddressPolicy, lookupAll: LookupAll = systemLookup): Agent {
  const lookup: LookupFunction = (hostname, options, callback) => {
    lookupAll(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const first = addresses[0];
      // One refused address refuses the name: a mixed answer is how rebinding is tried.
      if (!first || addresses.some(({ address }) => !isAddressAllowed(address, policy))) {
        callback(new AddressRefusedError(refusal(policy)), '', 0);
      } else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
  const connectTo = buildConnector({ lookup, timeout: 10_000 });
  // A host that is an address is never looked up, so it is judged here.
  const connect: typeof connectTo = (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAddressAllowed(host, policy)) callback(new AddressRefusedError(refusal(policy)), null);
    else connectTo(options, callback);
  };
  return new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 });
}

const shared = new Map<AddressPolicy, Agent>();

/** The process-wide agent of a policy. */
export function sharedHttpAgent(policy: AddressPolicy): Agent {
  let agent = shared.get(policy);
  if (!agent) {
    agent = createHttpAgent(policy);
    shared.set(policy, agent);
  }
  return agent;
}
