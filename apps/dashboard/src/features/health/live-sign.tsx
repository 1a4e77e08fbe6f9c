import classes from './health-overview.module.css';

/** Whether what is shown changes by itself, or the connection is lost. */
export function LiveSign({ isLive, isKnown }: { isLive: boolean; isKnown: boolean }) {
  if (!isKnown) return null;
  return (
    <span className={classes.live} data-live={isLive || undefined} role="status">
      <i aria-hidden="true" /> {isLive ? 'Live' : 'Connecting again…'}
    </span>
  );
}
