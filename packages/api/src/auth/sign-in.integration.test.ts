import { createHmac } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestBrowser } from '../testing/test-browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { testOwner } from '../testing/test-settings.ts';
import { hashOneTimeToken } from './one-time-token.ts';

const mails: string[] = [];
let refusesMail = false;
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: (_address, _session, done) => done(refusesMail ? new Error('no such mailbox') : null),
  onData: (stream, _session, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      mails.push(Buffer.concat(chunks).toString('utf8').replace(/=\r\n/g, '').replaceAll('=3D', '='));
      done();
    });
  },
});

/** Hashing passwords takes its time, on a busy machine a multiple of it. */
const slow = { timeout: 120_000 };

let server: TestServer;
let owner: TestBrowser;
beforeAll(async () => {
  const port = await new Promise<number>((resolve) => {
    const listening = smtp.listen(0, '127.0.0.1', () => resolve((listening.address() as { port: number }).port));
  });
  server = await startTestServer({
    environment: { SMTP_URL: `smtp://127.0.0.1:${port}`, SMTP_FROM: 'Switchyard <switchyard@example.com>' },
  });
  owner = new TestBrowser(server);
  expect((await owner.signIn(testOwner.email, testOwner.password)).status).toBe(200);
});
afterAll(async () => {
  await server.stop();
  await new Promise<void>((resolve) => smtp.close(resolve));
});

const password = 'plain words of a river';
const tokenIn = (text: string) => /token=([\w-]+)/.exec(text)?.[1] ?? '';

const person = async (name: string, accessRole = 'VIEWER') => {
  const email = `${name.toLowerCase()}@people.test`;
  const made = await owner.change(
    'inviteMember',
    { email, accessRole },
    '... on InvitationSuccess { link isMailSent }',
  );
  const browser = new TestBrowser(server);
  const accepted = await browser.auth('accept-invitation', { token: tokenIn(made.link), name, password });
  expect(accepted.status).toBe(200);
  return { browser, email, isMailSent: made.isMailSent as boolean };
};

/** RFC 6238 with the secret of an `otpauth:` address. */
const codeFor = (totpUri: string, atMs = Date.now()) => {
  const secret = new URL(totpUri).searchParams.get('secret') ?? '';
  const bits = [...secret]
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
};

