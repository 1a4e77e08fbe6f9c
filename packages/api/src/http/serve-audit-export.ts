import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '../container.ts';
import { exportAudit } from '../features/audit/export-audit.ts';
import { recordAuditEvent } from '../features/audit/record-audit-event.ts';
import { openExport, streamExport } from './open-export.ts';

export const auditExportPath = '/api/audit/export';

/**
 * `GET /api/audit/export?format=csv|jsonl&from=…&to=…&search=…&actorId=…&actorKind=…&objectType=…&objectId=…&action=…`: the audit log as
 * a file, for whoever may manage the team. That it was exported is in the log as well.
 */
export function createAuditExportHandler(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = await openExport(services, request, response, { may: 'MANAGE TEAM' });
    if (!asked) return;
    const { identity, parameters, refuse, actor } = asked;
    const format = parameters.get('format') ?? 'jsonl';
    if (format !== 'csv' && format !== 'jsonl') return refuse(400, 'BAD_USER_INPUT', 'The format is csv or jsonl.');
    const readTime = (name: string) => {
      const text = parameters.get(name);
      return text === null ? undefined : new Date(text);
    };
    const [from, to] = [readTime('from'), readTime('to')];
    if ([from, to].some((time) => time && Number.isNaN(time.getTime())))
      return refuse(400, 'BAD_USER_INPUT', 'Write from and to as 2026-01-31T12:00:00Z.');
    const texts = ['actorId', 'actorKind', 'action', 'objectType', 'objectId', 'search', 'requestId'] as const;
    const filter = Object.fromEntries(texts.map((name) => [name, parameters.get(name)]));
    const { teamId } = identity;
    await recordAuditEvent(services, {
      ...{ teamId, action: 'exportedAuditLog', objectType: 'AuditLog', actor },
      details: { format, ...Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null)) },
    });
    const pieces = exportAudit(services, teamId, format, { ...filter, from, to });
    await streamExport(services, request, response, pieces, format, `audit.${format}`);
  };
}
