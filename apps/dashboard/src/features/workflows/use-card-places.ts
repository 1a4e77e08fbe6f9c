'use client';

import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import { MoveWorkflowCardsDocument } from '../../gql/workflows.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import type { Definition } from './definition.ts';
import { inputsCard, layOutCards, type Place, placeBeside, shapeOf } from './lay-out-cards.ts';
import type { EditedWorkflow } from './use-workflow-editor.ts';
import { linksOf } from './workflow-links.ts';

export interface CardPlaces {
  readonly places: ReadonlyMap<string, Place>;
  /** Ways around cards, for lines whose ends lie where the layout put them. */
  readonly bends: ReadonlyMap<string, readonly Place[]>;
  /** Keeps where cards were put. It is no edit: neither draft nor history change. */
  move(moved: readonly (readonly [id: string, place: Place])[]): void;
  /** Lays all cards out anew. */
  tidyUp(): void;
}

const saveAfterMs = 500;
const mostAtOnce = 1_000;

/** Where cards lie: where they were put, else where the layout puts them. */
export function useCardPlaces(workflow: EditedWorkflow, definition: Definition, isReadOnly: boolean): CardPlaces {
  const client = useClient();
  const [put, setPut] = useState<ReadonlyMap<string, Place>>(
    () => new Map(workflow.positions.map(({ stepId, x, y }) => [stepId, { x, y }])),
  );
  const shape = useMemo(() => shapeOf(definition), [definition]);
  const latest = useRef(definition);
  latest.current = definition;
  const laidOut = useMemo(() => layOutCards(latest.current), [shape]);
  const places = useMemo(() => placeBeside(laidOut.places, put, linksOf(latest.current)), [laidOut, put]);

  const waiting = useRef(new Map<string, Place>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const flush = useCallback(async () => {
    clearTimeout(timer.current);
    const positions = [...waiting.current].map(([stepId, { x, y }]) => ({ stepId, x, y })).slice(0, mostAtOnce);
    waiting.current.clear();
    if (positions.length === 0) return;
    const { data, error } = await client.mutation(MoveWorkflowCardsDocument, {
      input: { workflowId: workflow.id, positions },
    });
    const result = data?.moveWorkflowCards;
    if (result?.__typename === 'WorkflowSuccess') return;
    const message = error ? describeFailure(error).message : refusalText(result, error);
    notifications.show({ color: 'red', message: `The cards lie there for you only. ${message}` });
  }, [client, workflow.id]);
  useEffect(() => () => void flush(), [flush]);

  const move = useCallback(
    (moved: readonly (readonly [string, Place])[]) => {
      const steps = moved.filter(([id]) => id !== inputsCard);
      if (steps.length === 0) return;
      setPut((before) => new Map([...before, ...steps]));
      if (isReadOnly) return;
      for (const [id, { x, y }] of steps) waiting.current.set(id, { x: Math.round(x), y: Math.round(y) });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), saveAfterMs);
    },
    [flush, isReadOnly],
  );
  const bends = useMemo(() => {
    const isUnmoved = (id: string) => {
      const [at, was] = [places.get(id), laidOut.places.get(id)];
      return at?.x === was?.x && at?.y === was?.y;
    };
    return new Map([...laidOut.bends].filter(([key]) => key.split('>').every(isUnmoved)));
  }, [places, laidOut]);
  const tidyUp = useCallback(() => move([...layOutCards(latest.current).places]), [move]);
  return { places, bends, move, tidyUp };
}
