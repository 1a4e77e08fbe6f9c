'use client';

import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconAdjustments, IconBan, IconDots, IconPlayerStop, IconReceipt, IconRefresh } from '@tabler/icons-react';
import { formatAge, formatDay, formatMoment } from '../../format/date-format.ts';
import type { ApiKeyFieldsFragment } from '../../gql/teams.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import classes from './api-keys-page.module.css';
import { KeyBudgetBar } from './key-budget-bar.tsx';
import { limitWords } from './key-limit-values.ts';
import { keyState, leftInWords } from './key-state.ts';
import { scopesInWords } from './scope-words.ts';
import teamClasses from './team-page.module.css';

export type KeyAction = 'rotate' | 'edit' | 'revoke' | 'end-overlap';

interface Props {
  readonly apiKey: ApiKeyFieldsFragment;
  /** Why the person may not change this key; undefined when they may. */
  readonly reason: string | undefined;
  onAct(action: KeyAction): void;
}

/** The old secret of a key that is still good, if there is one. */
export const overlapOf = (key: ApiKeyFieldsFragment) =>
  key.rotatedFrom.find(({ state, expiresAt }) => state === 'OVERLAPPING' && leftInWords(expiresAt, Date.now()));

/** One key of the table. */
export function KeyRow({ apiKey, reason, onAct }: Props) {
  const overlap = overlapOf(apiKey);
  const now = useNow(overlap !== undefined, 1000);
  const state = keyState(apiKey, now);
  const limits = limitWords(apiKey);
  const left = overlap ? leftInWords(overlap.expiresAt, now) : undefined;
  return (
    <tr data-ended={state.isUsable ? undefined : true}>
      <td>
        <span className={classes.name}>{apiKey.name}</span>
        <code className={classes.code}>
          {apiKey.prefix}…{apiKey.lastFour}
        </code>
      </td>
      <td className={classes.may}>
        {scopesInWords(apiKey.scopes)}
        {limits.length > 0 ? <span className={classes.limits}>{limits.join(' · ')}</span> : null}
        {apiKey.budgetUse ? <KeyBudgetBar name={apiKey.name} use={apiKey.budgetUse} /> : null}
      </td>
      <td>
        <span className={classes.state} data-tone={state.tone}>
          {state.word}
          {apiKey.expiresAt && state.isUsable ? (
            <span className={tableClasses.muted}> until {formatDay(apiKey.expiresAt)}</span>
          ) : null}
        </span>
        {overlap && left ? (
          <span className={classes.overlap}>
            old secret …{overlap.lastFour} good for <time dateTime={overlap.expiresAt ?? undefined}>{left}</time>
          </span>
        ) : null}
      </td>
      <td className={tableClasses.muted}>
        {apiKey.lastUsedAt ? <time dateTime={apiKey.lastUsedAt}>{formatAge(apiKey.lastUsedAt, now)}</time> : 'never'}
      </td>
      <td className={tableClasses.muted}>
        <Tooltip label={`${formatMoment(apiKey.createdAt)}${apiKey.createdBy ? `, ${apiKey.createdBy.name}` : ''}`}>
          <time dateTime={apiKey.createdAt}>{formatAge(apiKey.createdAt, now)}</time>
        </Tooltip>
      </td>
      <td>
        <div className={teamClasses.actions}>
          <Menu position="bottom-end" width={250}>
            <Menu.Target>
              <ActionIcon aria-label={`More for ${apiKey.name}`}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {reason && state.isUsable ? <Menu.Label>{reason}</Menu.Label> : null}
              {state.isUsable ? (
                <>
                  <Menu.Item
                    leftSection={<IconRefresh size={16} />}
                    disabled={reason !== undefined}
                    onClick={() => onAct('rotate')}
                  >
                    Rotate the secret
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<IconAdjustments size={16} />}
                    disabled={reason !== undefined}
                    onClick={() => onAct('edit')}
                  >
                    Change rights and limits
                  </Menu.Item>
                </>
              ) : null}
              <Menu.Item
                leftSection={<IconReceipt size={16} />}
                component={AppLink}
                href={`/team?tab=audit&object=${encodeURIComponent(apiKey.id)}`}
              >
                What was changed
              </Menu.Item>
              {overlap ? (
                <Menu.Item
                  leftSection={<IconPlayerStop size={16} />}
                  disabled={reason !== undefined}
                  onClick={() => onAct('end-overlap')}
                >
                  End the old secret now
                </Menu.Item>
              ) : null}
              {state.isUsable ? (
                <>
                  <Menu.Divider />
                  <Menu.Item
                    color="red"
                    leftSection={<IconBan size={16} />}
                    disabled={reason !== undefined}
                    onClick={() => onAct('revoke')}
                  >
                    Revoke
                  </Menu.Item>
                </>
              ) : null}
            </Menu.Dropdown>
          </Menu>
        </div>
      </td>
    </tr>
  );
}
