import { CopyButton } from '../../shell/copy-button.tsx';
import { isMap } from '../workflows/definition.ts';
import type { RunDetails } from './run-record.ts';
import { valueText } from './run-words.ts';
import classes from './values-tab.module.css';

/** What the run was given, and what it gave. */
export function ValuesTab({ run }: { run: RunDetails }) {
  return (
    <div className={classes.columns}>
      <Values title="Inputs" values={run.inputs} none="The workflow takes no inputs." />
      <Values
        title="Outputs"
        values={run.outputs}
        none={
          run.outputs === null ? 'They are there as soon as the run has completed.' : 'The workflow gives no outputs.'
        }
      />
    </div>
  );
}

function Values({ title, values, none }: { title: string; values: unknown; none: string }) {
  const entries = isMap(values) ? Object.entries(values) : [];
  return (
    <section className={classes.card} aria-label={title}>
      <h2 className={classes.title}>
        {title}
        {entries.length > 0 ? (
          <CopyButton value={() => JSON.stringify(values, null, 2)} label={`Copy all ${title.toLowerCase()}`} />
        ) : null}
      </h2>
      {entries.length === 0 ? <p className={classes.note}>{none}</p> : null}
      {entries.map(([name, value]) => (
        <div key={name} className={classes.value}>
          <h3 className={classes.name}>{name}</h3>
          {value === null || value === undefined ? (
            <p className={classes.note}>empty</p>
          ) : (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
            <pre className={classes.text} tabIndex={0}>
              {valueText(value)}
            </pre>
          )}
        </div>
      ))}
    </section>
  );
}
