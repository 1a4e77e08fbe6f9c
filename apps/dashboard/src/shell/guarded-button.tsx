'use client';

import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';

type Props = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & {
    /** Why it cannot be pressed, in a sentence; undefined when it can. */
    readonly reason: string | undefined;
  };

/** A button that says why it cannot be pressed: it stays reachable by keyboard, and the reason is its tooltip and description. */
export function GuardedButton({ reason, onClick, type = 'button', ...rest }: Props) {
  if (reason === undefined) return <Button {...rest} type={type} onClick={onClick} />;
  return (
    <Tooltip label={reason} multiline maw={280} withinPortal>
      <Button
        {...rest}
        type="button"
        data-disabled
        aria-disabled="true"
        aria-description={reason}
        onClick={(event) => event.preventDefault()}
      />
    </Tooltip>
  );
}
