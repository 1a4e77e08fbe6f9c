import { randomBytes } from 'node:crypto';
import { formatWebhookSecret } from '@switchyard/core/guardrails';
import { z } from 'zod';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { AlertChannel } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { idempotencyKeyInput } from '../comparisons/generation-input.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import type { ChannelView } from './alert-target.ts';
import { invalid, kindsInput, nameInput, readChannelUrl, secretInput, typeInput, urlInput } from './channel-input.ts';

const mostChannels = 20;

export interface ChangedChannel {
  readonly channel: ChannelView;
  /** A secret that was made or taken just now; shown this once and never again. */
  readonly signingSecret: string | undefined;
}

const createInput = z.object({
  name: nameInput,
  type: typeInput,
  url: urlInput,
  kinds: kindsInput.nullish(),
  isEnabled: z.boolean().nullish(),
  signingSecret: secretInput.nullish(),
  idempotencyKey: idempotencyKeyInput,
});

const updateInput = z.object({
  name: nameInput.nullish(),
  url: urlInput.nullish(),
  kinds: kindsInput.nullish(),
  isEnabled: z.boolean().nullish(),
  signingSecret: secretInput.nullish(),
  replaceSigningSecret: z.boolean().nullish(),
});

/**
 * Makes a channel of the team. Plain webhooks get a signing secret, the given or a new one. Throws `ForbiddenFailure`,
 * `ValidationFailure`, `ConflictFailure`, `IdempotencyFailure`.
 */
export async function createChannel(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<ChangedChannel> {
  assertMayManage(identity, 'HEALTH', 'add alert channels');
  const { idempotencyKey, ...wanted } = parseInput(createInput, rawInput);
  const { teamId } = identity;
  const url = readChannelUrl(services, wanted.url);
  if (wanted.type !== 'webhook' && wanted.signingSecret) throw unsignable();
  const { prisma, clock, ids, vault, alerts } = services;
  const { channels } = alerts;
  let signingSecret: string | undefined;
  // What is remembered of the input is a hash; of the secrets in it not even a plain one.
  const secrets = vault.fingerprint(JSON.stringify([url, wanted.signingSecret ?? null]));
  const call = {
    teamId,
    operation: 'createAlertChannel',
    key: idempotencyKey,
    input: { ...wanted, url: null, signingSecret: null, secrets },
  };
  const { id } = await runIdempotently<{ id: string }>(prisma, clock, call, async (store) => {
    if ((await channels.count(teamId)) >= mostChannels) {
      const message = `A team has at most ${mostChannels} alert channels. Delete one first.`;
      throw new ConflictFailure('ALERTS.TOO_MANY_CHANNELS', message, ['input']);
    }
    if (wanted.type === 'webhook') signingSecret = wanted.signingSecret ?? newSecret();
    const row = { id: ids.next('ach'), teamId };
    await prisma.$transaction([
      channels.create({
        ...row,
        createdById: identity.userId ?? null,
        name: wanted.name,
        type: wanted.type,
        ...channels.seal(row, url, signingSecret ?? null),
        kinds: [...(wanted.kinds ?? [])],
        isEnabled: wanted.isEnabled ?? true,
        createdAt: new Date(clock.nowMs()),
      }),
      ...store({ id: row.id }),
    ]);
    return { id: row.id };
  });
  const channel = await channels.find(teamId, id);
  if (!channel) throw new NotFoundFailure('alert channel', ['input']);
  return { channel, signingSecret };
}

/**
 * Changes a channel of the team: what is absent or null stays. A URL at another origin gets a new signing secret, unless
 * one is given with it: the old one is known to the old target. Throws `ForbiddenFailure`, `NotFoundFailure`,
 * `ValidationFailure`, `ConflictFailure`.
 */
export async function updateChannel(
  services: Services,
  identity: Identity,
  channelId: string | undefined,
  rawInput: unknown,
): Promise<ChangedChannel> {
  assertMayManage(identity, 'HEALTH', 'change alert channels');
  const row = await findChangeable(services, identity, channelId);
  const wanted = parseInput(updateInput, rawInput);
  const { channels } = services.alerts;
  const { teamId } = identity;
  const isSigned = row.type === 'webhook';
  if (!isSigned && (wanted.signingSecret || wanted.replaceSigningSecret)) throw unsignable();
  const url = wanted.url == null ? undefined : readChannelUrl(services, wanted.url);
  const isMoved = url !== undefined && new URL(url).origin !== row.origin;
  const needsSecret = isSigned && (isMoved || wanted.replaceSigningSecret === true);
  const signingSecret = wanted.signingSecret ?? (needsSecret ? newSecret() : undefined);
  const { name, kinds, isEnabled } = wanted;
  const isChanged = await channels.update(teamId, row.id, {
    ...(name != null && { name }),
    ...(kinds != null && { kinds: [...kinds] }),
    ...(isEnabled != null && { isEnabled, disabledReason: null, ...(isEnabled && { failingSince: null }) }),
    ...((url !== undefined || signingSecret !== undefined) && (await reseal(services, row, url, signingSecret))),
  });
  const channel = isChanged ? await channels.find(teamId, row.id) : undefined;
  if (!channel) throw new NotFoundFailure('alert channel', ['input', 'channelId']);
  return { channel, signingSecret };
}

/** Deletes a channel of the team with its secrets; what it was sent stays in the log. Throws as `updateChannel` does. */
export async function deleteChannel(
  services: Services,
  identity: Identity,
  channelId: string | undefined,
): Promise<string> {
  assertMayManage(identity, 'HEALTH', 'delete alert channels');
  const row = await findChangeable(services, identity, channelId);
  if (!(await services.alerts.channels.delete(identity.teamId, row.id))) {
    throw new NotFoundFailure('alert channel', ['input', 'channelId']);
  }
  return row.id;
}

async function findChangeable(
  { alerts }: Services,
  { teamId }: Identity,
  channelId: string | undefined,
): Promise<AlertChannel> {
  const row = channelId === undefined ? undefined : await alerts.channels.findRow(teamId, channelId);
  if (row) return row;
  const view = channelId === undefined ? undefined : await alerts.channels.find(teamId, channelId);
  if (!view) throw new NotFoundFailure('alert channel', ['input', 'channelId']);
  throw new ConflictFailure(
    'ALERTS.CHANNEL_READ_ONLY',
    'This channel is set up for every team by GUARDRAIL_ALERT_WEBHOOK: the operator changes it there.',
    ['input', 'channelId'],
  );
}

/** URL and secret sealed anew; what was not given is opened first. */
async function reseal(services: Services, row: AlertChannel, url: string | undefined, secret: string | undefined) {
  const { channels } = services.alerts;
  if (url !== undefined && (secret !== undefined || row.sealedSecret === null)) {
    return channels.seal(row, url, secret ?? null);
  }
  const opened = await channels.open(row.teamId, row.id);
  return channels.seal(row, url ?? opened?.target.url ?? '', secret ?? opened?.target.secret ?? null);
}

const newSecret = () => formatWebhookSecret(randomBytes(32));

function unsignable() {
  return invalid('signingSecret', 'Only plain webhooks are signed: Slack and Teams do not check signatures.');
}
