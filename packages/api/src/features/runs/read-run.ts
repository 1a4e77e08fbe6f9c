import type { GraphContext } from '../../graphql/context.ts';
import { type ReplayedStepLane, replayStepLanes } from './replay-step-lanes.ts';
import type { RunDetails, RunRecord } from './run-record.ts';
import type { PublicRunEvent } from './run-service.ts';

const eventsPerPage = 1_000;

interface ReadRuns {
  readonly details: Map<string, Promise<RunDetails | undefined>>;
  readonly lanes: Map<string, Promise<ReadonlyMap<string, ReplayedStepLane>>>;
}

/** What was read of runs for one request, so that every field of them rests on one reading. */
const loaded = new WeakMap<GraphContext, ReadRuns>();

function readRunsOf(context: GraphContext): ReadRuns {
  const known = loaded.get(context);
  if (known) return known;
  const made: ReadRuns = { details: new Map(), lanes: new Map() };
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

/** What every slot of a run has written, by `laneKey`, from its stored events. Read once per request. */
export function readStepLanes(
  context: GraphContext,
  run: Pick<RunRecord, 'id' | 'lastSeq'>,
): Promise<ReadonlyMap<string, ReplayedStepLane>> {
  const { lanes } = readRunsOf(context);
  const key = keyOf(run);
  const reading = lanes.get(key) ?? readAllEvents(context, run.id).then(replayStepLanes);
  lanes.set(key, reading);
  return reading;
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
