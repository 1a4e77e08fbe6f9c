import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask, send } from '../../testing/graph-client.ts';
import { createKey, createTeam, type OtherTeam } from '../../testing/other-team.ts';
import { changeProviders, completeWith, listProviders } from '../../testing/provider-documents.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

/** A key that may be found nowhere once it is stored. */
const canary = 'sk-canary-typed-into-the-dashboard-0042';
const canaryHeader = 'header-canary-typed-into-the-dashboard';

let server: TestServer;
let stranger: OtherTeam;
beforeAll(async () => {
  server = await startTestServer({ environment: { SWITCHYARD_ALLOW_PRIVATE_NETWORKS: 'true' } });
  stranger = await createTeam(server.services, 'Strangers');
});
afterEach(() => server.simulator.control.reset());
afterAll(() => server.stop());

let count = 0;
const freshSlug = () => `own-${++count}`;
const simulated = (type: 'openai' | 'anthropic' | 'custom') => server.simulator.baseUrls[type];
const create = (input: object, key?: string) => changeProviders(server, 'createProvider', { ...input }, key);
const make = async (input: object = {}) => {
  const slug = freshSlug();
  const result = await create({ slug, type: 'OPENAI', baseUrl: simulated('openai'), apiKey: canary, ...input });
  expect(result.__typename).toBe('CreateProviderSuccess');
  return result.provider;
};

describe('a provider made in the dashboard', () => {
  test('is tested, listed and called with its own models, limits and key', async () => {
    const provider = await make({
      displayName: 'Our OpenAI',
      headers: [{ name: 'X-Tenant', value: canaryHeader }],
      limits: { maxConcurrent: 3 },
      models: [{ vendorModelId: 'gpt-4o-mini', tools: false }],
    });
    expect(provider).toMatchObject({
      displayName: 'Our OpenAI',
      source: 'TEAM',
      isReadOnly: false,
      readOnlyReason: null,
      state: 'READY',
      hasKey: true,
      keyLastFour: '0042',
      headerNames: ['x-tenant'],
      limits: { maxConcurrent: 3 },
      configuredModels: [{ vendorModelId: 'gpt-4o-mini', capabilities: { tools: false } }],
    });
    expect(await completeWith(server, `${provider.slug}/gpt-4o-mini`)).toMatchObject({ __typename: 'CompleteSuccess' });
    expect(server.services.providers.limitsOf(atob(provider.id).slice('Provider:'.length))).toEqual({
      maxConcurrent: 3,
    });
  });

  test('with a wrong key shows the vendor’s own words and how to go on', async () => {
    const provider = await make({ apiKey: 'sk-invalid-key-for-the-test' });
    expect(provider.state).toBe('KEY_REJECTED');
    expect(provider.stateMessage).toContain('Incorrect API key provided');
    expect(provider.stateMessage).toContain('https://platform.openai.com/api-keys');
    expect(provider.stateMessage).not.toContain('sk-invalid-key-for-the-test');
    const refused = await completeWith(server, `${provider.slug}/gpt-4o-mini`);
    expect(refused.message).toContain('Incorrect API key provided');
  });

  test('that cannot be reached says so and may be mended', async () => {
    const provider = await make({ type: 'CUSTOM', baseUrl: 'http://127.0.0.1:1/v1' });
    expect(provider.state).toBe('UNREACHABLE');
    const mended = await changeProviders(server, 'updateProvider', {
      providerId: provider.id,
      baseUrl: simulated('custom'),
    });
    expect(mended).toMatchObject({ isKeyDropped: true, provider: { state: 'READY', hasKey: false } });
  });

  test('is made once for one idempotency key, and another key with it is refused', async () => {
    const input = {
      slug: freshSlug(),
      type: 'OPENAI',
      baseUrl: simulated('openai'),
      apiKey: canary,
      idempotencyKey: 'p1',
    };
    const [first, second] = await Promise.all([
      changeProviders(server, 'createProvider', input),
      changeProviders(server, 'createProvider', input),
    ]);
    expect(second.provider.id).toBe(first.provider.id);
    const other = await changeProviders(server, 'createProvider', { ...input, apiKey: `${canary}-2` });
    expect(other.__typename).toBe('IdempotencyConflictError');
  });

  test('loses key and headers when its address changes, unless new ones come with it', async () => {
    const provider = await make({ headers: [{ name: 'x-tenant', value: canaryHeader }] });
    const moved = await changeProviders(server, 'updateProvider', {
      providerId: provider.id,
      baseUrl: simulated('openai').replace('127.0.0.1', 'localhost'),
    });
    expect(moved).toMatchObject({ isKeyDropped: true, areHeadersDropped: true });
    expect(moved.provider).toMatchObject({ hasKey: false, keyLastFour: null, headerNames: [], state: 'KEY_MISSING' });
    const kept = await changeProviders(server, 'updateProvider', {
      providerId: provider.id,
      baseUrl: simulated('openai'),
      apiKey: canary,
    });
    expect(kept).toMatchObject({ isKeyDropped: false, provider: { hasKey: true, state: 'READY' } });
    const renamed = await changeProviders(server, 'updateProvider', { providerId: provider.id, displayName: 'New' });
    expect(renamed).toMatchObject({ isKeyDropped: false, provider: { displayName: 'New', hasKey: true } });
  });

  test('whose address was changed in the database does not send its key there', async () => {
    const provider = await make();
    const id = atob(provider.id).slice('Provider:'.length);
    await server.services.prisma.provider.update({
      where: { id },
      data: { baseUrl: simulated('custom').replace('127.0.0.1', 'localhost') },
    });
    await server.services.prisma.providerRevision.update({ where: { id: 1 }, data: { revision: { increment: 1n } } });
    await server.services.provisioner.reloadRows();
    const found = (await listProviders(server)).find((each: { id: string }) => each.id === provider.id);
    expect(found).toMatchObject({ state: 'KEY_MISSING' });
    expect(found.stateMessage).toContain('another address');
  });

  test('can be switched off and on, and deleted', async () => {
    const provider = await make();
    const model = `${provider.slug}/gpt-4o-mini`;
    const off = await changeProviders(server, 'setProviderEnabled', { providerId: provider.id, isEnabled: false });
    expect(off.provider).toMatchObject({ isEnabled: false, state: 'DISABLED' });
    expect((await completeWith(server, model)).message).toContain('switched off');
    await changeProviders(server, 'setProviderEnabled', { providerId: provider.id, isEnabled: true });
    expect((await completeWith(server, model)).__typename).toBe('CompleteSuccess');
    const gone = await changeProviders(server, 'deleteProvider', { providerId: provider.id });
    expect(gone).toMatchObject({ providerId: provider.id, slug: provider.slug });
    expect((await completeWith(server, model)).message).toContain(`There is no provider "${provider.slug}"`);
    expect((await changeProviders(server, 'deleteProvider', { providerId: provider.id })).code).toBe('NOT_FOUND');
  });

  test('is seen within two seconds when another process made it', async () => {
    const provider = await make();
    const id = atob(provider.id).slice('Provider:'.length);
    // What another process writes: the row, and one more in the count of changes.
    await server.services.prisma.$transaction([
      server.services.prisma.provider.update({ where: { id }, data: { displayName: 'By another process' } }),
      server.services.prisma.providerRevision.update({ where: { id: 1 }, data: { revision: { increment: 1n } } }),
    ]);
    await expect
      .poll(() => server.services.providers.instancesOf(teamOf(id)).map(({ displayName }) => displayName), {
        timeout: 4_000,
      })
      .toContain('By another process');
  });
});

