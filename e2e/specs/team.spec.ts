import { createHmac } from 'node:crypto';
import { acceptThroughPage, askAs, inviteThroughPage, memberPassword, test } from '../stack/team.ts';
import { expect, signIn } from '../stack/test.ts';
import { violationsOf } from '../stack/violations-of.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const createBudget = `mutation($input: CreateBudgetInput!) { createBudget(input: $input) {
  __typename ... on UserError { message } } }`;
const budget = { name: 'Theirs', unit: 'COST', window: 'DAY', timeZone: 'UTC', limit: '1' };
const complete = `mutation($input: CompleteInput!) { complete(input: $input) { __typename ... on UserError { message } } }`;
const call = { model: 'openai/gpt-5-mini', prompt: 'Say hello.' };
const invite = `mutation($input: InviteMemberInput!) { inviteMember(input: $input) {
  __typename ... on UserError { message } } }`;

/** What stands for a refusal: an error of the request, or a typed one of the mutation. */
// biome-ignore lint/suspicious/noExplicitAny: The shape is that of the query.
const isForbidden = (answer: any, field: string) =>
  answer.errors?.[0]?.extensions?.code === 'FORBIDDEN' || answer.data?.[field]?.__typename === 'ForbiddenError';

test('an owner invites a developer and a viewer, and each sees and may do what the table says', async ({
  page,
  browser,
  stack: open,
}) => {
  await open.setSimulator({ speed: 'Infinity' });
  await signIn(page, open.url);
  const toDeveloper = await inviteThroughPage(page, 'dev@example.com', 'Developer');
  const toViewer = await inviteThroughPage(page, 'vera@example.com', 'Viewer');
  await expect(page.getByRole('region', { name: 'Invitations' }).getByRole('row')).toHaveCount(3);

  const developer = await acceptThroughPage(browser, open.url, toDeveloper, 'Dev Eloper');
  const viewer = await acceptThroughPage(browser, open.url, toViewer, 'Vera Viewer');

  // A link works once.
  await developer.page.goto(toDeveloper);
  await expect(developer.page.getByRole('heading', { name: 'This invitation was accepted already' })).toBeVisible();

  // The developer calls models and makes keys, but decides about nothing.
  await developer.page.goto('/team');
  await expect(developer.page.getByText('owner@example.com')).toBeVisible();
  const inviteButton = developer.page.getByRole('button', { name: 'Invite somebody' });
  await expect(inviteButton).toHaveAttribute('aria-disabled', 'true');
  await inviteButton.focus();
  await expect(developer.page.getByRole('tooltip')).toBeVisible();
  await developer.page.goto('/team?tab=keys&new=1');
  await developer.page.getByRole('dialog').getByLabel('Name').fill('dev-app');
  await developer.page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click();
  await expect(developer.page.getByTestId('key-secret')).toContainText('sk-');
  expect(isForbidden(await askAs(developer.page, open.url, createBudget, { input: budget }), 'createBudget')).toBe(
    true,
  );
  expect((await askAs(developer.page, open.url, complete, { input: call })).data?.complete.__typename).toBe(
    'CompleteSuccess',
  );

  // The viewer looks.
  await viewer.page.goto('/team?tab=keys');
  const create = viewer.page.getByRole('button', { name: 'Create key' });
  await expect(create).toHaveAttribute('aria-disabled', 'true');
  await create.focus();
  await expect(viewer.page.getByRole('tooltip')).toBeVisible();
  await create.press('Enter');
  await expect(viewer.page.getByRole('dialog')).toHaveCount(0);
  await viewer.page.goto('/guardrails');
  await expect(viewer.page.getByRole('heading', { name: 'Guardrails' })).toBeVisible();
  for (const [field, query, input] of [
    ['createBudget', createBudget, budget],
    ['complete', complete, call],
    ['inviteMember', invite, { email: 'x@example.com', accessRole: 'VIEWER' }],
  ] as const)
    expect(isForbidden(await askAs(viewer.page, open.url, query, { input }), field), field).toBe(true);

  // The owner makes the viewer a developer, and removes the developer with the keys.
  await page.goto('/team');
  await page
    .getByRole('row', { name: /Vera Viewer/ })
    .getByRole('combobox', { name: 'Access role of Vera Viewer' })
    .click();
  await page.getByRole('option', { name: /^Developer/ }).click();
  await expect(page.getByText('Vera Viewer is developer from now on.')).toBeVisible();
  await expect
    .poll(async () => (await askAs(viewer.page, open.url, complete, { input: call })).data?.complete?.__typename)
    .toBe('CompleteSuccess');
  await page.getByRole('button', { name: 'More for Dev Eloper' }).click();
  await page.getByRole('menuitem', { name: 'Remove from the team' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('dev-app')).toBeVisible();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('Dev Eloper is no member any more.')).toBeVisible();
  await expect
    .poll(
      async () => (await askAs(developer.page, open.url, '{ viewer { accessRole } }')).errors?.[0]?.extensions?.code,
    )
    .toBe('UNAUTHENTICATED');
  await page.goto('/team?tab=keys');
  await expect(page.getByRole('row', { name: /dev-app/ })).toContainText('Revoked');
  await developer.context.close();
  await viewer.context.close();
});

test('somebody makes a second team, switches back, and ends their other device', async ({
  page,
  browser,
  stack: open,
}) => {
  await signIn(page, open.url);
  await page.goto('/home');
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('button', { name: /^Team:/ })
    .click();
  await page.getByRole('menuitem', { name: 'Make a team' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Research');
  await page.getByRole('dialog').getByRole('button', { name: 'Make the team' }).click();
  await expect(page).toHaveURL(/\/team$/);
  const switcher = page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: /^Team:/ });
  await expect(switcher).toContainText('Research');
  await expect(page.getByText('1 member.')).toBeVisible();
  await switcher.click();
  await page
    .getByRole('menuitem')
    .filter({ hasNotText: /Research|Members|Make a team/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/home/);
  await expect(switcher).not.toContainText('Research');

  const other = await browser.newContext({ baseURL: open.url });
  const otherPage = await other.newPage();
  await signIn(otherPage, open.url);
  await page.goto('/account');
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(page.getByText('All other devices are signed out.')).toBeVisible();
  await expect
    .poll(async () => (await askAs(otherPage, open.url, '{ viewer { accessRole } }')).errors?.[0]?.extensions?.code)
    .toBe('UNAUTHENTICATED');
  await other.close();
});

test('two-factor sign-in is set up with an app, asked for at sign-in, and a backup code stands in', async ({
  page,
  browser,
  stack: open,
}) => {
  await signIn(page, open.url);
  const path = await inviteThroughPage(page, 'tina@example.com', 'Developer');
  const tina = await acceptThroughPage(browser, open.url, path, 'Tina Two');
  await tina.page.goto('/account');
  await tina.page.getByRole('button', { name: 'Set up two-factor' }).click();
  await tina.page.getByRole('dialog').getByLabel('Your password').fill(memberPassword);
  await tina.page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
  await expect(tina.page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  const secret = ((await tina.page.locator('#two-factor code').first().textContent()) ?? '').replace(/\s/g, '');
  await tina.page.getByLabel('Enter the code that it shows').fill(totp(secret));
  await tina.page.getByRole('button', { name: 'Switch on' }).click();
  await expect(tina.page.getByRole('list', { name: 'Backup codes' })).toBeVisible();
  const codes = await tina.page.getByRole('list', { name: 'Backup codes' }).getByRole('listitem').allInnerTexts();
  expect(codes.length).toBeGreaterThanOrEqual(8);
  await tina.page.getByRole('button', { name: 'I have kept them' }).click();
  await tina.context.close();

  const again = await browser.newContext({ baseURL: open.url });
  const entrance = await again.newPage();
  await entrance.goto('/sign-in');
  await entrance.getByLabel('Email').fill('tina@example.com');
  await entrance.getByLabel('Password', { exact: true }).fill(memberPassword);
  await entrance.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(entrance.getByRole('heading', { name: 'One more step' })).toBeVisible();
  expect(await violationsOf(entrance)).toEqual([]);
  await entrance.getByRole('button', { name: 'Use a backup code' }).click();
  await entrance.getByLabel('Backup code').fill(codes[0] ?? '');
  await entrance.getByRole('button', { name: 'Go on' }).click();
  await expect(entrance).toHaveURL(/\/compare/);
  await again.close();
});

/** The code that an authenticator app shows now (RFC 6238, 30 s, 6 digits, SHA-1). */
function totp(secret: string): string {
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
