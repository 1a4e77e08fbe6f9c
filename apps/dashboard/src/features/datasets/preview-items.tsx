import tableClasses from '../../shell/table.module.css';
import { valueText } from './dataset-words.ts';
import classes from './datasets.module.css';

interface Props {
  items: readonly {
    key: string;
    input: string;
    expected: string | null;
    cluster?: string | null;
    split?: string | null;
    fields?: unknown;
  }[];
  label: string;
}

/** Items as they would be stored. */
export function PreviewItems({ items, label }: Props) {
  const has = (part: 'expected' | 'cluster' | 'split') => items.some((item) => item[part]);
  const names = [...new Set(items.flatMap(({ fields }) => Object.keys((fields ?? {}) as object)))].slice(0, 8);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <section className={tableClasses.frame} aria-label={label} tabIndex={0}>
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Input</th>
            {has('expected') ? <th scope="col">Expected</th> : null}
            {has('split') ? <th scope="col">Split</th> : null}
            {has('cluster') ? <th scope="col">Cluster</th> : null}
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.key}>
              <td className={classes.mono}>{item.key}</td>
              <td>
                <span className={classes.clip}>{item.input.slice(0, 300)}</span>
              </td>
              {has('expected') ? (
                <td>
                  <span className={classes.clip}>{item.expected?.slice(0, 300) ?? ''}</span>
                </td>
              ) : null}
              {has('split') ? <td>{item.split}</td> : null}
              {has('cluster') ? <td>{item.cluster}</td> : null}
              {names.map((name) => (
                <td key={name} className={tableClasses.muted}>
                  <span className={classes.clip}>
                    {valueText((item.fields as Record<string, unknown>)[name]).slice(0, 120)}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
