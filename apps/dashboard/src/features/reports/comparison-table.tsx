import { formatCount, formatDuration } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import {
  type Compared,
  type CriterionView,
  criteria,
  criterionNames,
  intervalWords,
  placeText,
} from './criterion-words.ts';
import classes from './reports.module.css';

const tierWords = { FRONTIER: 'frontier', STRONG: 'strong', FAST: 'fast', SMALL: 'small' } as const;

/** One line for each provider or model: each criterion with its place, value and interval on a shared scale. */
export function ComparisonTable({
  subjects,
  address,
  by,
}: {
  subjects: readonly Compared[];
  address: URLSearchParams;
  by: 'MODEL' | 'PROVIDER';
}) {
  const place = address.get('place');
  const linkOf = (value: string) => {
    const next = new URLSearchParams();
    for (const name of ['days', 'from', 'to', 'data']) if (address.get(name)) next.set(name, address.get(name)!);
    next.set('by', by === 'MODEL' ? 'model' : 'provider');
    next.set(by === 'MODEL' ? 'model' : 'provider', value);
    if (place?.startsWith('step:')) next.set('step', place.slice(5));
    if (place?.startsWith('task:')) next.set('task', place.slice(5));
    return `/reports?${next}`;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className={tableClasses.frame} tabIndex={0} aria-label="Side by side">
      <table className={`${tableClasses.table} ${classes.comparison}`}>
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col">{by === 'MODEL' ? 'Model' : 'Provider'}</th>
            {criterionNames.map((name) => (
              <th key={name} scope="col">
                {criteria[name].label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {subjects.map((subject) => (
            <tr key={subject.value}>
              <td className={classes.place}>
                <strong>{placeText(subject.overall)}</strong>
              </td>
              <th scope="row" className={classes.subject}>
                <AppLink href={linkOf(subject.value)}>{subject.value}</AppLink>
                <span>
                  {formatCount(subject.calls)} calls{subject.tier ? `, ${tierWords[subject.tier]}` : ''}
                </span>
              </th>
              {criterionNames.map((name) => {
                const own = subject.criteria.find(({ criterion }) => criterion === name);
                return (
                  <td key={name}>
                    {own ? (
                      <CriterionCell
                        own={own}
                        scale={scaleOf(subjects, name)}
                        note={
                          name === 'LATENCY' && subject.latencyP95Ms !== null
                            ? `95 % within ${formatDuration(subject.latencyP95Ms)}`
                            : undefined
                        }
                      />
                    ) : null}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Scale {
  readonly low: number;
  readonly high: number;
}

function scaleOf(subjects: readonly Compared[], name: CriterionView['criterion']): Scale {
  const ends = subjects.flatMap(({ criteria: all }) =>
    all
      .filter(({ criterion }) => criterion === name)
      .flatMap(({ low, high, value }) => [low, high, value].flatMap((end) => end ?? [])),
  );
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const room = (high - low) * 0.06 || Math.abs(high) * 0.1 || 1;
  return { low: low - room, high: high + room };
}

function CriterionCell({ own, scale, note }: { own: CriterionView; scale: Scale; note: string | undefined }) {
  if (own.value === null) return <span className={classes.cannotTell}>Cannot tell. {own.reason}</span>;
  const { format } = criteria[own.criterion];
  const share = (value: number) => `${(((value - scale.low) / (scale.high - scale.low)) * 100).toFixed(2)}%`;
  const [low, high] = [own.low ?? own.value, own.high ?? own.value];
  return (
    <div className={classes.criterion}>
      <span className={classes.criterionLine}>
        <strong>{format(own.value)}</strong>
        <span>
          <span className="visually-hidden">place </span>
          {placeText(own.rank)}
        </span>
      </span>
      <span className={classes.interval} aria-hidden="true">
        <span style={{ left: share(low), width: `calc(${share(high)} - ${share(low)})` }} />
        <i style={{ left: share(own.value) }} />
      </span>
      <span className={classes.small}>{intervalWords(own)}</span>
      {note ? <span className={classes.small}>{note}</span> : null}
    </div>
  );
}
