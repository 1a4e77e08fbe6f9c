import type { RunEvent, WorkflowDefinition } from '@switchyard/core/workflows';
import type { Identity } from '../auth/identity.ts';
import type { Services } from '../container.ts';
import type { RunRecord } from '../features/runs/run-record.ts';
import type { StartRunInput } from '../features/runs/run-service.ts';

type Steps = WorkflowDefinition['steps'];

/** A team that runs workflows on a server under test. */
export class RunStage {
  readonly services: Services;
  readonly identity: Identity;

  constructor(services: Services, teamId: string, changes: Partial<Identity> = {}) {
    this.services = services;
    const scopes = new Set(['READ', 'RUN', 'MANAGE'] as const);
    const person = { accessRole: 'OWNER', scopes, userId: undefined, apiKeyId: undefined, subject: 'test' } as const;
    this.identity = { teamId, ...person, ...changes };
  }

  /** On the first team of the server. */
  static async of(services: Services): Promise<RunStage> {
    return new RunStage(services, (await services.prisma.team.findFirstOrThrow()).id);
  }

  /** Publishes a workflow past the API. */
  async publish(name: string, steps: Steps, more: Partial<WorkflowDefinition> = {}): Promise<string> {
    const { prisma, ids } = this.services;
    const { teamId } = this.identity;
    const id = ids.next('wfl');
    const at = new Date();
    const definition = JSON.stringify({ format: 1, name, ...more, steps });
    await prisma.workflow.create({
      data: { id, teamId, name, publishedVersion: 1, positions: {}, createdAt: at, updatedAt: at },
    });
    await prisma.workflowVersion.create({
      data: { id: ids.next('wfv'), teamId, workflowId: id, version: 1, definition, publishedAt: at },
    });
    return id;
  }

  start(name: string, more: Partial<StartRunInput> = {}): Promise<RunRecord> {
    const input = { workflow: { name }, inputs: {}, source: 'api', ...more } as const;
    return this.services.runs.start(this.identity, input);
  }

  /** Publishes a workflow of these steps, starts it and waits for its end. */
  async run(name: string, steps: Steps, more: Partial<WorkflowDefinition> = {}, input: Partial<StartRunInput> = {}) {
    await this.publish(name, steps, more);
    return this.finish((await this.start(name, input)).id);
  }

  finish(runId: string, withinMs = 60_000): Promise<RunRecord> {
    return this.services.runs.wait(this.identity.teamId, runId, { signal: AbortSignal.timeout(withinMs) });
  }

  untilWaiting(runId: string): Promise<RunRecord> {
    const signal = AbortSignal.timeout(60_000);
    return this.services.runs.wait(this.identity.teamId, runId, { signal, untilWaiting: true });
  }

  /** The public events of a run that has ended, as a subscriber gets them. */
  async events(runId: string, afterSeq = 0): Promise<readonly RunEvent[]> {
    const events: RunEvent[] = [];
    const signal = AbortSignal.timeout(60_000);
    for await (const event of this.services.runs.follow(this.identity.teamId, runId, afterSeq, signal))
      events.push(event);
    return events;
  }

  /** All facts of a run, bookkeeping included. */
  journal(runId: string): Promise<readonly RunEvent[]> {
    return this.services.runParts.journal.readJournal(runId, 0);
  }
}
