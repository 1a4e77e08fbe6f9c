import type { Alert } from '@switchyard/core/guardrails';
import type { Identity } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { SealError } from '../providers/credential-vault.ts';
import { assertMayManage } from '../providers/may-manage.ts';

/** How a test went, in the target's own words where there are any. */
export interface ChannelReport {
  readonly isOk: boolean;
  readonly httpStatus: number | undefined;
  readonly latencyMs: number;
  readonly responseExcerpt: string;
  readonly message: string;
}

/**
 * Sends a test message through a channel now, also when it is switched off; nothing is tried again and nothing is kept.
 * Throws `ForbiddenFailure`, `NotFoundFailure`, `ConflictFailure`.
 */
export async function testChannel(
  services: Services,
  identity: Identity,
  channelId: string | undefined,
): Promise<ChannelReport> {
  assertMayManage(identity, 'HEALTH', 'test alert channels');
  const { alerts, ids, clock } = services;
  const { teamId } = identity;
  const found = channelId === undefined ? undefined : await open(services, teamId, channelId);
  if (!found) throw new NotFoundFailure('alert channel', ['input', 'channelId']);
  const alert: Alert = {
    id: ids.next('alr'),
    teamId,
    kind: 'channel.test',
    severity: 'info',
    status: 'firing',
    origin: 'live',
    title: 'Test message',
    message: `The alert channel "${found.view.name}" works. Alerts of your team will look like this one.`,
    link: '/guardrails',
    facts: [{ name: 'channelName', label: 'Channel', value: found.view.name }],
    dedupeKey: `channel.test:${found.view.id}`,
    atMs: clock.nowMs(),
  };
  const { kind, httpStatus, latencyMs, responseExcerpt, error } = await alerts.worker.post(
    found.target,
    alert,
    ids.next('msg'),
  );
  const isOk = kind === 'delivered';
  const aborted = kind === 'aborted' ? 'The server is stopping. Try again in a moment.' : undefined;
  const message = isOk ? `The target took the message (${httpStatus}).` : (error ?? aborted ?? 'There was no answer.');
  return { isOk, httpStatus, latencyMs, responseExcerpt, message };
}

async function open({ alerts }: Services, teamId: string, channelId: string) {
  try {
    return await alerts.channels.open(teamId, channelId);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new ConflictFailure('ALERTS.CHANNEL_UNREADABLE', error.message, ['input', 'channelId']);
  }
}
