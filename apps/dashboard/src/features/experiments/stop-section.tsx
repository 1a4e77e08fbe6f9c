'use client';

import { DraftChoice, DraftNumber, DraftSwitch, DraftText } from './draft-fields.tsx';
import classes from './editor.module.css';
import { Section } from './section.tsx';

/** When the test ends: chance of a wrong conclusion, early ends, and the caps. */
export function StopSection() {
  return (
    <Section
      number={5}
      title="When it stops"
      note="The test looks after every item. Its intervals hold at all looks together, so ending early does no harm."
    >
      <div className={classes.grid}>
        <DraftText path={['caps', 'costUsd']} label="Costs at most, USD" placeholder="5.00" keepsEmpty />
        <DraftNumber path={['caps', 'concurrency']} label="Calls at the same time" min={1} max={100} />
        <DraftNumber
          path={['stop', 'alpha']}
          label="Chance of a wrong conclusion"
          factor={100}
          suffix=" %"
          min={0.1}
          max={20}
          step={1}
          decimals={1}
        />
        <DraftChoice
          path={['failedAnswers']}
          label="An answer that failed"
          usual="count-as-worst"
          choices={[
            { value: 'count-as-worst', label: 'counts as the worst' },
            { value: 'leave-out', label: 'is left out with its item' },
          ]}
        />
      </div>
      <div className={classes.switches}>
        <DraftSwitch path={['stop', 'onWin']} usual label="Stop when a winner is clear" />
        <DraftSwitch path={['stop', 'onHarm']} usual label="Stop when every other variant is worse for sure" />
        <DraftSwitch path={['stop', 'onFutility']} usual label="Stop when nothing that matters can be found any more" />
      </div>
    </Section>
  );
}
