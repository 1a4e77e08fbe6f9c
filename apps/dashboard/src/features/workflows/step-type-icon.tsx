import {
  IconArrowsSplit2,
  IconGitMerge,
  IconMessage2,
  IconRepeat,
  IconTransform,
  IconUserCheck,
} from '@tabler/icons-react';
import type { StepType } from './definition.ts';

const icons = {
  prompt: IconMessage2,
  transform: IconTransform,
  branch: IconArrowsSplit2,
  map: IconRepeat,
  merge: IconGitMerge,
  approval: IconUserCheck,
} as const;

/** The sign of a type of step. The word stands beside it, so it is hidden from screen readers. */
export function StepTypeIcon({ type, size = 16 }: { type: StepType; size?: number }) {
  const Icon = icons[type];
  return <Icon size={size} stroke={1.7} aria-hidden="true" style={{ flex: 'none' }} />;
}
