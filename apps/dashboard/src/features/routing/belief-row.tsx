import { formatCount } from '../../format/number-format.ts';
import type { RoutingLearningQuery } from '../../gql/routing.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { colourOfMark, markOf } from '../catalog/model-identity.ts';
import { beliefHeights, intervalOf } from './belief-curve.ts';
import classes from './learning-tab.module.css';
import { formatChance } from './plan-words.ts';

type Model = RoutingLearningQuery['routing']['learned'][number]['models'][number];

const width = 320;
const height = 44;
const base = 38;

/** What is believed of one model: its bell curve over the scale of quality, the 95 % interval, and how likely it is the best. */
export function BeliefRow({ model, tallest }: { model: Model; tallest: number }) {
  const { modelId, expectedQuality, deviation, count, meanReward, probabilityOfBest } = model;
  const colour = colourOfMark(markOf(modelId));
  const heights = beliefHeights(expectedQuality, deviation, tallest);
  const x = (value: number) => value * width;
  const points = heights.map(
    (value, step) =>
      `${x(step / (heights.length - 1)).toFixed(1)},${(base - Math.min(1, value) * (base - 3)).toFixed(1)}`,
  );
  const { low, high } = intervalOf(expectedQuality, deviation);
  const words = `expected quality ${expectedQuality.toFixed(2)}, 95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return (
    <li className={classes.belief}>
      <div className={classes.who}>
        <p className={classes.model}>
          <ModelGlyph mark={markOf(modelId)} size={12} /> {modelId}
        </p>
        <p className={classes.note}>
          {count < 0.5 ? 'never judged: its prior' : `${formatCount(count)} rewards, old ones discounted`}
          {meanReward === null ? '' : ` · mean ${meanReward.toFixed(2)}`}
        </p>
      </div>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className={classes.curve}
        role="img"
        aria-label={words}
      >
        <line
          x1="0"
          x2={width}
          y1={base}
          y2={base}
          stroke="var(--sy-border-strong)"
          vectorEffect="non-scaling-stroke"
        />
        <polygon points={`0,${base} ${points.join(' ')} ${width},${base}`} fill={colour} opacity="0.22" />
        <polyline
          points={points.join(' ')}
          fill="none"
          stroke={colour}
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
        <line
          x1={x(low)}
          x2={x(high)}
          y1={base + 3}
          y2={base + 3}
          stroke={colour}
          strokeWidth="3"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <div className={classes.best}>
        <span className={classes.bestWords}>
          <strong>{formatChance(probabilityOfBest)}</strong> best
        </span>
        <span className={classes.track} aria-hidden="true">
          <span style={{ width: `${probabilityOfBest * 100}%`, background: colour }} />
        </span>
        <span className={classes.note}>
          {expectedQuality.toFixed(2)} ± {(1.96 * deviation).toFixed(2)}
        </span>
      </div>
    </li>
  );
}