/** The team that the registry says has this provider. */
const teamOf = (id: string) => server.services.providers.snapshot.findInstance(id)?.teamId ?? '';

describe('what cannot be made says why', () => {
  test.each<[string, object, string, RegExp]>([
    [
      'an id of the installation',
      { slug: 'openai' },
      'PROVIDERS.ID_TAKEN',
      /belongs to a provider of the installation/,
    ],
    ['an id of another type', { slug: 'google' }, 'INPUT.INVALID', /kept for providers of the type google/],
    ['an id like a simulated one', { slug: 'simulated-x' }, 'INPUT.INVALID', /belong to the simulator/],
    ['an id with a slash', { slug: 'a/b' }, 'INPUT.INVALID', /lower-case letters/],
    ['a metadata address', { baseUrl: 'http://169.254.169.254/v1' }, 'INPUT.INVALID', /never allowed/],
    ['a metadata name', { baseUrl: 'http://metadata.google.internal/v1' }, 'INPUT.INVALID', /never allowed/],
    ['no address of a custom endpoint', { type: 'CUSTOM', baseUrl: null }, 'INPUT.INVALID', /Give the address/],
    ['credentials in the address', { baseUrl: 'https://u:p@example.com/v1' }, 'INPUT.INVALID', /user name or password/],
    ['a query in the address', { baseUrl: 'https://example.com/v1?a=b' }, 'INPUT.INVALID', /leave out everything from/],
    ['a key with a line break', { apiKey: 'sk-a\nb' }, 'INPUT.INVALID', /no spaces/],
    ['a header that splits', { headers: [{ name: 'x-a', value: 'a\r\nx-b: c' }] }, 'INPUT.INVALID', /printable/],
    ['the host header', { headers: [{ name: 'Host', value: 'a' }] }, 'INPUT.INVALID', /cannot be set/],
    ['limits of zero', { limits: { maxConcurrent: 0 } }, 'INPUT.INVALID', /maxConcurrent/],
  ])('%s', async (_what, wrong, code, message) => {
    const result = await create({ slug: freshSlug(), type: 'OPENAI', baseUrl: simulated('openai'), ...wrong });
    expect(result).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a slug twice, and whatever a developer asks for', async () => {
    const provider = await make();
    const twice = await create({ slug: provider.slug, type: 'OPENAI', baseUrl: simulated('openai') });
    expect(twice).toMatchObject({ code: 'PROVIDERS.ID_TAKEN', path: ['input', 'slug'] });
    const { key } = await createKey(server.services, { teamId: teamOf(atob(provider.id).slice(9)) }, ['READ', 'RUN']);
    for (const [name, input] of [
      ['createProvider', { slug: freshSlug(), type: 'OPENAI' }],
      ['updateProvider', { providerId: provider.id, displayName: 'x' }],
      ['deleteProvider', { providerId: provider.id }],
      ['setProviderEnabled', { providerId: provider.id, isEnabled: false }],
      ['testProviderConnection', { type: 'OPENAI' }],
    ] as const) {
      expect((await changeProviders(server, name, input, key)).__typename, name).toBe('ForbiddenError');
    }
  });

  test('a change of what the installation describes', async () => {
    const openai = (await listProviders(server)).find((each: { slug: string }) => each.slug === 'openai');
    expect(openai).toMatchObject({ source: 'SIMULATOR', isReadOnly: true });
    const refused = await changeProviders(server, 'deleteProvider', { providerId: openai.id });
    expect(refused).toMatchObject({ code: 'PROVIDERS.READ_ONLY' });
  });
});

