'use client';

import type { ComponentProps } from 'react';
import { GuardedButton } from './guarded-button.tsx';

/** The button that sends a form of settings, or says why it does not. */
export function GuardedSubmit(props: Omit<ComponentProps<typeof GuardedButton>, 'type' | 'variant'>) {
  return <GuardedButton variant="default" {...props} type="submit" />;
}
