import { callSpecOf, type RunEvent, type WorkflowDefinition } from '@switchyard/core/workflows';
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts';
import { type ReplayedStepLane, replayStepLanes } from './replay-step-lanes.ts';
import { toRunEvent } from './run-journal.ts';

/** Which lanes of a step are wanted. */
export interface LanePage {
  readonly stepId: string;
  readonly offset: number;
  readonly limit: number;
}

type Step = WorkflowDefinition['steps'][number];

/** Lanes that each entry of a map has; undefined for steps that are no maps. */
export function lanesPerEntry(step: Step | undefined): number | undefined {
  if (step?.type !== 'map') return undefined;
  const spec = step.do.type === 'prompt' ? step.do : undefined;
  return spec?.strategy === 'parallel' ? (spec.models?.length ?? 1) : 1;
}

/**
 * Some lanes of one step of a run with very many events, by entry and slot: reads the events of that step alone, and of a
 * map those of the wanted entries alone.
 */
export async function readLanePage(
  prisma: PrismaClient,
  runId: string,
  definition: WorkflowDefinition,
  { stepId, offset, limit }: LanePage,
): Promise<readonly ReplayedStepLane[]> {
  const step = definition.steps.find(({ id }) => id === stepId);
  if (!step || (step.type !== 'map' && !callSpecOf(step))) return [];
  const perEntry = lanesPerEntry(step);
  const first = perEntry === undefined ? 0 : Math.floor(offset / perEntry);
  const entries = perEntry === undefined ? undefined : entriesFrom(first, Math.ceil((offset + limit) / perEntry));
  const lanes = sortLanes(replayStepLanes(await readEvents(prisma, runId, stepId, entries)).values(), stepId);
  if (perEntry === undefined) return lanes.slice(offset, offset + limit);
  const wanted = new Set(entries);
  // What an output quotes may look like the place of another entry.
  const own = lanes.filter(({ place }) => wanted.has(place.itemIndex ?? -1));
  const skipped = offset - first * perEntry;
  return own.slice(skipped, skipped + limit);
}

/** The lanes of one step, by entry and slot. */
export function sortLanes(lanes: Iterable<ReplayedStepLane>, stepId: string): readonly ReplayedStepLane[] {
  const own = [...lanes].filter(({ place }) => place.stepId === stepId);
  return own.sort((a, b) => (a.place.itemIndex ?? 0) - (b.place.itemIndex ?? 0) || a.place.slot - b.place.slot);
}

const entriesFrom = (from: number, until: number) =>
  Array.from({ length: Math.max(0, until - from) }, (_, i) => from + i);

async function readEvents(
  prisma: PrismaClient,
  runId: string,
  stepId: string,
  entries: readonly number[] | undefined,
): Promise<readonly RunEvent[]> {
  if (entries?.length === 0) return [];
  const ofEntries = entries ? Prisma.sql`AND "fact" ~ ${`"itemIndex":(${entries.join('|')})[,}]`}` : Prisma.empty;
  // Underscores of ids stand for any character, which finds more than is wanted and never less.
  const ofStep = `%"stepId":"${stepId}"%`;
  const rows = await prisma.$queryRaw<{ seq: number; fact: string; at: Date }[]>`
    SELECT "seq", "fact", "at" FROM "run_event"
    WHERE "runId" = ${runId} AND ("type" = 'run-retried' OR ("fact" LIKE ${ofStep} AND "fact" LIKE '%"callId":%' ${ofEntries}))
    ORDER BY "seq"`;
  return rows.map(toRunEvent);
}
