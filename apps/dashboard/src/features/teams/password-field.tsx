'use client';

import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react';
import { useId } from 'react';
import classes from './entrance-card.module.css';

export const shortestPassword = 8;

/** Why a new password cannot be sent yet; undefined when it can. The server knows more, such as common passwords. */
export function newPasswordProblem(password: string): string | undefined {
  const missing = shortestPassword - password.length;
  if (missing === shortestPassword) return 'Choose a password.';
  return missing > 0 ? `${missing} more ${missing === 1 ? 'character is' : 'characters are'} needed.` : undefined;
}

/** A field for a new password with the rule that it must meet. */
export function NewPasswordField({ label = 'Password', ...rest }: Omit<PasswordInputProps, 'aria-describedby'>) {
  const ruleId = useId();
  const isLongEnough = typeof rest.value === 'string' && rest.value.length >= shortestPassword;
  return (
    <div>
      <PasswordInput
        label={label}
        autoComplete="new-password"
        size="md"
        maxLength={128}
        aria-describedby={ruleId}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password', tabIndex: 0 }}
        {...rest}
      />
      <p className={classes.rule} id={ruleId} data-met={isLongEnough || undefined}>
        {isLongEnough ? (
          <IconCircleCheckFilled size={14} aria-hidden="true" />
        ) : (
          <IconCircleDashed size={14} aria-hidden="true" />
        )}
        At least {shortestPassword} characters. Four random words are easy to keep and hard to guess.
      </p>
    </div>
  );
}
