'use client';

import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconBellRinging,
  IconCopy,
  IconDots,
  IconFileText,
  IconHandStop,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
  IconTrendingUp,
} from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { formatMoment } from '../../format/date-format.ts';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './budget-card.module.css';
import { type ListedBudget, openRaises, windowsToShow } from './budget-view.ts';
import { formatAmount, formatLeft, scopeWords, windowWords } from './budget-words.ts';
import { useBudgetWindows } from './use-budgets.ts';
import { useInView } from './use-in-view.ts';
import { WindowFigures } from './window-figures.tsx';

const shownWindows = 3;

interface Props {
  budget: ListedBudget;
  mayManage: boolean;
  now: number;
  onDo(what: 'edit' | 'raise' | 'delete' | 'copy' | 'switch'): void;
}

/** One budget: what it covers, how full it is, how it will end, and what can be done about it. */
export function BudgetCard({ budget, mayManage, now, onDo }: Props) {
  const isSimulatorRunning = useWorkspace()?.installation.isSimulatorRunning === true;
  const [isExpanded, setExpanded] = useState(false);
  const { name, mode } = budget;
  const isReadOnly = budget.source === 'FILE';
  const card = useRef<HTMLElement>(null);
  const isSeen = useInView(card);
  const forecasted = useBudgetWindows(budget.id, isExpanded ? 40 : shownWindows + 1, isSeen);
  const windows = windowsToShow(budget, forecasted, isSimulatorRunning);
  const raises = openRaises(budget, now);
  const shown = isExpanded ? windows : windows.slice(0, shownWindows);
  return (
    <article
      ref={card}
      className={classes.card}
      aria-labelledby={`budget-${budget.id}`}
      data-off={budget.isEnabled ? undefined : true}
    >
      <header className={classes.header}>
        <div className={classes.words}>
          <h2 id={`budget-${budget.id}`}>{name}</h2>
          <p className={classes.badges}>
            <Tooltip label={mode === 'HARD' ? 'Refuses what would go over the limit' : 'Warns and lets calls through'}>
              <span className={classes.badge} data-tone={mode === 'HARD' ? 'hard' : 'soft'}>
                {mode === 'HARD' ? (
                  <IconHandStop size={12} aria-hidden="true" />
                ) : (
                  <IconBellRinging size={12} aria-hidden="true" />
                )}
                {mode === 'HARD' ? 'hard' : 'soft'}
              </span>
            </Tooltip>
            <span className={classes.badge}>
              {formatAmount(budget.unit, budget.limit)} {windowWords(budget.window).per}
              {['DAY', 'WEEK', 'MONTH'].includes(budget.window) ? ` · ${budget.timeZone}` : ''}
            </span>
            {budget.isEnabled ? null : <span className={classes.badge}>paused</span>}
            {isReadOnly ? (
              <Tooltip label="It stands in switchyard.yaml and is changed there" multiline maw={260}>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip must be reachable by keyboard. */}
                <span className={classes.badge} tabIndex={0}>
                  <IconFileText size={12} aria-hidden="true" /> from the file
                </span>
              </Tooltip>
            ) : null}
          </p>
          <ul className={classes.chips} aria-label={`Calls that ${name} covers`}>
            {budget.scope.length === 0 ? <li className={classes.chip}>whole team</li> : null}
            {budget.scope.map(({ kind, isEach, value, label }) => (
              <li key={`${kind}-${value}`} className={classes.chip}>
                {isEach ? label : `${scopeWords(kind).one}: ${label}`}
              </li>
            ))}
          </ul>
        </div>
        {mayManage ? (
          <div className={classes.tools}>
            <Button
              variant="default"
              size="xs"
              leftSection={<IconTrendingUp size={14} />}
              onClick={() => onDo('raise')}
              aria-label={`Raise ${name}`}
            >
              Raise
            </Button>
            <Menu position="bottom-end" width={190}>
              <Menu.Target>
                <ActionIcon aria-label={`More about ${name}`}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {isReadOnly ? null : (
                  <>
                    <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => onDo('edit')}>
                      Edit
                    </Menu.Item>
                    <Menu.Item
                      leftSection={budget.isEnabled ? <IconPlayerPause size={15} /> : <IconPlayerPlay size={15} />}
                      onClick={() => onDo('switch')}
                    >
                      {budget.isEnabled ? 'Pause' : 'Resume'}
                    </Menu.Item>
                  </>
                )}
                <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => onDo('copy')}>
                  Make one like it
                </Menu.Item>
                {isReadOnly ? null : (
                  <Menu.Item leftSection={<IconTrash size={15} />} color="red" onClick={() => onDo('delete')}>
                    Delete
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          </div>
        ) : null}
      </header>
      {shown.map((window) => (
        <WindowFigures key={window.windowId} budget={budget} window={window} now={now} />
      ))}
      {windows.length === 0 ? (
        <p className={classes.note}>Nothing is counted yet: a bar appears for each one with its first call.</p>
      ) : null}
      {windows.length > shownWindows ? (
        <Button variant="subtle" size="compact-sm" onClick={() => setExpanded((value) => !value)}>
          {isExpanded ? 'Show the fullest only' : 'Show more'}
        </Button>
      ) : null}
      {raises.map((raise) => (
        <p key={raise.id} className={classes.raise}>
          <IconTrendingUp size={14} aria-hidden="true" />
          {Date.parse(raise.startsAt) > now ? 'Will be raised' : 'Raised'} by {formatAmount(budget.unit, raise.amount)}
          {'; '}ends in {formatLeft(Date.parse(raise.endsAt) - now)}, {formatMoment(raise.endsAt)}.
          {raise.reason ? ` “${raise.reason}”` : ''}
        </p>
      ))}
      {budget.warnings.map(({ message }) => (
        <p key={message} className={classes.warning}>
          {message}
        </p>
      ))}
    </article>
  );
}
