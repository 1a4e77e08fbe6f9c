import { Button } from '@mantine/core';
import { IconShieldLock } from '@tabler/icons-react';
import { AppLink } from './app-link.tsx';
import { EmptyState } from './empty-state.tsx';

/** In place of every page while the team wants something of the person first. */
export function RestrictionNotice({ text }: { text: string }) {
  return (
    <EmptyState
      picture={<IconShieldLock size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
      title="One step before you can go on"
      action={
        <Button component={AppLink} href="/account#two-factor">
          Set up two-factor
        </Button>
      }
    >
      {text}
    </EmptyState>
  );
}
