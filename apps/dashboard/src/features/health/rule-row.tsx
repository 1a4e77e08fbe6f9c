'use client';

import { ActionIcon, Menu, Switch } from '@mantine/core';
import {
  IconBell,
  IconBellOff,
  IconBellRinging,
  IconClock,
  IconDots,
  IconPencil,
  IconPlayerPauseFilled,
  IconRestore,
  IconTrash,
} from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { formatDayAndClock } from '../../format/date-format.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { lastedFrom } from './health-words.ts';
import { detailsInWords, type Rule, stateOfRule } from './rule-words.ts';
import classes from './rules-tab.module.css';

const hourMs = 3_600_000;
const muteChoices = [1, 8, 24] as const;
const icons = { on: IconBell, off: IconPlayerPauseFilled, muted: IconBellOff, firing: IconBellRinging } as const;

interface Props {
  rule: Rule;
  now: number;
  mayManage: boolean;
  isBusy: boolean;
  /** An alert led here. */
  isNamed: boolean;
  onChange(change: { isEnabled?: boolean; mutedUntil?: string | null }): void;
  onAsk(what: 'edit' | 'mute' | 'delete'): void;
}

/** One rule: what it tells in a sentence, how it is now, and what can be done about it. */
export function RuleRow({ rule, now, mayManage, isBusy, isNamed, onChange, onAsk }: Props) {
  const { name, isStandard, isEnabled, provider, firing, version, summary } = rule;
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isNamed) place.current?.scrollIntoView({ block: 'center' });
  }, [isNamed]);
  const state = stateOfRule(rule, now);
  const Icon = icons[state.tone];
  const details = detailsInWords(rule);
  const mute = (hours: number) => onChange({ mutedUntil: new Date(Date.now() + hours * hourMs).toISOString() });
  return (
    <article
      ref={place}
      className={classes.rule}
      aria-label={name}
      aria-current={isNamed || undefined}
      data-named={isNamed || undefined}
    >
      <div>
        <div className={classes.title}>
          <h3>{name}</h3>
          <span className={classes.badge} data-tone={state.tone}>
            <Icon size={12} aria-hidden="true" /> {state.text}
          </span>
          {isStandard ? (
            version > 0 ? (
              <span className={classes.badge}>changed</span>
            ) : null
          ) : (
            <span className={classes.badge}>added</span>
          )}
          {provider ? <OriginBadge origin={provider.origin} isCompact /> : null}
        </div>
        <p className={classes.words}>
          {summary} <span className={classes.details}>{details}</span>
        </p>
        {state.tone === 'muted' && rule.mutedUntil ? (
          <p className={`${classes.words} ${classes.details}`}>
            Nobody is told until <time dateTime={rule.mutedUntil}>{formatDayAndClock(rule.mutedUntil)}</time>.
          </p>
        ) : null}
      </div>
      <div className={classes.actions}>
        <Switch
          aria-label={`${name} tells`}
          checked={isEnabled}
          disabled={!mayManage || isBusy}
          onChange={(event) => onChange({ isEnabled: event.currentTarget.checked })}
        />
        <Menu position="bottom-end" width={210} disabled={!mayManage}>
          <Menu.Target>
            <ActionIcon aria-label={`More about ${name}`} disabled={!mayManage || isBusy}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => onAsk('edit')}>
              Edit
            </Menu.Item>
            {state.tone === 'muted' ? (
              <Menu.Item leftSection={<IconBell size={15} />} onClick={() => onChange({ mutedUntil: null })}>
                Unmute
              </Menu.Item>
            ) : null}
            {isEnabled
              ? muteChoices.map((hours) => (
                  <Menu.Item key={hours} leftSection={<IconBellOff size={15} />} onClick={() => mute(hours)}>
                    Mute for {hours === 1 ? 'an hour' : `${hours} hours`}
                  </Menu.Item>
                ))
              : null}
            {isEnabled ? (
              <Menu.Item leftSection={<IconClock size={15} />} onClick={() => onAsk('mute')}>
                Mute until a date
              </Menu.Item>
            ) : null}
            {isStandard && version === 0 ? null : (
              <Menu.Item
                leftSection={isStandard ? <IconRestore size={15} /> : <IconTrash size={15} />}
                {...(isStandard ? {} : { color: 'red' })}
                onClick={() => onAsk('delete')}
              >
                {isStandard ? 'Back to standard' : 'Delete'}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </div>
      {isEnabled && firing.length > 0 ? (
        <ul className={classes.firing} aria-label={`What ${name} tells of now`}>
          {firing.map(({ title, since }) => (
            <li key={`${title}${since}`}>
              {title}, for {lastedFrom(since, now)}
            </li>
          ))}
        </ul>
      ) : null}
    </article>
  );
}
