import { formatCount, formatShare } from '../../format/number-format.ts';
import classes from './split-bar.module.css';

interface Props {
  splits: readonly { name: string; itemCount: number }[];
  /** Items in no split. */
  rest: number;
}

/** The shares of the splits as one bar; each is named beside its colour and figures. */
export function SplitBar({ splits, rest }: Props) {
  if (splits.length === 0) return null;
  const all = splits.reduce((sum, { itemCount }) => sum + itemCount, rest);
  if (all === 0) return null;
  const shown = [
    ...splits.map((split, index) => ({ ...split, colour: `var(--sy-id-${index % 8})` })),
    ...(rest > 0 ? [{ name: 'in no split', itemCount: rest, colour: 'var(--sy-border-strong)' }] : []),
  ];
  return (
    <div className={classes.splits}>
      <div className={classes.bar} aria-hidden="true">
        {shown.map(({ name, itemCount, colour }) => (
          <i key={name} style={{ flexGrow: itemCount, background: colour }} />
        ))}
      </div>
      <ul className={classes.legend} aria-label="Splits">
        {shown.map(({ name, itemCount, colour }) => (
          <li key={name}>
            <i style={{ background: colour }} aria-hidden="true" /> {name} <b>{formatCount(itemCount)}</b>{' '}
            {formatShare(itemCount / all)}
          </li>
        ))}
      </ul>
    </div>
  );
}
