import { Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheckFilled, IconCircleOff } from '@tabler/icons-react';
import { formatDay } from '../../format/date-format.ts';
import classes from './availability-badge.module.css';

/** Whether a model can be used now, why not, and when it ends. */
export function AvailabilityBadge({
  isAvailable,
  reason,
  retiresOn,
}: {
  isAvailable: boolean;
  reason: string | null;
  retiresOn: string | null;
}) {
  if (!isAvailable) {
    return (
      <Tooltip label={reason ?? 'Not available'} multiline maw={300}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason is in the tooltip, which must be reachable by keyboard. */}
        <span className={classes.badge} data-tone="off" tabIndex={0}>
          <IconCircleOff size={14} aria-hidden="true" /> Not available
        </span>
      </Tooltip>
    );
  }
  if (retiresOn) {
    return (
      <span className={classes.badge} data-tone="warn">
        <IconAlertTriangle size={14} aria-hidden="true" /> Retires {formatDay(retiresOn)}
      </span>
    );
  }
  return (
    <span className={classes.badge} data-tone="good">
      <IconCircleCheckFilled size={14} aria-hidden="true" /> Available
    </span>
  );
}
