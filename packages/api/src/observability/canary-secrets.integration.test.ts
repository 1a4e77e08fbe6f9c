import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GraphQLObjectType, getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../graphql/schema.ts';
import { type LooseJson, send } from '../testing/graph-client.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../testing/otlp-receiver.ts';
import { sendBySocket } from '../testing/raw-socket.ts';
import { globalId } from '../testing/routing-documents.ts';
import { signInCookie } from '../testing/sign-in.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { testOwner } from '../testing/test-settings.ts';

/** Parts of a secret that are shorter may be shown: how a key begins, its last four. */
const shortestPart = 12;
const canary = () => randomBytes(24).toString('hex');
const secrets = new Map<string, string>([
  ['provider key', canary()],
  ['provider header', canary()],
  ['webhook path', canary()],
  ['webhook secret', `whsec_${randomBytes(32).toString('base64')}`],
  ['password', canary()],
]);
const told: { readonly where: string; readonly text: string }[] = [];

let server: TestServer;
let receiver: OtlpReceiver;
/** A vendor, and a webhook, that repeats in its errors whatever it was sent, in every form. */
let echo: Server;
let echoUrl: string;
beforeAll(async () => {
  echo = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = [request.url, ...Object.values(request.headers).flat(), String(Buffer.concat(chunks))].join(' ');
    const forms = [sent, encodeURIComponent(sent), Buffer.from(sent).toString('base64'), [...sent].reverse().join('')];
    const words = sent.split(/[\s/]+/).filter((word) => word.length > 30);
    const parts = words.map((word) => `${word.slice(0, 14)}...${word.slice(-14)}`);
    response.writeHead(request.url?.includes('throttled') ? 429 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `Incorrect API key: ${forms.join(' ')} ${parts}`, code: 'bad' } }));
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  echoUrl = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
  receiver = await startOtlpReceiver();
  server = await startTestServer({
    environment: {
      SWITCHYARD_ALLOW_PRIVATE_NETWORKS: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  });
  secrets.set('API key of the environment', server.key);
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
  await new Promise((resolve) => echo.close(resolve) && echo.closeAllConnections());
});

/** Sends an operation by HTTP and keeps the answer, unless it is the one that shows a secret once. */
const ask = async (query: string, variables: object = {}, { showsOnce = false, key = server.key } = {}) => {
  const answer = await send(server, query, { ...variables }, { key });
  if (!showsOnce) told.push({ where: `HTTP ${query.slice(0, 80)}`, text: answer.text });
  return answer.data as LooseJson;
};
/** Success types that do not have their mutation's name. */
const successTypes: Readonly<Record<string, string>> = { inviteMember: 'InvitationSuccess' };
const mutate = (name: string, input: object, selection: string, options?: { showsOnce: boolean }) => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const query = `mutation($input: ${type}Input!) { ${name}(input: $input) { __typename ... on UserError { code message path }
    ... on ${successTypes[name] ?? `${type}Success`} { ${selection} } } }`;
  return ask(query, { input }, options).then((data) => data?.[name]);
};
const fetchText = async (path: string, init: RequestInit = {}, showsOnce = false) => {
  const response = await fetch(`${server.url}${path}`, init);
  const text = await response.text();
  if (!showsOnce) told.push({ where: `${init.method ?? 'GET'} ${path}`, text });
  return { text, response };
};

/** Every query without arguments that must be given, with all scalars of what it leads to, two things deep. */
function everyQuery(): readonly string[] {
  const selectionOf = (type: GraphQLObjectType, depth: number): string =>
    Object.values(type.getFields())
      .filter(({ args }) =>
        args.every(({ type: needed, defaultValue }) => !String(needed).endsWith('!') || defaultValue !== undefined),
      )
      .flatMap((field) => {
        const named = getNamedType(field.type);
        if (isLeafType(named)) return [field.name];
        if (!isObjectType(named) || depth === 0 || field.name === 'node') return [];
        const below = selectionOf(named, depth - 1);
        return below === '' ? [] : [`${field.name} { ${below} }`];
      })
      .join(' ');
  return Object.values(schema.getQueryType()?.getFields() ?? {})
    .filter(({ args }) => args.every(({ type }) => !String(type).endsWith('!')))
    .flatMap((field) => {
      const named = getNamedType(field.type);
      if (isLeafType(named)) return [`{ ${field.name} }`];
      if (!isObjectType(named)) return [];
      const isConnection = named.name.endsWith('Connection');
      const node = isConnection
        ? getNamedType(Object.values(named.getFields()).find(({ name }) => name === 'edges')?.type as never)
        : named;
      const item = isConnection ? getNamedType((node as GraphQLObjectType).getFields().node?.type as never) : node;
      if (!isObjectType(item)) return [];
      const below = selectionOf(item, isConnection ? 0 : 1);
      return [isConnection ? `{ ${field.name} { edges { node { ${below} } } } }` : `{ ${field.name} { ${below} } }`];
    });
}

