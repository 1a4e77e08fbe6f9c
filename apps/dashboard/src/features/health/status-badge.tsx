import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconSquareRoundedXFilled,
} from '@tabler/icons-react';
import type { HealthStatus } from '../../gql/health.ts';
import { statusWords, type Tone } from './health-words.ts';
import classes from './status-badge.module.css';

const shapes = {
  good: IconCircleCheckFilled,
  warn: IconAlertTriangleFilled,
  bad: IconSquareRoundedXFilled,
  idle: IconCircleDashed,
} as const satisfies Record<Tone, unknown>;

interface SignProps {
  tone: Tone;
  size?: number;
  /** It was so and is no more: the shape stays, the colour goes. */
  isOver?: boolean;
}

/** The sign of a status: each has its own shape and colour. */
export function StatusSign({ tone, size = 16, isOver = false }: SignProps) {
  const Shape = shapes[tone];
  return <Shape size={size} aria-hidden="true" className={classes.sign} data-tone={isOver ? undefined : tone} />;
}

/** How a provider or model is, in word, colour and shape. */
export function StatusBadge({ status }: { status: HealthStatus }) {
  const { word, tone } = statusWords[status];
  return (
    <span className={classes.badge} data-tone={tone}>
      <StatusSign tone={tone} size={15} /> {word}
    </span>
  );
}
