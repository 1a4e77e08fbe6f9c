import type { GraphContext } from '../../graphql/context.ts';
import { type LanePage, readLanePage, sortLanes } from './read-lane-page.ts';
import { type ReplayedStepLane, replayStepLanes } from './replay-step-lanes.ts';
import type { RunDetails, RunRecord } from './run-record.ts';
import type { PublicRunEvent } from './run-service.ts';

const eventsPerPage = 1_000;

interface ReadRuns {
  readonly details: Map<string, Promise<RunDetails | undefined>>;
  readonly lanes: Map<string, Promise<ReadonlyMap<string, ReplayedStepLane>>>;
  /** Readings of single steps, by run. */
  readonly alone: Map<string, number>;
}

/** What was read of runs for one request, so that every field of them rests on one reading. */
const loaded = new WeakMap<GraphContext, ReadRuns>();

function readRunsOf(context: GraphContext): ReadRuns {
  const known = loaded.get(context);
  if (known) return known;
  const made: ReadRuns = { details: new Map(), lanes: new Map(), alone: new Map() };
  loaded.set(context, made);
  return made;
}

/** A later mutation of the same request has changed the run: its number has grown. */
const keyOf = ({ id, lastSeq }: Pick<RunRecord, 'id' | 'lastSeq'>) => `${id}/${lastSeq}`;

/** A run with its steps; undefined when it was deleted meanwhile. Read once per request. */
export function readRunDetails(context: GraphContext, run: RunRecord): Promise<RunDetails | undefined> {
  const { details } = readRunsOf(context);
  const key = keyOf(run);
  const reading = details.get(key) ?? context.services.runs.details(context.identity.teamId, run.id);
  details.set(key, reading);
  return reading;
}

/** Runs with more events than this are not read as a whole for the lanes of a few steps. */
const mostEventsAtOnce = 5_000;
/** More steps of one run are asked for together than this: one reading of everything is cheaper. */
const mostStepsAlone = 4;

/** What slots of a step have written, by entry and slot, from the stored events of their run. */
export async function readStepLanes(
  context: GraphContext,
  run: Pick<RunRecord, 'id' | 'lastSeq'>,
  page: LanePage,
): Promise<readonly ReplayedStepLane[]> {
  const { lanes, alone } = readRunsOf(context);
  const key = keyOf(run);
  const known = lanes.get(key);
  const count = (alone.get(key) ?? 0) + 1;
  alone.set(key, count);
  if (!known && run.lastSeq > mostEventsAtOnce && count <= mostStepsAlone) {
    const { services, identity } = context;
    const definition = await services.runs.definition(identity.teamId, run.id);
    return definition ? readLanePage(services.prisma, run.id, definition, page) : [];
  }
  const reading = known ?? readAllEvents(context, run.id).then(replayStepLanes);
  lanes.set(key, reading);
  return sortLanes((await reading).values(), page.stepId).slice(page.offset, page.offset + page.limit);
}

async function readAllEvents({ services, identity }: GraphContext, runId: string): Promise<readonly PublicRunEvent[]> {
  const events: PublicRunEvent[] = [];
  for (let afterSeq = 0; ; ) {
    const page = await services.runs.readEvents(identity.teamId, runId, afterSeq, eventsPerPage);
    events.push(...page);
    const last = page.at(-1);
    if (!last || page.length < eventsPerPage) return events;
    afterSeq = last.seq;
  }
}
