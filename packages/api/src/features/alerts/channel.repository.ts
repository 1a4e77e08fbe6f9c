import type { AlertKind } from '@switchyard/core/guardrails';
import type { AddressPolicy } from '@switchyard/core/providers';
import type { AlertChannel, Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { CredentialVault } from '../providers/credential-vault.ts';
import type { AlertChannelType, AlertTarget, ChannelView } from './alert-target.ts';
import type { EnvironmentChannel } from './environment-channels.ts';

export interface ChannelRepositoryParts {
  readonly prisma: PrismaClient;
  readonly vault: CredentialVault;
  readonly environmentChannels: ReadonlyMap<string, EnvironmentChannel>;
  /** For channels that teams make. */
  readonly addressPolicy: AddressPolicy;
}

type SealedColumns = Pick<AlertChannel, 'sealedUrl' | 'sealedSecret' | 'origin'>;

/** A team's channels and those of the environment. A row of another team is not there. */
export class ChannelRepository {
  readonly #parts: ChannelRepositoryParts;

  constructor(parts: ChannelRepositoryParts) {
    this.#parts = parts;
  }

  /** The environment's first, then the team's, oldest first. */
  async list(teamId: string): Promise<readonly ChannelView[]> {
    const { prisma, environmentChannels } = this.#parts;
    const rows = await prisma.alertChannel.findMany({
      where: { teamId },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    });
    return [...[...environmentChannels.values()].map(({ view }) => view), ...rows.map(toView)];
  }

  async find(teamId: string, id: string): Promise<ChannelView | undefined> {
    const fixed = this.#parts.environmentChannels.get(id);
    if (fixed) return fixed.view;
    const row = await this.findRow(teamId, id);
    return row && toView(row);
  }

  async findRow(teamId: string, id: string): Promise<AlertChannel | undefined> {
    return (await this.#parts.prisma.alertChannel.findUnique({ where: { id_teamId: { id, teamId } } })) ?? undefined;
  }

  /** Where to post; undefined when there is no such channel. Throws `SealError` when its URL cannot be opened. */
  async open(
    teamId: string,
    id: string,
  ): Promise<{ readonly target: AlertTarget; readonly view: ChannelView } | undefined> {
    const { vault, environmentChannels, addressPolicy } = this.#parts;
    const fixed = environmentChannels.get(id);
    if (fixed) return fixed;
    const row = await this.findRow(teamId, id);
    if (!row) return undefined;
    const place = { teamId, rowId: id, origin: row.origin };
    const target: AlertTarget = {
      type: row.type as AlertChannelType,
      url: vault.unseal(row.sealedUrl, { ...place, purpose: 'webhook-url' }),
      secret:
        row.sealedSecret === null ? undefined : vault.unseal(row.sealedSecret, { ...place, purpose: 'webhook-secret' }),
      addressPolicy,
    };
    return { target, view: toView(row) };
  }

  /** The columns for a URL and a secret, sealed for this row and the URL's origin. */
  seal(row: { readonly teamId: string; readonly id: string }, url: string, secret: string | null): SealedColumns {
    const { vault } = this.#parts;
    const { origin } = new URL(url);
    const place = { teamId: row.teamId, rowId: row.id, origin };
    return {
      origin,
      sealedUrl: vault.seal(url, { ...place, purpose: 'webhook-url' }),
      sealedSecret: secret === null ? null : vault.seal(secret, { ...place, purpose: 'webhook-secret' }),
    };
  }

  /** The statement that stores a new channel. */
  create(data: Prisma.AlertChannelUncheckedCreateInput): Prisma.PrismaPromise<unknown> {
    return this.#parts.prisma.alertChannel.create({ data });
  }

  count(teamId: string): Promise<number> {
    return this.#parts.prisma.alertChannel.count({ where: { teamId } });
  }

  /** False when there is no such channel any more. */
  async update(teamId: string, id: string, data: Prisma.AlertChannelUpdateManyMutationInput): Promise<boolean> {
    return (await this.#parts.prisma.alertChannel.updateMany({ where: { teamId, id }, data })).count === 1;
  }

  async delete(teamId: string, id: string): Promise<boolean> {
    return (await this.#parts.prisma.alertChannel.deleteMany({ where: { teamId, id } })).count === 1;
  }
}

function toView(row: AlertChannel): ChannelView {
  return {
    id: row.id,
    name: row.name,
    type: row.type as AlertChannelType,
    origin: row.origin,
    kinds: row.kinds as AlertKind[],
    isEnabled: row.isEnabled,
    disabledReason: row.disabledReason ?? undefined,
    failingSinceMs: row.failingSince?.getTime(),
    isSigned: row.sealedSecret !== null,
    isReadOnly: false,
    createdAtMs: row.createdAt.getTime(),
  };
}
