import classes from './budget-bar.module.css';

/** What a budget will look like, before there is one. */
export function EmptyBudgetPicture() {
  return (
    <div style={{ width: 'min(360px, 100%)' }} aria-hidden="true">
      <div className={classes.bar}>
        <div className={classes.track}>
          <span className={classes.spent} style={{ width: '46%' }} />
          <span className={classes.reserved} style={{ left: '46%', width: '14%' }} />
        </div>
        <span className={classes.tick} style={{ left: '80%' }} />
        <span className={classes.forecast} style={{ left: '72%' }} />
      </div>
    </div>
  );
}
