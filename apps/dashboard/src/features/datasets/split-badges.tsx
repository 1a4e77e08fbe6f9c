import { formatCount } from '../../format/number-format.ts';
import tableClasses from '../../shell/table.module.css';
import classes from './datasets.module.css';

interface Props {
  splits: readonly { name: string; itemCount: number }[];
}

/** The splits of a version with their items. */
export function SplitBadges({ splits }: Props) {
  if (splits.length === 0) return <span className={tableClasses.muted}>none</span>;
  return (
    <span className={classes.badges}>
      {splits.map(({ name, itemCount }) => (
        <span key={name} className={classes.badge}>
          {name} <b>{formatCount(itemCount)}</b>
        </span>
      ))}
    </span>
  );
}
