import { formatShare } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import classes from './back-test-tab.module.css';

interface Props {
  shares: readonly { modelId: string; recorded: number; draft: number }[];
}

/** How much of the traffic each model had, and would have. */
export function ShareBars({ shares }: Props) {
  return (
    <section className={classes.shares} aria-label="Share of the traffic">
      <h3 className={classes.intervalTitle}>Who would answer</h3>
      <ul>
        {shares.map(({ modelId, recorded, draft }) => (
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
    </section>
  );
}
