import type { CallPlace } from '@switchyard/core/workflows';
import { builder } from '../../graphql/builder.ts';
import { encodeId } from '../../graphql/global-id.ts';

/** Where a call of a run belongs. */
export const CallPlaceType = builder.objectRef<CallPlace>('CallPlace').implement({
  description: 'Which call of a run is meant.',
  fields: (t) => ({
    callId: t.exposeString('callId', { description: 'The same call has the same id wherever it is named.' }),
    stepId: t.exposeString('stepId', { description: 'Its step.' }),
    itemIndex: t.int({
      nullable: true,
      description: 'Of a map: the entry, from 0.',
      resolve: ({ itemIndex }) => itemIndex ?? null,
    }),
    slot: t.exposeInt('slot', {
      description: 'Which of the models that are asked side by side, from 0; 0 when one answer is wanted.',
    }),
    attempt: t.exposeInt('attempt', {
      description: 'Counts calls of this slot over the life of the run, from 1. Text of an earlier one is void.',
    }),
  }),
});

/** What names the lane of an event: of a comparison by its row, of a run by the place of its call. */
export interface LaneMark {
  readonly laneId: string;
  readonly place?: CallPlace;
}

/** Names the text that one slot of a step writes, within its run; the same for all calls of the slot. */
export function laneOfPlace(runId: string, { stepId, itemIndex, slot }: Omit<CallPlace, 'callId' | 'attempt'>): string {
  return `${runId}/${stepId}/${itemIndex ?? ''}/${slot}`;
}

/** The global id of the lane that an event concerns. */
export function encodeLaneId({ laneId, place }: LaneMark): string {
  return encodeId(place ? 'StepLane' : 'ComparisonLane', laneId);
}
