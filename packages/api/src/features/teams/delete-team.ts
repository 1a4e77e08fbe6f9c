import { sleep } from '@switchyard/core/kernel';
import { z } from 'zod';
import { type Identity, scopesOf } from '../../auth/identity.ts';
import type { Services } from '../../container.ts';
import { acrossTeams } from '../../observability/request-scope.ts';
import { parseInput } from '../../parse-input.ts';
import { ConflictFailure, ForbiddenFailure, ValidationFailure } from '../../user-errors.ts';
import { stopExperiment } from '../experiments/start-experiment.ts';
import { endedRunStates } from '../runs/run-record.ts';
import { withLockedTeam } from './lock-team.ts';
import { purgeDeletedTeams } from './purge-deleted-teams.ts';

const input = z.object({ confirmName: z.string(), stopsRuns: z.boolean().nullish() });

/** How long is waited for what was told to stop. */
const stopWithinMs = 10_000;
const pollMs = 200;

/**
 * Deletes the team that the owner looks at. From then on nobody reaches it; its rows are taken away beside, and again after
 * a while for what was on its way. A team where something runs is deleted only after that was stopped; the last team of an
 * installation never, because the next visitor would become the owner of everything.
 */
export async function deleteTeam(
  services: Services,
  identity: Identity,
  rawInput: unknown,
): Promise<{ readonly name: string; readonly stoppedRuns: number }> {
  const { confirmName, stopsRuns } = parseInput(input, rawInput);
  const { prisma, clock } = services;
  const named = await prisma.team.findUnique({ where: { id: identity.teamId }, select: { name: true } });
  assertNamed(named?.name, confirmName);
  const open = await countOpenWork(services, identity.teamId);
  if (open > 0) {
    if (stopsRuns !== true)
      throw stillRunning(`${open} runs, comparisons or tests are open. Wait for them, or choose to stop them.`);
    await stopWork(services, identity);
  }
  const name = await withLockedTeam(
    services,
    identity,
    async ({ tx, teamId, accessRole, team }) => {
      if (accessRole !== 'OWNER') throw new ForbiddenFailure('Only an owner may delete the team. Ask an owner.');
      assertNamed(team.name, confirmName);
      // All teams are locked: two owners who delete the last two must not both succeed.
      if ((await tx.team.count({ where: { id: { not: teamId }, deletedAt: null } })) === 0) {
        throw new ConflictFailure(
          'TEAMS.LAST_TEAM',
          'This is the only team of the installation. Make another one first, or remove the installation.',
        );
      }
      await tx.team.update({ where: { id: teamId }, data: { deletedAt: new Date(clock.nowMs()) } });
      await tx.member.deleteMany({ where: { teamId } });
      await tx.invitation.deleteMany({ where: { teamId } });
      await tx.apiKey.updateMany({ where: { teamId, revokedAt: null }, data: { revokedAt: new Date(clock.nowMs()) } });
      await tx.session.updateMany({ where: { activeTeamId: teamId }, data: { activeTeamId: null } });
      return team.name;
    },
    { locksAllTeams: true },
  );
  services.identities.invalidate();
  acrossTeams(() => purgeDeletedTeams(services)).catch((error: unknown) => {
    services.log.warn({ error: String(error) }, 'rows of a deleted team are left; they are tried again');
  });
  return { name, stoppedRuns: open };
}

function assertNamed(name: string | undefined, confirmName: string): void {
  if (name !== undefined && name.trim() === confirmName.trim()) return;
  throw new ValidationFailure([
    {
      path: ['input', 'confirmName'],
      message: 'Type the name of the team exactly as it is, to confirm.',
      code: 'name_differs',
    },
  ]);
}

const stillRunning = (message: string) => new ConflictFailure('TEAMS.RUNS_OPEN', message, ['input', 'stopsRuns']);

const openComparison = { state: 'RUNNING' } as const;
const openRun = { state: { notIn: [...endedRunStates] } };
const openTest = { state: 'running' };

async function countOpenWork({ prisma }: Services, teamId: string): Promise<number> {
  const [comparisons, runs, tests] = await Promise.all([
    prisma.comparison.count({ where: { teamId, ...openComparison } }),
    prisma.run.count({ where: { teamId, ...openRun } }),
    prisma.experiment.count({ where: { teamId, ...openTest } }),
  ]);
  return comparisons + runs + tests;
}

async function stopWork(services: Services, identity: Identity): Promise<void> {
  const { prisma, clock } = services;
  const { teamId } = identity;
  const actor: Identity = { ...identity, accessRole: 'OWNER', scopes: scopesOf('OWNER') };
  const select = { id: true } as const;
  for (const { id } of await prisma.experiment.findMany({ where: { teamId, ...openTest }, select })) {
    await stopExperiment(services, actor, id).catch(ignoreConflict);
  }
  for (const { id } of await prisma.run.findMany({ where: { teamId, ...openRun }, select })) {
    await services.runs.cancel(actor, id).catch(ignoreConflict);
  }
  for (const { id } of await prisma.comparison.findMany({ where: { teamId, ...openComparison }, select })) {
    await services.runner.stopComparison(id);
  }
  for (const giveUpAtMs = clock.monotonicMs() + stopWithinMs; ; await sleep(clock, pollMs)) {
    if ((await countOpenWork(services, teamId)) === 0) return;
    if (clock.monotonicMs() >= giveUpAtMs) break;
  }
  throw stillRunning('What runs is being stopped and has not ended yet. Try again in a moment.');
}

/** It ended by itself meanwhile. */
function ignoreConflict(error: unknown): void {
  if (!(error instanceof ConflictFailure)) throw error;
}
