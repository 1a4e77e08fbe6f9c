import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { Failure } from '../graphql/failure.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './notice.module.css';

/** The error state of a page or a part of it: what failed, the id to look for in the log, and one way on. */
export function FailureNotice({ failure, onRetry }: { failure: Failure; onRetry?: () => void }) {
  return (
    <section className={classes.notice} role="alert">
      <IconAlertTriangle className={classes.failureIcon} size={28} stroke={1.6} aria-hidden="true" />
      <h2 className={classes.title}>{failure.title}</h2>
      <p className={classes.text}>{failure.message}</p>
      {failure.requestId ? (
        <p className={classes.detail}>
          {failure.code} · request {failure.requestId}
          <CopyButton value={failure.requestId} label="Copy request id" />
        </p>
      ) : null}
      {onRetry ? (
        <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </section>
  );
}
