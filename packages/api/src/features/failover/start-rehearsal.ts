import { type Identity, mayDo } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import type { FailureRehearsal, Prisma } from '../../generated/prisma/client.ts';
import { runIdempotently } from '../../idempotency.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { assertMayManage } from '../providers/may-manage.ts';
import { routeCall } from '../routing/route-call.ts';
import { describeCall } from './rehearsal-driver.ts';
import { rehearsalInput, toSettings } from './rehearsal-settings.ts';

const leaseMs = 15_000;

/**
 * Begins to rehearse the failure of a provider: a simulated one is broken for everybody who calls it, a real one for the calls of the
 * rehearsal alone. Throws `ForbiddenFailure`, `ValidationFailure`, `NotFoundFailure`, `NoEligibleModelFailure`, `ConflictFailure`,
 * `IdempotencyFailure`.
 */
export async function startRehearsal(
  services: Services,
  identity: Identity,
  providerId: string | undefined,
  rawInput: unknown,
): Promise<FailureRehearsal> {
  if (!mayDo(identity, 'RUN', 'ROUTING')) throw new ForbiddenFailure('Your access role looks, and makes no calls.');
  const { idempotencyKey, ...given } = parseInput(rehearsalInput, rawInput);
  const settings = toSettings(given);
  const { teamId, userId, apiKeyId } = identity;
  const { prisma, clock, ids, providers, health, rehearsals, instanceId } = services;
  const instance = providerId === undefined ? undefined : providers.find(teamId, providerId);
  if (!instance) throw new NotFoundFailure('provider', ['input', 'providerId']);
  const isSimulator = instance.origin === 'simulated' && services.simulatedFailures !== undefined;
  if (isSimulator) assertMayManage(identity, 'ROUTING', 'break a simulated provider for everybody');
  const { kind, share } = settings.fault;
  // What is really sent costs money and leaves records: only what keeps every call from being made can be injected.
  if (!isSimulator && (kind === 'latency' || kind === 'cut' || (kind === 'error' && share < 1)))
    throw new ValidationFailure([
      {
        path: ['input', 'fault', kind === 'error' ? 'share' : 'kind'],
        message: 'Calls of a real provider fail as a whole or not at all: choose OUTAGE, or ERROR with a share of 1.',
        code: 'not_possible',
      },
    ]);
  const asked = { teamId, createdById: userId ?? null, apiKeyId: apiKeyId ?? null };
  const { call, purpose, wanted } = describeCall(services, asked, settings);
  const preview = { ...wanted, isPreview: true };
  const { resolution } = await routeCall(services, preview, call, purpose, ['input', 'model']);
  const [first] = resolution.targets;
  if (first.providerId !== instance.slug)
    throw new ValidationFailure([
      {
        path: ['input', 'model'],
        message: `Calls of "${settings.model}" begin with ${first.modelId}, not with ${instance.displayName}: name a model or chain that begins with it.`,
        code: 'other_provider',
      },
    ]);
  const operation = {
    teamId,
    operation: 'startFailureRehearsal',
    key: idempotencyKey,
    input: { providerId, ...given },
  };
  const { id } = await runIdempotently<{ id: string }>(prisma, clock, operation, async () => {
    const status = health.find(instance.id)?.state.status;
    if (isSimulator && (status === 'down' || status === 'degraded'))
      throw new ConflictFailure(
        'FAILOVER.NOT_WELL',
        `${instance.displayName} is in trouble already. Wait until it is well, so that the rehearsal can tell its own failure apart.`,
        ['input', 'providerId'],
      );
    const now = new Date(clock.nowMs());
    const row = await prisma.failureRehearsal
      .create({
        data: {
          ...asked,
          id: ids.next('reh'),
          subjectId: instance.id,
          slug: instance.slug,
          displayName: instance.displayName,
          origin: instance.origin === 'live' ? 'LIVE' : 'SIMULATED',
          mode: isSimulator ? 'simulator' : 'injected',
          state: 'running',
          phase: 'starting',
          settings: settings as unknown as Prisma.InputJsonObject,
          startedAt: now,
          endsAt: new Date(now.getTime() + settings.maxSeconds * 1_000),
          instanceId,
          leaseUntil: new Date(now.getTime() + leaseMs),
          openKey: isSimulator ? instance.id : `${teamId} ${instance.id}`,
        },
      })
      .catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'P2002')
          throw new ConflictFailure('FAILOVER.REHEARSAL_RUNS', 'A rehearsal of this provider is under way already.', [
            'input',
            'providerId',
          ]);
        throw error;
      });
    rehearsals.begin(row);
    return { id: row.id };
  });
  return prisma.failureRehearsal.findUniqueOrThrow({ where: { id_teamId: { id, teamId } } });
}

/** Asks a rehearsal to end: what it broke is restored within a second. Throws `ForbiddenFailure`, `NotFoundFailure`, `ConflictFailure`. */
export async function cancelRehearsal(
  { prisma, clock }: Services,
  identity: Identity,
  rehearsalId: string | undefined,
): Promise<FailureRehearsal> {
  if (!mayDo(identity, 'RUN', 'ROUTING')) throw new ForbiddenFailure('Your access role looks, and changes nothing.');
  const path = ['input', 'rehearsalId'];
  const where = { id_teamId: { id: rehearsalId ?? '', teamId: identity.teamId } };
  const row = rehearsalId === undefined ? null : await prisma.failureRehearsal.findUnique({ where });
  if (!row) throw new NotFoundFailure('rehearsal', path);
  if (row.state !== 'running') throw new ConflictFailure('FAILOVER.REHEARSAL_OVER', 'It is over already.', path);
  return prisma.failureRehearsal.update({
    where,
    data: { cancelRequestedAt: row.cancelRequestedAt ?? new Date(clock.nowMs()) },
  });
}
