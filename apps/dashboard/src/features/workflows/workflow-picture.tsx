import { useMemo } from 'react';
import { type Definition, stepName } from './definition.ts';
import { sketchOf } from './sketch-layout.ts';
import { plural } from './step-words.ts';
import classes from './workflow-picture.module.css';

/** The graph of a workflow as a small picture; every type of step has its colour and shape. */
export function WorkflowPicture({ definition, maxWidth = 220 }: { definition: Definition; maxWidth?: number }) {
  const sketch = useMemo(() => sketchOf(definition), [definition]);
  const { dots, lines, width, height } = sketch;
  const names = definition.steps.slice(0, 8).map(stepName);
  const label = `${plural(definition.steps.length, 'step')}${names.length > 0 ? `: ${names.join(', ')}` : ''}`;
  if (dots.length === 0) return <span className={classes.none}>no steps yet</span>;
  return (
    <svg
      className={classes.picture}
      viewBox={`0 0 ${width} ${height}`}
      style={{ width: Math.min(maxWidth, width * 1.5), maxHeight: 84 }}
      role="img"
      aria-label={label}
    >
      {lines.map(({ from, to }) => {
        const [a, b] = [dots[from], dots[to]];
        if (!a || !b) return null;
        const middle = (a.x + b.x) / 2;
        return (
          <path
            key={`${a.id}>${b.id}`}
            className={classes.line}
            d={`M${a.x} ${a.y}C${middle} ${a.y} ${middle} ${b.y} ${b.x} ${b.y}`}
          />
        );
      })}
      {dots.map(({ id, type, x, y }) =>
        type === 'branch' ? (
          <path key={id} className={classes.dot} data-type={type} d={`M${x} ${y - 6}l6 6-6 6-6-6Z`} />
        ) : type === 'approval' || type === 'merge' ? (
          <circle key={id} className={classes.dot} data-type={type} cx={x} cy={y} r={5} />
        ) : (
          <rect
            key={id}
            className={classes.dot}
            data-type={type}
            x={x - 6.5}
            y={y - 4.5}
            width={13}
            height={9}
            rx={3}
          />
        ),
      )}
    </svg>
  );
}