describe('mail', slow, () => {
  test('an invitation goes out by mail; a mail that fails is told and the invitation stands', async () => {
    expect((await person('Mia')).isMailSent).toBe(true);
    expect(mails.at(-1)).toContain('mia@people.test');
    refusesMail = true;
    const fields = '... on InvitationSuccess { link isMailSent mailProblem invitation { state } }';
    const made = await owner.change('inviteMember', { email: 'no@people.test', accessRole: 'VIEWER' }, fields);
    refusesMail = false;
    expect(made).toMatchObject({ isMailSent: false, invitation: { state: 'PENDING' } });
    expect(made.mailProblem).toContain('Copy the link');
  });

  test('a reset by mail sets the password once and ends every session; unknown addresses get the same answer', async () => {
    const { browser, email } = await person('Rita');
    const before = mails.length;
    const anyone = new TestBrowser(server);
    const known = await anyone.auth('request-password-reset', { email });
    const unknown = await anyone.auth('request-password-reset', { email: 'nobody@people.test' });
    expect([unknown.status, unknown.text]).toEqual([known.status, known.text]);
    await expect.poll(() => mails.length).toBe(before + 1);
    const token = tokenIn(mails.at(-1) ?? '');
    expect((await anyone.auth('reset-password', { token, newPassword: 'rita1234' })).body.code).toBe('PASSWORD_WEAK');
    const both = await Promise.all(
      ['first', 'second'].map((word) =>
        anyone.auth('reset-password', { token, newPassword: `${word} river of words` }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect((await browser.graph('{ viewer { accessRole } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect((await anyone.signIn(email, password)).status).toBe(401);
    const word = both[0]?.status === 200 ? 'first' : 'second';
    expect((await anyone.signIn(email, `${word} river of words`)).status).toBe(200);
    const rows = await server.services.prisma.$queryRaw<
      { text: string }[]
    >`SELECT v::text AS text FROM "verification" v`;
    expect(rows.some(({ text }) => text.includes(token))).toBe(false);
  });
});

test('an owner makes a reset link for those below, never for another owner, and never an admin for an owner of another team', async () => {
  const below = await person('Bella', 'DEVELOPER');
  const { team } = (await owner.graph('{ viewer { team { members { id user { email } accessRole } } } }')).data.viewer;
  const idOf = (email: string) =>
    team.members.find((each: { user: { email: string } }) => each.user.email === email).id;
  const make = (email: string) =>
    owner.change(
      'createPasswordResetLink',
      { memberId: idOf(email) },
      '... on CreatePasswordResetLinkSuccess { link }',
    );
  const { link } = await make(below.email);
  const anyone = new TestBrowser(server);
  expect(
    (await anyone.auth('reset-password', { token: tokenIn(link), newPassword: 'another set of words' })).status,
  ).toBe(200);
  expect((await anyone.signIn(below.email, 'another set of words')).status).toBe(200);
  await anyone.change('createTeam', { name: 'Her own' });
  expect((await make(below.email)).code).toBe('TEAMS.MEMBER_NOT_BELOW');
  expect((await make(testOwner.email)).code).toBe('TEAMS.MEMBER_NOT_BELOW');
});

describe('brute force', slow, () => {
  test('wrong passwords slow an account down for strangers, not for the browser that knows it', async () => {
    const { browser, email } = await person('Bruno');
    const tryUntilRefused = async (address: string) => {
      const stranger = new TestBrowser(server);
      for (let tries = 0; tries < 20; tries += 1) {
        const answer = await stranger.signIn(address, `wrong ${tries} words`);
        if (answer.status === 429) return { tries, ...answer };
        expect(answer.status).toBe(401);
      }
      throw new Error('nothing was refused');
    };
    const refused = await tryUntilRefused(email);
    expect(refused.tries).toBeGreaterThanOrEqual(5);
    expect(refused.body.code).toBe('TOO_MANY_ATTEMPTS');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await browser.signIn(email, password)).status).toBe(200);
    expect((await tryUntilRefused('nobody@people.test')).tries).toBeGreaterThanOrEqual(5);
  });
});

describe('sessions', slow, () => {
  test('are listed with device and place, end one by one and all others at once; every sign-in has a new token', async () => {
    const { browser, email } = await person('Sven');
    const phone = new TestBrowser(server);
    phone.cookie = browser.cookie;
    await phone.signIn(email, password);
    expect(phone.cookie).not.toBe(browser.cookie);
    const list = async () =>
      (await browser.graph('{ sessions { id isCurrent device ipAddress lastSeenAt } }')).data.sessions;
    const sessions = await list();
    expect(sessions).toHaveLength(2);
    expect(sessions[0].ipAddress).toContain('127.0.0.1');
    const other = sessions.find((each: { isCurrent: boolean }) => !each.isCurrent);
    expect((await owner.change('revokeSession', { sessionId: other.id })).__typename).toBe('NotFoundError');
    expect((await browser.change('revokeSession', { sessionId: other.id })).__typename).toBe('RevokeSessionSuccess');
    expect((await phone.graph('{ viewer { accessRole } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    await phone.signIn(email, password);
    const ended = await browser.graph(
      'mutation { revokeOtherSessions { ... on RevokeOtherSessionsSuccess { count } } }',
    );
    expect(ended.data.revokeOtherSessions.count).toBe(1);
    expect(await list()).toHaveLength(1);
  });

  test('a changed password ends the other sessions; sign-up tells nothing of who is here', async () => {
    const { browser, email } = await person('Paula');
    const other = new TestBrowser(server);
    await other.signIn(email, password);
    const change = (newPassword: string) => browser.auth('change-password', { currentPassword: password, newPassword });
    expect((await change('switchyard')).body.code).toBe('PASSWORD_WEAK');
    expect((await change('another set of words')).status).toBe(200);
    expect((await browser.graph('{ viewer { accessRole } }')).data.viewer.accessRole).toBe('VIEWER');
    expect((await other.graph('{ viewer { accessRole } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    const answers = [email, 'nobody@people.test'].map((address) =>
      other.auth('sign-up/email', { email: address, name: 'x', password }),
    );
    const [known, unknown] = await Promise.all(answers);
    expect([known?.status, known?.text]).toEqual([unknown?.status, unknown?.text]);
  });

  test('no answer of a sign-in path holds a session token', async () => {
    const { browser, email } = await person('Tore');
    const texts = [await browser.signIn(email, password), await browser.auth('get-session')].map(({ text }) => text);
    const tokens = await server.services.prisma.session.findMany({ select: { token: true } });
    for (const { token } of tokens) expect(texts.some((text) => text.includes(token))).toBe(false);
  });

  test('pages of other sites and forms are refused', async () => {
    for (const headers of [
      { origin: 'https://evil.example', 'content-type': 'application/json' },
      { origin: server.url, 'content-type': 'application/x-www-form-urlencoded' },
      { 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' },
    ]) {
      const body = JSON.stringify({ token: 'x', email: testOwner.email, password: testOwner.password });
      for (const path of ['sign-in/email', 'accept-invitation', 'reset-password', 'sign-out']) {
        const { status } = await fetch(`${server.url}/api/auth/${path}`, {
          method: 'POST',
          headers: headers as never,
          body,
        });
        expect([403, 415], path).toContain(status);
      }
    }
  });
});

describe('second factor', slow, () => {
  test('is asked for at sign-in, once per code; backup codes work once; a wrong code gives nothing', async () => {
    const { browser, email } = await person('Tova');
    const enabled = await browser.auth('two-factor/enable', { password });
    const { totpURI, backupCodes } = enabled.body;
    expect(totpURI).toContain('Switchyard');
    const oldCookie = browser.cookie;
    expect((await browser.auth('two-factor/verify-totp', { code: codeFor(totpURI) })).status).toBe(200);
    expect(browser.cookie).not.toBe(oldCookie);
    const stale = new TestBrowser(server);
    stale.cookie = oldCookie;
    expect((await stale.graph('{ viewer { accessRole } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');

    const other = new TestBrowser(server);
    expect((await other.signIn(email, password)).body).toMatchObject({ twoFactorRedirect: true });
    expect((await other.graph('{ viewer { accessRole } }')).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect((await other.auth('two-factor/verify-totp', { code: '000000' })).status).toBe(401);
    const next = codeFor(totpURI, Date.now() + 30_000);
    expect((await other.auth('two-factor/verify-totp', { code: next })).status).toBe(200);
    expect((await other.graph('{ viewer { hasTwoFactor member { hasTwoFactor } } }')).data.viewer).toEqual({
      hasTwoFactor: true,
      member: { hasTwoFactor: true },
    });

    const replay = new TestBrowser(server);
    await replay.signIn(email, password);
    // On a very slow machine its time is over as well.
    const replayed = await replay.auth('two-factor/verify-totp', { code: next });
    expect(['CODE_USED', 'INVALID_CODE']).toContain(replayed.body.code);
    await replay.signIn(email, password);
    expect((await replay.auth('two-factor/verify-backup-code', { code: backupCodes[0] })).status).toBe(200);
    const again = new TestBrowser(server);
    await again.signIn(email, password);
    expect((await again.auth('two-factor/verify-backup-code', { code: backupCodes[0] })).status).toBe(401);
    for (let tries = 0; tries < 6; tries += 1)
      await again.auth('two-factor/verify-backup-code', { code: `wrong-${tries}` });
    expect((await again.auth('two-factor/verify-backup-code', { code: backupCodes[1] })).status).not.toBe(200);
    expect((await browser.auth('two-factor/disable', { password: 'not it at all' })).status).toBe(400);
    expect((await browser.auth('two-factor/disable', { password })).status).toBe(200);
  });

  test('a team that wants one shows nothing to a member without it, and says what to do', async () => {
    const { browser } = await person('Uwe', 'ADMIN');
    const { prisma, identities } = server.services;
    const { teamId } = await prisma.member.findFirstOrThrow({ where: { user: { email: testOwner.email } } });
    await prisma.team.update({ where: { id: teamId }, data: { requiresTwoFactor: true } });
    identities.invalidate();
    try {
      const { viewer } = (
        await browser.graph('{ viewer { restriction scopes team { name } teams { team { name } } } }')
      ).data;
      expect(viewer.restriction).toContain('Switch it on');
      expect(viewer.scopes).toEqual([]);
      for (const query of [
        '{ comparisons { totalCount } }',
        '{ viewer { team { members { id } } } }',
        '{ providers { id } }',
      ]) {
        const { errors } = await browser.graph(query);
        expect(errors[0].extensions.code, query).toBe('FORBIDDEN');
        expect(errors[0].message).toContain('second factor');
      }
      expect((await browser.graph('{ sessions { id } }')).data.sessions).toHaveLength(1);
      const { totpURI } = (await browser.auth('two-factor/enable', { password })).body;
      await browser.auth('two-factor/verify-totp', { code: codeFor(totpURI) });
      expect(
        (await browser.graph('{ comparisons { totalCount } viewer { restriction } }')).data.viewer.restriction,
      ).toBeNull();
    } finally {
      await prisma.team.update({ where: { id: teamId }, data: { requiresTwoFactor: false } });
      identities.invalidate();
    }
  });
});

test('no password, token or code was logged', async () => {
  const { text } = server.log;
  expect(text).not.toContain(password);
  for (const mail of mails) expect(text).not.toContain(tokenIn(mail) || 'nothing');
  expect(hashOneTimeToken('x')).toHaveLength(64);
});
