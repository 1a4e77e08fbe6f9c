import { IconArrowNarrowRight } from '@tabler/icons-react';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import classes from './chain-diagram.module.css';
import { type ChainStop, type StopState, stopStates } from './chain-stops.ts';

const words: Record<StopState, string | null> = {
  answers: 'would answer now',
  'circuit-open': 'circuit open',
  unavailable: 'not available',
  'in-reserve': null,
};

/** Models in the order in which they are asked; the one that would answer now stands out. */
export function ChainDiagram({
  stops,
  openModelIds,
}: {
  stops: readonly ChainStop[];
  openModelIds: ReadonlySet<string>;
}) {
  const states = stopStates(stops, openModelIds);
  return (
    <ol className={classes.chain}>
      {stops.map(({ modelId, unavailableReason }, index) => {
        const state = states[index] as StopState;
        return (
          <li key={modelId} className={classes.stop}>
            {index > 0 ? <IconArrowNarrowRight className={classes.arrow} size={16} aria-hidden="true" /> : null}
            <span className={classes.model} data-state={state} title={unavailableReason ?? undefined}>
              <ModelGlyph mark={markOf(modelId)} size={11} />
              <span>{modelId}</span>
              {words[state] ? <span className={classes.word}>{words[state]}</span> : null}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
