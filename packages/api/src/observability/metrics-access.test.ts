import { describe, expect, test } from 'vitest';
import { readSettings, SettingsError } from '../env.ts';
import { createNetworkCheck } from './metrics-access.ts';

const networksOf = (text: string) => readSettings({ SWITCHYARD_METRICS_ALLOW: text }, '/data').metricsNetworks;
const asks = (address: string, headers: Readonly<Record<string, string>> = {}) =>
  ({ headers, socket: { remoteAddress: address } }) as never;

describe('SWITCHYARD_METRICS_ALLOW', () => {
  test.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '::1/129', '10.0.0.1/8/8', '1.2.3', '*'])(
    '%s is refused',
    (text) => {
      expect(() => networksOf(text)).toThrow(SettingsError);
    },
  );

  test('lets in what lies in its networks, in both ways to write an address, and nothing else', () => {
    const isAllowed = createNetworkCheck(networksOf('10.1.0.0/16, 192.0.2.7, fd00::/8'));
    for (const address of ['10.1.255.1', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1'])
      expect(isAllowed(asks(address))).toBe(true);
    for (const address of ['10.2.0.1', '192.0.2.8', '::1', '127.0.0.1', '', 'fe80::1%eth0'])
      expect(isAllowed(asks(address)), address).toBe(false);
  });

  test('lets in nobody whose address is a proxy’s, and no page', () => {
    const isAllowed = createNetworkCheck(networksOf('127.0.0.1'));
    expect(isAllowed(asks('127.0.0.1'))).toBe(true);
    expect(isAllowed(asks('127.0.0.1', { 'sec-fetch-site': 'none' }))).toBe(true);
    for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'origin', 'sec-fetch-site'])
      expect(isAllowed(asks('127.0.0.1', { [name]: 'x' })), name).toBe(false);
  });

  test('is empty when it is not set: everybody needs a key', () => {
    expect(createNetworkCheck(readSettings({}, '/data').metricsNetworks)(asks('127.0.0.1'))).toBe(false);
  });
});