describe('a form’s values are tested before they are kept', () => {
  const tryOut = (input: object) => changeProviders(server, 'testProviderConnection', { ...input });

  test('good, wrong and unreachable', async () => {
    const before = (await listProviders(server)).length;
    expect(await tryOut({ type: 'OPENAI', baseUrl: simulated('openai'), apiKey: canary })).toMatchObject({
      isOk: true,
      listedModels: expect.arrayContaining(['gpt-4o-mini']),
    });
    const wrong = await tryOut({ type: 'OPENAI', baseUrl: simulated('openai'), apiKey: 'sk-invalid-0000' });
    expect(wrong).toMatchObject({ isOk: false, message: expect.stringContaining('Incorrect API key provided') });
    expect(await tryOut({ type: 'CUSTOM', baseUrl: 'http://127.0.0.1:1/v1' })).toMatchObject({ isOk: false });
    expect((await listProviders(server)).length).toBe(before);
  });

  test('the stored key stands in at its own address, and goes nowhere else', async () => {
    const provider = await make();
    const stored = { providerId: provider.id, type: 'OPENAI' };
    expect(await tryOut({ ...stored, baseUrl: simulated('openai') })).toMatchObject({ isOk: true });
    const elsewhere = await tryOut({ ...stored, baseUrl: simulated('openai').replace('127.0.0.1', 'localhost') });
    expect(elsewhere).toMatchObject({ isOk: false, message: expect.stringContaining('needs an API key') });
  });
});

test('another team neither sees nor touches it, and may use the same id', async () => {
  const provider = await make();
  expect((await listProviders(server, stranger.key)).map((each: { id: string }) => each.id)).not.toContain(provider.id);
  const model = `${provider.slug}/gpt-4o-mini`;
  expect((await completeWith(server, model, stranger.key)).message).toContain('There is no provider');
  const node = await ask(
    server,
    'query($id: ID!) { node(id: $id) { id } }',
    { id: provider.id },
    { key: stranger.key },
  );
  expect(node.node).toBeNull();
  for (const [name, more] of [
    ['updateProvider', { displayName: 'mine' }],
    ['deleteProvider', {}],
    ['setProviderEnabled', { isEnabled: false }],
    ['testProviderConnection', { type: 'OPENAI', baseUrl: simulated('openai') }],
  ] as const) {
    const answer = await changeProviders(server, name, { providerId: provider.id, ...more }, stranger.key);
    expect(answer.code, name).toBe('NOT_FOUND');
  }
  const theirs = await create(
    { slug: provider.slug, type: 'OPENAI', baseUrl: simulated('openai'), apiKey: 'sk-invalid-1' },
    stranger.key,
  );
  expect(theirs.provider.state).toBe('KEY_REJECTED');
  expect((await completeWith(server, model)).__typename).toBe('CompleteSuccess');
});

test('the key is in no answer, no log line and no row', async () => {
  await make({ headers: [{ name: 'x-tenant', value: canaryHeader }] });
  const everything = await send(
    server,
    '{ providers { id slug baseUrl keyLastFour headerNames stateMessage sourceDetail readOnlyReason models { modelId } } configuration { path state } }',
  );
  const tables = await server.services.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`;
  const rows = await Promise.all(
    tables.map(({ name }) =>
      server.services.prisma.$queryRawUnsafe<{ text: string }[]>(`SELECT t::text AS text FROM "${name}" t`),
    ),
  );
  const dump = rows
    .flat()
    .map(({ text }) => text)
    .join('\n');
  expect(dump).toContain('own-1');
  for (const [place, text] of [
    ['answers', everything.text],
    ['log', server.log.text],
    ['database', dump],
    ['settings in errors', JSON.stringify(server.services.provisioner.file.status)],
  ] as const) {
    for (const secret of [canary, canaryHeader, btoa(canary), Buffer.from(canary).toString('hex')])
      expect(text.includes(secret), `${place}: ${secret.slice(0, 6)}`).toBe(false);
  }
});
