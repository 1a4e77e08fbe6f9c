import type { Stack } from '../stack/start-stack.ts';
import { test } from '../stack/team.ts';
import { expect, signIn } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

/** A streamed answer, read as it comes. */
interface Reading {
  readonly status: number;
  text: string;
  isOver: boolean;
  readonly over: Promise<void>;
}

async function stream(open: Stack, secret: string): Promise<Reading> {
  const response = await fetch(`${open.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'openai/gpt-5-mini',
      stream: true,
      messages: [{ role: 'user', content: 'Tell a long story of a railway yard.' }],
    }),
  });
  const reading = { status: response.status, text: '', isOver: false } as Reading & { over: Promise<void> };
  const read = async () => {
    const decoder = new TextDecoder();
    try {
      for await (const part of response.body ?? []) reading.text += decoder.decode(part, { stream: true });
    } catch {
      // A stream that was cut is over.
    }
    reading.isOver = true;
  };
  return Object.assign(reading, { over: read() });
}

const statusOf = async (open: Stack, secret: string) =>
  (await fetch(`${open.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } })).status;

test('a key is rotated with overlap while a client streams: the stream goes on, the new secret works, the old one ends', async ({
  page,
  stack: open,
}) => {
  await open.setSimulator({ speed: 0.1 });
  await signIn(page, open.url);
  await page.goto('/team?tab=keys&new=1');
  const making = page.getByRole('dialog');
  await making.getByLabel('Name').fill('reader-app');
  await expect(making.getByRole('button', { name: /^An app that calls models/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await making.getByRole('button', { name: 'Create key' }).click();
  const first = ((await making.getByTestId('key-secret').textContent()) ?? '').trim();
  expect(first).toMatch(/^sk-sy-/);
  for (const language of ['GraphQL', 'TypeScript, OpenAI SDK', 'TypeScript, GraphQL', 'Python']) {
    await making.getByRole('tab', { name: language, exact: true }).click();
    await expect(making.getByRole('tabpanel')).toContainText(first);
  }
  await making.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByText(first)).toHaveCount(0);

  const reading = await stream(open, first);
  expect(reading.status).toBe(200);
  await expect.poll(() => reading.text.length).toBeGreaterThan(300);

  await page.getByRole('button', { name: 'More for reader-app' }).click();
  await page.getByRole('menuitem', { name: 'Rotate the secret' }).click();
  const rotating = page.getByRole('dialog');
  await rotating.getByRole('button', { name: 'Make the new secret' }).click();
  const second = ((await rotating.getByTestId('key-secret').textContent()) ?? '').trim();
  expect(second).not.toBe(first);
  await rotating.getByRole('button', { name: 'I have copied it' }).click();

  // The row counts down; both secrets are good; the stream of the old one goes on.
  const row = page.getByRole('row', { name: /reader-app/ });
  await expect(row).toContainText(`old secret …${first.slice(-4)} good for`);
  expect(await statusOf(open, second)).toBe(200);
  expect(await statusOf(open, first)).toBe(200);
  const lengthThen = reading.text.length;
  expect(reading.isOver).toBe(false);
  await expect.poll(() => reading.text.length).toBeGreaterThan(lengthThen);

  // The overlap is over: the old secret is refused, also in the middle of its stream.
  await page.getByRole('button', { name: 'More for reader-app' }).click();
  await page.getByRole('menuitem', { name: 'End the old secret now' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
  await expect(row).not.toContainText('old secret');
  await reading.over;
  expect(reading.text).not.toContain('[DONE]');
  expect(await statusOf(open, first)).toBe(401);
  expect(await statusOf(open, second)).toBe(200);

  await page.getByRole('button', { name: 'More for reader-app' }).click();
  await page.getByRole('menuitem', { name: 'Revoke' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke key' }).click();
  await expect(row).toContainText('Revoked');
  expect(await statusOf(open, second)).toBe(401);
});

test('a key with limits is made area by area, shows them in words, and is held to them', async ({
  page,
  stack: open,
}) => {
  await open.setSimulator({ speed: 'Infinity' });
  await signIn(page, open.url);
  await page.goto('/team?tab=keys&new=1');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('small-app');
  await dialog.getByRole('button', { name: 'Choose area by area' }).click();
  await dialog.getByRole('checkbox', { name: 'Read: Reports' }).check();
  await dialog.getByRole('button', { name: /^Limits/ }).click();
  await dialog.getByText('Simulated only').click();
  await dialog.getByRole('combobox', { name: 'Models it may call' }).click();
  await page.getByRole('option', { name: 'openai/*', exact: true }).click();
  await page.keyboard.press('Escape');
  await dialog.getByLabel('Calls a minute').fill('30');
  await dialog.getByLabel('Budget of its own, USD').fill('5');
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Create key' }).click();
  const secret = ((await dialog.getByTestId('key-secret').textContent()) ?? '').trim();
  await dialog.getByRole('button', { name: 'I have copied it' }).click();
  const row = page.getByRole('row', { name: /small-app/ });
  await expect(row).toContainText('simulated models only · only openai/* · 30 calls a minute');
  await expect(row.getByRole('meter', { name: 'Budget of small-app' })).toHaveAttribute('aria-valuetext', /of \$5\.00/);
  const ask = async (model: string) => {
    const response = await fetch(`${open.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Say hello.' }] }),
    });
    return { status: response.status, text: await response.text() };
  };
  expect((await ask('openai/gpt-5-mini')).status).toBe(200);
  const refused = await ask('anthropic/claude-haiku-4-5');
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(refused.text).toContain('openai/*');
});
