import { Anchor } from '@mantine/core';
import { IconClockExclamation, IconHourglass, IconShieldDollar } from '@tabler/icons-react';
import { formatDuration } from '../../format/number-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import type { LaneRecord } from './comparison-record.ts';
import { guardrailNotices } from './guardrail-notices.ts';
import classes from './lane-body.module.css';

const icons = { breach: IconShieldDollar, approval: IconHourglass, latency: IconClockExclamation };

/** What budgets, limits and targets did to this lane, above its answer. */
export function GuardrailNotices({ lane, nameOf }: { lane: LaneRecord; nameOf: (modelId: string) => string }) {
  return guardrailNotices(lane, nameOf, formatDuration).map((notice) => {
    const Icon = icons[notice.kind];
    return (
      <p key={notice.key} className={classes.guardrail} role="status">
        <Icon size={15} aria-hidden="true" />
        <span>
          {notice.text}{' '}
          {notice.href ? (
            <Anchor component={AppLink} href={notice.href} inherit underline="always">
              {notice.kind === 'approval' ? 'Open approvals' : 'Open guardrails'}
            </Anchor>
          ) : null}
        </span>
      </p>
    );
  });
}
