import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOpenAiClient, type OpenAI } from '../../testing/openai-client.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

const configuration = `
version: 1
aliases: { quick: openai/gpt-4o-mini }
chains: { resilient: [quick, anthropic/claude-haiku-4-5] }
allowed_providers: [openai, anthropic]
`;

let server: TestServer;
let client: OpenAI;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-names-'));
  const path = join(folder, 'switchyard.yaml');
  await writeFile(path, configuration);
  server = await startTestServer({ environment: { SWITCHYARD_CONFIG: path } });
  client = createOpenAiClient(server);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a client finds aliases, chains and embedding models where it finds models, and can ask them', async () => {
  const listed: OpenAI.Model[] = [];
  for await (const entry of client.models.list()) listed.push(entry);
  const ids = listed.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['quick', 'resilient', 'openai/text-embedding-3-small']));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.some((id) => id.startsWith('cohere/'))).toBe(false);
  expect(await client.models.retrieve('resilient')).toMatchObject({
    owned_by: 'switchyard',
    switchyard: { kind: 'chain', models: ['openai/gpt-4o-mini', 'anthropic/claude-haiku-4-5'] },
  });
  for (const model of ['quick', 'resilient']) {
    const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello.' }] });
    expect(answer.choices[0]?.message.content).not.toBe('');
  }
});
