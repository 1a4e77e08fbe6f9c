/** A URL that must never be connected to where only public addresses are allowed. */
export interface ForbiddenUrl {
  readonly name: string;
  readonly url: string;
  /** What the name of its host resolves to, answer by answer; the last one stays. Absent: it is no name, or the system's. */
  readonly resolvesTo?: readonly (readonly string[])[];
}

type Octets = readonly [number, number, number, number];

const hex = (value: number, digits = 0) => value.toString(16).padStart(digits, '0');
const octal = (value: number) => `0${value.toString(8)}`;
const whole = ([a, b, c, d]: Octets) => ((a * 256 + b) * 256 + c) * 256 + d;
const dotted = (octets: Octets) => octets.join('.');
const groups = ([a, b, c, d]: Octets) => `${hex(a * 256 + b)}:${hex(c * 256 + d)}`;

/** How an IPv4 address can be written so that a careless check does not know it. */
const spellings: readonly (readonly [name: string, write: (octets: Octets) => string])[] = [
  ['as it is', dotted],
  ['decimal', (octets) => String(whole(octets))],
  ['hex', (octets) => `0x${hex(whole(octets))}`],
  ['octal', (octets) => octal(whole(octets))],
  ['dotted hex', (octets) => octets.map((part) => `0x${hex(part)}`).join('.')],
  ['dotted octal', (octets) => octets.map(octal).join('.')],
  ['mixed', ([a, b, c, d]) => `0x${hex(a)}.${octal(b)}.${c}.${d}`],
  ['two parts', ([a, b, c, d]) => `${a}.${(b * 256 + c) * 256 + d}`],
  ['three parts', ([a, b, c, d]) => `${a}.${b}.${c * 256 + d}`],
  ['with a dot at the end', (octets) => `${dotted(octets)}.`],
  ['percent-encoded', (octets) => [...dotted(octets)].map((sign) => `%${hex(sign.charCodeAt(0), 2)}`).join('')],
  ['wide digits', (octets) => dotted(octets).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))],
  ['wide dots', (octets) => octets.join('。')],
  ['mapped into IPv6', (octets) => `[::ffff:${dotted(octets)}]`],
  ['mapped into IPv6, in hex', (octets) => `[0:0:0:0:0:ffff:${groups(octets)}]`],
  ['NAT64', (octets) => `[64:ff9b::${groups(octets)}]`],
  ['local NAT64', (octets) => `[64:ff9b:1::${groups(octets)}]`],
  ['6to4', (octets) => `[2002:${groups(octets)}::1]`],
  ['compatible IPv6', (octets) => `[::${groups(octets)}]`],
];

const inside: readonly Octets[] = [
  [127, 0, 0, 1],
  [169, 254, 169, 254],
  [10, 0, 0, 1],
];

const literalHosts = [
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[::1%25lo]',
  '[fe80::1]',
  '[fe80::1%25eth0]',
  '[fd00:ec2::254]',
  '[fd12:3456::1]',
  '[ff02::1]',
  '0.0.0.0',
  '0',
  '127.8.8.8',
  '100.64.0.1',
  '100.100.100.200',
  '192.168.0.1',
  '172.16.0.1',
  '224.0.0.1',
  '255.255.255.255',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'sub.localhost',
  'nas.local',
  'metadata.google.internal',
  'metadata.google.internal.',
  'user@127.0.0.1',
  'user:password@localhost',
  'api.example.com@127.0.0.1',
  'api.example.com\\@127.0.0.1',
  '127.0.0.1\t',
  '127.0.0.1\u0000.example.com',
];

/** Names that look public. The resolver answers what it is told, which is how rebinding works. */
const rebinding: readonly (readonly string[])[][] = [
  [['127.0.0.1']],
  [['::1']],
  [['169.254.169.254']],
  [['::ffff:127.0.0.1']],
  [['203.0.114.7', '127.0.0.1']],
  [['203.0.114.7'], ['127.0.0.1']],
  [['203.0.114.7'], ['::1']],
  [[]],
];

/** Every form for a server that listens inside on `port`, and on a socket of the file system at `socketPath`. */
export function makeForbiddenUrls(port: number, socketPath: string): readonly ForbiddenUrl[] {
  const escaped = encodeURIComponent(socketPath);
  return [
    ...inside.flatMap((octets) =>
      spellings.map(([name, write]) => ({
        name: `${dotted(octets)}, ${name}`,
        url: `http://${write(octets)}:${port}/v1`,
      })),
    ),
    ...literalHosts.map((host) => ({ name: JSON.stringify(host), url: `http://${host}:${port}/v1` })),
    ...rebinding.map((resolvesTo, index) => ({
      name: `a name that resolves to ${resolvesTo.map((each) => each.join(' and ') || 'nothing').join(', then ')}`,
      url: `http://looks-public-${index}.example:${port}/v1`,
      resolvesTo,
    })),
    ...[
      `file:///etc/passwd`,
      `ftp://127.0.0.1:${port}/`,
      `gopher://127.0.0.1:${port}/_GET`,
      `ws://127.0.0.1:${port}/`,
      `unix:${socketPath}`,
      `http+unix://${escaped}/v1`,
      `http://unix:${socketPath}:/v1`,
      `http://${escaped}/v1`,
      `//127.0.0.1:${port}/v1`,
      `http:127.0.0.1:${port}/v1`,
      `http:///127.0.0.1:${port}/v1`,
      `data:text/plain,x`,
    ].map((url) => ({ name: url.replace(socketPath, '<socket>').replace(escaped, '<socket>'), url })),
  ];
}

/** A resolver, as `net.connect` asks for one. */
export type ForbiddenLookup = (
  hostname: string,
  options: object,
  callback: (error: Error | null, addresses: { address: string; family: number }[]) => void,
) => void;

/** A resolver that answers for one forbidden URL as it says, turn by turn, and knows no other name. */
export function lookupOf({ resolvesTo = [] }: ForbiddenUrl): ForbiddenLookup {
  let turn = 0;
  return (hostname, _options, callback) => {
    const addresses = resolvesTo[Math.min(turn, resolvesTo.length - 1)];
    turn += 1;
    if (addresses) {
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    } else callback(Object.assign(new Error(`unknown name ${hostname}`), { code: 'ENOTFOUND' }), []);
  };
}
