import type { LookupAddress } from 'node:dns';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { startTestServer } from '../../testing/replay-server.ts';
import { AddressRefusedError, checkEndpoint, isAddressAllowed } from './address-policy.ts';
import { createHttpAgent } from './http-agents.ts';

/** Refused whatever the policy. */
const neverAllowed = [
  'http://169.254.169.254/latest/meta-data',
  'http://169.254.0.1',
  'http://[fe80::1]',
  'http://[fd00:ec2::254]',
  'http://100.100.100.200',
  'http://metadata.google.internal',
  'http://metadata.internal/',
  'http://0.0.0.0:11434',
  'http://0.1.2.3',
  'http://[::]:11434',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://[::ffff:169.254.169.254]',
  'http://[0:0:0:0:0:ffff:a9fe:a9fe]',
  'http://[64:ff9b::7f00:1]',
  'http://[64:ff9b::169.254.169.254]',
  'http://[64:ff9b:1::1]',
  'http://[2002:7f00:1::]',
  'http://[2001::1]',
  'http://[::127.0.0.1]',
  'http://[::a9fe:a9fe]',
  'http://[ff02::1]',
  'http://[fec0::1]',
  'http://2130706433',
  'http://0x7f000001',
  'http://0x7f.0.0.1',
  'http://017700000001',
  'http://0177.0.0.1',
  'http://127.1',
  'http://127.0.1',
  'http://10.1',
  'http://127.0.0.1.',
  'http://①②⑦.⓪.⓪.①',
  'http://127。0。0。1',
  'http://%31%32%37.0.0.1',
  'http://224.0.0.1',
  'http://255.255.255.255',
  'http://240.0.0.1',
  'http://192.0.2.10',
  'http://user:password@api.example.com',
  'http://user@127.0.0.1',
  'http://api.example.com@169.254.169.254',
  'http://@api.example.com',
  'http://api.example.com\\@127.0.0.1',
  'http://api.example.com\n.evil',
  'http:///127.0.0.1',
  'file:///etc/passwd',
  'ftp://api.example.com',
  'gopher://127.0.0.1:6379/_x',
  'javascript:alert(1)',
  'api.openai.com/v1',
  '',
];

/** Refused only where private networks are not allowed. */
const privateOnly = [
  'http://127.0.0.1:11434',
  'http://127.8.8.8',
  'http://localhost:11434/v1',
  'http://LOCALHOST',
  'http://api.localhost',
  'http://nas.local',
  'http://vault.internal',
  'http://10.0.0.5',
  'http://172.16.0.1',
  'http://172.31.255.255',
  'http://192.168.1.20:8000/v1',
  'http://100.64.0.1',
  'http://198.18.0.1',
  'http://[::1]:11434',
  'http://[fd12:3456::1]',
  'http://[fc00::1]',
];

const alwaysAllowed = [
  'https://api.openai.com/v1',
  'https://8.8.8.8',
  'https://172.32.0.1',
  'https://[2606:4700::1111]:8443/v1',
  'http://example.com:8080',
  'https://xn--bcher-kva.example/v1',
];

describe('checkEndpoint', () => {
  it.each(neverAllowed)('refuses %j under every policy', (url) => {
    expect(() => checkEndpoint(url, 'public-only')).toThrow(AddressRefusedError);
    expect(() => checkEndpoint(url, 'allow-private')).toThrow(AddressRefusedError);
  });

  it.each(privateOnly)('allows %j only where private networks are allowed', (url) => {
    expect(() => checkEndpoint(url, 'public-only')).toThrow(AddressRefusedError);
    expect(checkEndpoint(url, 'allow-private')).toBeInstanceOf(URL);
  });

  it.each(alwaysAllowed)('allows %j', (url) => {
    expect(checkEndpoint(url, 'public-only')).toBeInstanceOf(URL);
    expect(checkEndpoint(url, 'allow-private')).toBeInstanceOf(URL);
  });

  it('tells nothing about the address in its refusal', () => {
    expect(() => checkEndpoint('http://10.11.12.13', 'public-only')).toThrow(/^(?!.*10\.11)/);
  });
});

describe('isAddressAllowed', () => {
  it('refuses what is no address', () => {
    for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5', '::g'])
      expect(isAddressAllowed(text, 'allow-private')).toBe(false);
  });
});

describe('createHttpAgent', () => {
  const resolvingTo = (...answers: string[][]) => {
    let turn = 0;
    return (_: string, __: unknown, callback: (error: null, addresses: LookupAddress[]) => void) => {
      const addresses = answers[Math.min(turn, answers.length - 1)] ?? [];
      turn += 1;
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
  };
  const get = async (agent: ReturnType<typeof createHttpAgent>, url: string) => {
    try {
      const answer = await request(url, { dispatcher: agent });
      await answer.body.dump();
      return answer.statusCode;
    } catch (error) {
      return (error as { code?: string }).code;
    } finally {
      await agent.destroy();
    }
  };

  it('judges the address at connect time: a name that points inside is refused', async () => {
    expect(await get(createHttpAgent('public-only', resolvingTo(['127.0.0.1'])), 'http://looks-public.example/')).toBe(
      'address-refused',
    );
    expect(
      await get(createHttpAgent('public-only', resolvingTo(['8.8.8.8', '10.0.0.1'])), 'http://looks-public.example/'),
    ).toBe('address-refused');
    expect(
      await get(createHttpAgent('allow-private', resolvingTo(['169.254.169.254'])), 'http://looks-public.example/'),
    ).toBe('address-refused');
    expect(await get(createHttpAgent('allow-private', resolvingTo([])), 'http://looks-public.example/')).toBe(
      'address-refused',
    );
  });

  it('is not fooled by a name that resolves differently the second time', async () => {
    const server = await startTestServer((_, response) => response.end('inside'));
    const { port } = new URL(server.url);
    const lookup = resolvingTo(['127.0.0.1'], ['169.254.169.254']);
    const agent = createHttpAgent('allow-private', lookup);
    const first = await request(`http://rebinding.example:${port}/`, {
      dispatcher: agent,
      headers: { connection: 'close' },
      reset: true,
    });
    await first.body.dump();
    expect(first.statusCode).toBe(200);
    expect(await get(agent, `http://rebinding.example:${port}/`)).toBe('address-refused');
    await server.stop();
  });
});