/** In how many forms a text shows a secret: whole, encoded, backwards, or a long enough part of it. */
function findIn(text: string, secret: string): string | undefined {
  const backwards = [...secret].reverse().join('');
  const forms = [
    ['as it is', secret],
    ['url-encoded', encodeURIComponent(secret)],
    ['base64', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
    ['base64url', Buffer.from(secret).toString('base64url')],
    ['hex', Buffer.from(secret).toString('hex')],
    ['backwards', backwards],
  ] as const;
  for (const [name, form] of forms) if (text.includes(form)) return name;
  for (let start = 0; start + shortestPart <= secret.length; start += 1) {
    if (text.includes(secret.slice(start, start + shortestPart))) return `a part of it`;
  }
  return undefined;
}

describe('canary secrets of every kind', () => {
  test('are in no answer, log line, trace or export of a broad run', async () => {
    const { prisma } = server.services;
    // Somebody signs in, changes the password, sets a second factor and asks for links.
    let cookie = await signInCookie(server);
    const asPerson = (extra: Record<string, string> = {}) => ({
      'content-type': 'application/json',
      origin: server.url,
      cookie,
      ...extra,
    });
    const post = (path: string, body: object, showsOnce = false) =>
      fetchText(path, { method: 'POST', headers: asPerson(), body: JSON.stringify(body) }, showsOnce);
    const password = secrets.get('password') ?? '';
    await post('/api/auth/change-password', { currentPassword: testOwner.password, newPassword: password });
    await post('/api/auth/sign-in/email', { email: testOwner.email, password: `${password}x` });
    cookie = await signInCookie(server, { email: testOwner.email, password });
    secrets.set('session token', decodeURIComponent(cookie.split('=')[1] ?? '').slice(0, 32));
    await post('/api/auth/sign-in/email', { email: password, password });
    const factor = await post('/api/auth/two-factor/enable', { password }, true);
    const uri = /secret=([A-Z2-7]+)/.exec(factor.text)?.[1];
    if (uri) secrets.set('second factor', uri);
    await post('/api/auth/two-factor/verify-totp', { code: '000000' });
    for (const path of ['ways', 'get-session', 'setup', 'sessions', 'nothing'])
      await fetchText(`/api/auth/${path}`, { headers: asPerson() });

    const made = await mutate('createApiKey', { name: 'Canary', scopes: ['READ', 'RUN'] }, 'secret apiKey { id }', {
      showsOnce: true,
    });
    if (made?.secret) secrets.set('API key', made.secret);
    const invited = await mutate(
      'inviteMember',
      { email: 'guest@switchyard.test', accessRole: 'VIEWER' },
      'link invitation { id }',
      { showsOnce: true },
    );
    const invitationToken = /token=([^&]+)/.exec(invited?.link ?? '')?.[1];
    if (invitationToken) secrets.set('invitation token', invitationToken);
    // Links for others are made by people alone.
    const team = await prisma.team.findFirstOrThrow();
    await prisma.user.create({ data: { id: 'usr_guest', name: 'Guest', email: 'member@switchyard.test' } });
    await prisma.member.create({ data: { id: 'mem_guest', teamId: team.id, userId: 'usr_guest', role: 'viewer' } });
    const query = `mutation { createPasswordResetLink(input: { memberId: "${globalId('Member', 'mem_guest')}" }) { __typename
      ... on UserError { message } ... on CreatePasswordResetLinkSuccess { link } } }`;
    const answer = await fetchText(
      '/graphql',
      { method: 'POST', headers: asPerson(), body: JSON.stringify({ query }) },
      true,
    );
    const reset = JSON.parse(answer.text).data?.createPasswordResetLink;
    const resetToken = /token=([^&]+)/.exec(reset?.link ?? '')?.[1];
    if (resetToken) secrets.set('reset token', resetToken);

    // A provider and a webhook that repeat what they were sent.
    const provider = await mutate(
      'createProvider',
      {
        ...{
          slug: 'echo',
          type: 'CUSTOM',
          displayName: 'Echo',
          baseUrl: `${echoUrl}/v1`,
          apiKey: secrets.get('provider key'),
        },
        headers: [{ name: 'x-tenant', value: secrets.get('provider header') }],
        models: [{ vendorModelId: 'm' }],
      },
      'provider { id slug state message }',
    );
    const channel = await mutate(
      'createAlertChannel',
      {
        name: 'Echo',
        type: 'WEBHOOK',
        url: `${echoUrl}/hook/${secrets.get('webhook path')}`,
        signingSecret: secrets.get('webhook secret'),
      },
      'channel { id name }',
      { showsOnce: true },
    );
    for (const input of [
      { model: 'echo/m', prompt: 'Hi' },
      { model: 'echo/throttled', prompt: 'Hi' },
      { model: 'openai/gpt-4o-mini', prompt: 'Hi' },
    ])
      await mutate('complete', input, 'text');
    if (provider?.provider) await mutate('testProvider', { providerId: provider.provider.id }, 'isOk message');
    if (channel?.channel)
      await mutate('testAlertChannel', { channelId: channel.channel.id }, 'isOk message responseExcerpt');
    await fetchText('/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'echo/m', messages: [{ role: 'user', content: 'Hi' }] }),
    });

    // Ways to fail with a secret in the hand.
    for (const secret of [...secrets.values()]) {
      await ask('{ viewer { accessRole } }', {}, { showsOnce: false, key: secret });
      await fetchText('/v1/models', { headers: { authorization: `Bearer ${secret}` } });
    }
    await ask('query($id: ID!) { node(id: $id) { id } }', { id: 'nothing' });

    // Everything that can be looked at, exported and scraped.
    const queries = everyQuery();
    expect(queries.length).toBeGreaterThan(40);
    for (const query of queries) await ask(query);
    told.push({ where: 'socket', text: JSON.stringify(await sendBySocket(server, queries[0] ?? '')) });
    told.push({
      where: 'socket, refused',
      text: JSON.stringify(
        await sendBySocket(
          server,
          'mutation($input: CompleteInput!) { complete(input: $input) { __typename ... on UserError { message } } }',
          { input: { model: 'echo/m', prompt: 'Hi' } },
        ),
      ),
    });
    const withKey = { headers: { authorization: `Bearer ${server.key}` } };
    for (const path of [
      '/metrics',
      '/v1/models',
      '/api/audit/export?format=jsonl',
      '/api/audit/export?format=csv',
      '/healthz',
      '/readyz',
    ])
      await fetchText(path, withKey);
    for (const path of ['/api/teams/export', '/api/members/export', '/api/audit/export?format=jsonl'])
      await fetchText(path, { headers: asPerson() });

    await expect.poll(() => receiver.spans.length, { timeout: 5_000 }).toBeGreaterThan(5);
    told.push({ where: 'traces', text: receiver.bytes().toString('latin1') });
    told.push({ where: 'log', text: server.log.text });
    const rows = await prisma.callRecord.findMany();
    told.push({
      where: 'call records',
      text: JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    });

    for (const kind of ['API key', 'second factor', 'invitation token', 'reset token', 'session token'])
      expect([...secrets.keys()], 'every kind took part').toContain(kind);
    const hits = told.flatMap(({ where, text }) =>
      [...secrets].flatMap(([kind, secret]) => {
        const form = findIn(text, secret);
        return form === undefined ? [] : [`${kind}, ${form}, in ${where}`];
      }),
    );
    expect(hits).toEqual([]);
  }, 60_000);
});
