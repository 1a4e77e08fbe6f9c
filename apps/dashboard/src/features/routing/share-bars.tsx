import { formatShare } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import classes from './back-test-tab.module.css';

const shownModels = 12;
/** Less than what is shown as 0.1 %. */
const smallestShare = 0.0005;

interface Props {
  shares: readonly { modelId: string; recorded: number; draft: number }[];
}

/** How much of the traffic each model had, and would have. */
export function ShareBars({ shares }: Props) {
  const shown = shares
    .filter(({ recorded, draft }) => recorded >= smallestShare || draft >= smallestShare)
    .slice(0, shownModels);
  const hidden = shares.length - shown.length;
  return (
    <section className={classes.shares} aria-label="Share of the traffic">
      <h3 className={classes.intervalTitle}>Who would answer</h3>
      <ul>
        {shown.map(({ modelId, recorded, draft }) => (
          <li key={modelId}>
            <span className={classes.shareName}>
              <ModelGlyph mark={markOf(modelId)} size={12} /> {modelId}
            </span>
            <span className={classes.shareTracks} aria-hidden="true">
              <span style={{ width: `${recorded * 100}%` }} data-kind="recorded" />
              <span style={{ width: `${draft * 100}%` }} data-kind="draft" />
            </span>
            <span className={classes.shareWords}>
              {formatShare(recorded)} → <strong>{formatShare(draft)}</strong>
            </span>
          </li>
        ))}
      </ul>
      {hidden > 0 ? (
        <p className={classes.verdict}>
          {hidden} more {hidden === 1 ? 'model has' : 'models have'} a small share or none.
        </p>
      ) : null}
    </section>
  );
}
