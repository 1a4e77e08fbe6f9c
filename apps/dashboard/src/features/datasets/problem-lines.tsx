import { Switch } from '@mantine/core';
import { formatCount } from '../../format/number-format.ts';
import classes from './problem-lines.module.css';

interface Props {
  problems: readonly { line: number; message: string }[];
  problemCount: number;
  /** The lines of the file, by number. */
  lines: ReadonlyMap<number, string>;
  /** Only the beginning was looked at. */
  isPart: boolean;
  isSkipped: boolean;
  onSkip(isSkipped: boolean): void;
}

/** Lines that cannot be used, each beside what stands there, and the choice to leave them out. */
export function ProblemLines({ problems, problemCount, lines, isPart, isSkipped, onSkip }: Props) {
  const words = `${formatCount(problemCount)} ${problemCount === 1 ? 'line' : 'lines'} cannot be used`;
  return (
    <section className={classes.problems} aria-labelledby="problem-lines">
      <div className={classes.head}>
        <h2 id="problem-lines">
          {words}
          {isPart ? ' in the part that was looked at' : ''}
        </h2>
        <Switch
          label="Leave them out"
          checked={isSkipped}
          onChange={(event) => onSkip(event.currentTarget.checked)}
          description="The version remembers which and why."
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <ol className={classes.list} tabIndex={0} aria-label="Lines that cannot be used">
        {problems.map(({ line, message }) => (
          <li key={`${line} ${message}`}>
            <span className={classes.line}>
              <span className="visually-hidden">Line </span>
              {line}
            </span>
            <div>
              <code>{clip(lines.get(line) ?? '')}</code>
              <p>{message}</p>
            </div>
          </li>
        ))}
      </ol>
      {problemCount > problems.length ? <p className={classes.more}>The first {problems.length} are shown.</p> : null}
    </section>
  );
}

const clip = (text: string): string => (text.length > 240 ? `${text.slice(0, 240)}…` : text || '(empty)');
