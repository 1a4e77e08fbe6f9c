import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../kernel/index.ts';
import {
  type Alert,
  clipAlert,
  formatSlack,
  formatTeams,
  formatWebhook,
  planRedelivery,
  readRetryAfterMs,
  signWebhook,
  verifyWebhook,
} from './index.ts';

const alert: Alert = {
  id: 'alr_1',
  teamId: 'team_1',
  kind: 'budget.threshold',
  severity: 'warning',
  status: 'firing',
  origin: 'live',
  title: '80 % of the budget "R&D" is used',
  message:
    'Spent and reserved: $8.00 of $10.00. <!channel> *now* [here](https://evil.example)\nNothing is blocked yet.',
  link: '/guardrails',
  facts: [
    { name: 'spentUsd', label: 'Spent', value: '8' },
    { name: 'limitUsd', label: 'Limit', value: '10' },
    { name: 'resetsAt', label: 'Resets', value: null },
  ],
  dedupeKey: 'budget.threshold:bud_1:2026-11:0.8',
  atMs: Date.UTC(2026, 10, 21, 4, 5, 6),
};
const url = 'https://switchyard.example/guardrails';

describe('what is sent', () => {
  it('to Slack', () => {
    const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
    expect(formatSlack(alert, url)).toEqual({
      text: 'Warning: 80 % of the budget "R&amp;D" is used',
      blocks: [
        { type: 'header', text: plain('Warning: 80 % of the budget "R&D" is used') },
        { type: 'section', text: plain(alert.message) },
        { type: 'section', fields: [plain('Spent\n8'), plain('Limit\n10'), plain('Resets\nunknown')] },
        { type: 'context', elements: [plain('Switchyard · budget.threshold · 2026-11-21T04:05:06.000Z')] },
        { type: 'actions', elements: [{ type: 'button', text: plain('Open in Switchyard'), url }] },
      ],
    });
  });

  it('to Microsoft Teams', () => {
    const run = (text: string, style: object = {}) => ({ type: 'TextRun', text, ...style });
    const block = (inlines: object[], style: object = {}) => ({ type: 'RichTextBlock', ...style, inlines });
    expect(formatTeams(alert, url)).toEqual({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            fallbackText: 'Warning: 80 % of the budget "R&D" is used',
            msteams: { width: 'Full' },
            body: [
              block([
                run('Warning: 80 % of the budget "R&D" is used', { size: 'Large', weight: 'Bolder', color: 'Warning' }),
              ]),
              block([run('Spent and reserved: $8.00 of $10.00. <!channel> *now* [here](https://evil.example)')]),
              block([run('Nothing is blocked yet.')]),
              block([run('Spent: ', { weight: 'Bolder' }), run('8')], { spacing: 'Medium' }),
              block([run('Limit: ', { weight: 'Bolder' }), run('10')], { spacing: 'None' }),
              block([run('Resets: ', { weight: 'Bolder' }), run('unknown')], { spacing: 'None' }),
              block(
                [run('Switchyard · budget.threshold · 2026-11-21T04:05:06.000Z', { size: 'Small', isSubtle: true })],
                { spacing: 'Medium' },
              ),
            ],
            actions: [{ type: 'Action.OpenUrl', title: 'Open in Switchyard', url }],
          },
        },
      ],
    });
  });

  it('to programs', () => {
    expect(formatWebhook(alert, undefined)).toEqual({
      type: 'budget.threshold',
      timestamp: '2026-11-21T04:05:06.000Z',
      data: {
        alertId: 'alr_1',
        teamId: 'team_1',
        severity: 'warning',
        status: 'firing',
        origin: 'live',
        title: alert.title,
        message: alert.message,
        url: null,
        dedupeKey: 'budget.threshold:bud_1:2026-11:0.8',
        facts: { spentUsd: '8', limitUsd: '10', resetsAt: null },
      },
    });
  });

  it('says that simulated trouble is simulated, and that an end is an end', () => {
    const over = { ...alert, origin: 'simulated', status: 'resolved' } as const;
    for (const body of [formatSlack(over, undefined), formatTeams(over, undefined)]) {
      expect(JSON.stringify(body)).toContain('Resolved (simulated): 80 %');
      expect(JSON.stringify(body)).not.toContain('Open in Switchyard');
    }
  });

  it('fits into what Slack and Teams take, however long the texts are', () => {
    const fact = { name: 'x', label: 'l'.repeat(9_000), value: '😀'.repeat(9_000) };
    const long = clipAlert({
      ...alert,
      title: `${'t'.repeat(148)}😀😀`,
      message: 'm'.repeat(50_000),
      facts: Array.from({ length: 500 }, () => fact),
    });
    expect(long.title).toBe(`${'t'.repeat(148)}…`);
    const { blocks } = formatSlack(long, url) as { blocks: Record<string, never>[] };
    const texts = JSON.stringify(blocks).match(/"text":"((?:[^"\\]|\\.)*)"/g) ?? [];
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(2_020);
    for (const { fields } of blocks as { fields?: unknown[] }[]) expect(fields?.length ?? 0).toBeLessThanOrEqual(10);
    expect(JSON.stringify(blocks).isWellFormed()).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(formatTeams(long, url)))).toBeLessThanOrEqual(28_000);
  });
});

