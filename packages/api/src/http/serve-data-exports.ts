import type { IncomingMessage, ServerResponse } from 'node:http';
import { findMissingPermission } from '../auth/check-permission.ts';
import type { Services } from '../container.ts';
import { recordAuditEvent } from '../features/audit/record-audit-event.ts';
import { exportTeam } from '../features/settings/export-team.ts';
import { exportMember, findExportedMember } from '../features/settings/member-data.ts';
import { decodeId } from '../graphql/global-id.ts';
import { NotFoundFailure } from '../user-errors.ts';
import { openExport, streamExport } from './open-export.ts';

export const teamExportPath = '/api/teams/export';
export const memberExportPath = '/api/members/export';

/** `GET /api/teams/export`: everything that the team of the signed-in owner has, as JSON lines without secrets. */
export function createTeamExportHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await openExport(services, request, response, { may: 'OWNER' });
    if (!asked) return;
    const { identity, actor } = asked;
    const { teamId } = identity;
    await recordAuditEvent(services, { teamId, action: 'exportedTeam', objectType: 'Team', objectId: teamId, actor });
    await streamExport(services, request, response, exportTeam(services.prisma, teamId), 'jsonl', 'team.jsonl');
  };
}

/** `GET /api/members/export?memberId=…`: what the team knows of a member; without `memberId` of the person who asks. */
export function createMemberExportHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await openExport(services, request, response, { may: 'PERSON' });
    if (!asked) return;
    const { identity, parameters, actor, refuse } = asked;
    const given = parameters.get('memberId');
    const memberId = given === null ? undefined : (decodeId(given, 'Member') ?? '');
    try {
      const member = await findExportedMember(services, identity, memberId);
      const missing = member.userId === identity.userId ? undefined : findMissingPermission(identity, 'MANAGE TEAM');
      if (missing !== undefined) return refuse(403, 'FORBIDDEN', missing);
      const { teamId } = identity;
      const about = { objectType: 'Member', objectId: member.id };
      await recordAuditEvent(services, { teamId, action: 'exportedMemberData', ...about, actor });
      const pieces = exportMember(services.prisma, teamId, member.userId);
      await streamExport(services, request, response, pieces, 'jsonl', 'member.jsonl');
    } catch (error) {
      if (!(error instanceof NotFoundFailure)) throw error;
      refuse(404, 'NOT_FOUND', 'There is no such member in your team.');
    }
  };
}
