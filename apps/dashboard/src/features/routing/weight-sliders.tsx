'use client';

import { Slider } from '@mantine/core';
import { type CriterionWeights, criterionNames, percentsOf, withWeight } from './criterion-weights.ts';
import classes from './weight-sliders.module.css';

const labels = { cost: 'Cost', latency: 'Latency', quality: 'Quality', reliability: 'Reliability' } as const;

/** How much each criterion counts. Moving one moves the others, so that they always make 100 %. */
export function WeightSliders({
  weights,
  isDisabled = false,
  onChange,
}: {
  weights: CriterionWeights;
  isDisabled?: boolean;
  onChange(weights: CriterionWeights): void;
}) {
  const percents = percentsOf(weights);
  return (
    <div className={classes.weights}>
      <div className={classes.bar} aria-hidden="true">
        {criterionNames.map((name) => (
          <span key={name} data-criterion={name} style={{ width: `${percents[name]}%` }} />
        ))}
      </div>
      {criterionNames.map((name) => (
        <div key={name} className={classes.row}>
          <span className={classes.label}>
            <span className={classes.swatch} data-criterion={name} aria-hidden="true" />
            {labels[name]}
          </span>
          <Slider
            className={classes.slider}
            color={`var(--criterion-${name})`}
            thumbLabel={`Weight of ${labels[name].toLowerCase()}, percent`}
            label={null}
            size={5}
            thumbSize={16}
            min={0}
            max={100}
            step={1}
            value={percents[name]}
            disabled={isDisabled}
            onChange={(value) => {
              if (value !== percents[name]) onChange(withWeight(weights, name, value / 100));
            }}
          />
          <span className={classes.percent}>{percents[name]} %</span>
        </div>
      ))}
    </div>
  );
}