describe('the signature', () => {
  // From the reference libraries of Standard Webhooks.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const [id, atMs, body] = ['msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}'] as const;
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };

  it('is that of Standard Webhooks', () => {
    expect(signWebhook(secret, id, atMs, body)).toEqual(headers);
    expect(verifyWebhook(secret, headers, body, atMs + 299_000)).toBe(true);
  });

  it('is accepted beside others, as while a secret is being replaced', () => {
    const both = `v1,${'A'.repeat(43)}= v2,x ${headers['webhook-signature']}`;
    expect(verifyWebhook(secret, { ...headers, 'webhook-signature': both }, body, atMs)).toBe(true);
  });

  it.each([
    ['another body', secret, headers, `${body} `, atMs],
    ['another id', secret, { ...headers, 'webhook-id': 'msg_x' }, body, atMs],
    ['another time', secret, { ...headers, 'webhook-timestamp': '1614265331' }, body, atMs],
    ['an old message', secret, headers, body, atMs + 301_000],
    ['a message from the future', secret, headers, body, atMs - 301_000],
    ['another secret', `whsec_${Buffer.alloc(32, 7).toString('base64')}`, headers, body, atMs],
    ['a short secret', 'whsec_AAAA', headers, body, atMs],
    ['no signature', secret, { ...headers, 'webhook-signature': '' }, body, atMs],
    [
      'another version',
      secret,
      { ...headers, 'webhook-signature': headers['webhook-signature'].replace('v1', 'v2') },
      body,
      atMs,
    ],
    ['missing headers', secret, {}, body, atMs],
    ['a time that is none', secret, { ...headers, 'webhook-timestamp': 'NaN' }, body, atMs],
  ])('refuses %s', (_what, key, given, text, nowMs) => {
    expect(verifyWebhook(key, given, text, nowMs)).toBe(false);
  });
});

describe('the next try', () => {
  it('comes ever later, eight tries in about a day', () => {
    const random = createSeededRandom(1);
    const waits = Array.from({ length: 9 }, (_, index) => planRedelivery(index + 1, undefined, random)?.waitMs);
    expect(waits.slice(7)).toEqual([undefined, undefined]);
    const hours = waits.slice(0, 7).reduce<number>((sum, waitMs) => sum + (waitMs ?? 0), 0) / 3_600_000;
    expect(hours).toBeGreaterThan(17);
    expect(hours).toBeLessThan(29);
    expect(new Set(Array.from({ length: 20 }, () => planRedelivery(3, undefined, random)?.waitMs)).size).toBe(20);
  });

  it('waits as long as the target asks, a day at the most, and never shorter than it would by itself', () => {
    const random = createSeededRandom(1);
    expect(planRedelivery(1, 3_600_000, random)?.waitMs).toBe(3_600_000);
    expect(planRedelivery(1, 1e12, random)?.waitMs).toBe(86_400_000);
    expect(planRedelivery(7, 1_000, random)?.waitMs).toBeGreaterThan(40_000_000);
    expect(planRedelivery(1, Number.NaN, random)?.waitMs).toBeLessThan(20_000);
  });

  it.each([
    ['120', 120_000],
    ['Sat, 21 Nov 2026 04:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2020 04:00:30 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads Retry-After: %s', (header, expected) => {
    expect(readRetryAfterMs(header, Date.UTC(2026, 10, 21, 4))).toBe(expected);
  });
});
