'use client';

import { ActionIcon, Button, Switch, Tooltip } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopy, IconGripVertical, IconPencil, IconTrash } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import type { DragEvent, ReactNode } from 'react';
import type { DraftRule } from './draft-rule.ts';
import { ProblemList } from './problem-list.tsx';
import classes from './rule-card.module.css';
import { describeAction } from './rule-words.ts';
import type { RuleProblem } from './use-rule-problems.ts';

const RuleEditor = dynamic(() => import('./rule-editor.tsx').then((module) => module.RuleEditor), {
  ssr: false,
  loading: () => <div className={classes.loading} aria-busy="true" />,
});

interface Props {
  rule: DraftRule;
  place: number;
  count: number;
  problems: readonly RuleProblem[];
  /** How it differs from what is in force. */
  change: 'added' | 'changed' | undefined;
  isOpen: boolean;
  mayManage: boolean;
  isDropTarget: boolean;
  onChange(rule: DraftRule): void;
  onOpen(isOpen: boolean): void;
  onMove(to: number): void;
  onCopy(): void;
  onRemove(): void;
  onDragStart(): void;
  onDragOver(event: DragEvent): void;
  onDrop(): void;
}

/** One rule of the list: what it says in two lines, and its editor when it is open. */
export function RuleCard({ rule, place, count, problems, change, isOpen, mayManage, isDropTarget, ...on }: Props) {
  const { name } = rule;
  return (
    <li
      className={classes.card}
      data-off={rule.isEnabled ? undefined : true}
      data-tone={problems.some(({ isError }) => isError) ? 'bad' : problems.length > 0 ? 'warn' : undefined}
      data-drop={isDropTarget || undefined}
      onDragOver={on.onDragOver}
      onDrop={(event) => {
        event.preventDefault();
        on.onDrop();
      }}
    >
      <article aria-labelledby={`rule-${rule.id}`}>
        <header className={classes.header}>
          {mayManage ? (
            <span className={classes.grip} draggable onDragStart={on.onDragStart} aria-hidden="true">
              <IconGripVertical size={16} />
            </span>
          ) : null}
          <span className={classes.place} aria-hidden="true">
            {place + 1}
          </span>
          <h3 className={classes.name} id={`rule-${rule.id}`}>
            {name || 'Unnamed rule'}
          </h3>
          <span className={classes.badges}>
            {change ? (
              <span className={classes.badge} data-tone="accent">
                {change === 'added' ? 'new' : 'changed'}
              </span>
            ) : null}
            {rule.isFinal ? <span className={classes.badge}>final</span> : null}
            {rule.isEnabled ? null : <span className={classes.badge}>off</span>}
          </span>
          {mayManage ? (
            <span className={classes.tools}>
              <Tooltip label={rule.isEnabled ? 'Switch it off' : 'Switch it on'}>
                <span>
                  <Switch
                    size="sm"
                    aria-label={`${name} is looked at`}
                    checked={rule.isEnabled}
                    onChange={(event) => on.onChange({ ...rule, isEnabled: event.currentTarget.checked })}
                  />
                </span>
              </Tooltip>
              <MoveButton label={`Move ${name} up`} isLast={place === 0} onMove={() => on.onMove(place - 1)}>
                <IconArrowUp size={16} />
              </MoveButton>
              <MoveButton label={`Move ${name} down`} isLast={place === count - 1} onMove={() => on.onMove(place + 1)}>
                <IconArrowDown size={16} />
              </MoveButton>
              <Tooltip label="Make one like it">
                <ActionIcon aria-label={`Copy ${name}`} onClick={on.onCopy}>
                  <IconCopy size={16} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label="Remove">
                <ActionIcon aria-label={`Remove ${name}`} onClick={on.onRemove}>
                  <IconTrash size={16} />
                </ActionIcon>
              </Tooltip>
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconPencil size={14} />}
                aria-expanded={isOpen}
                aria-label={isOpen ? `Close ${name}` : `Edit ${name}`}
                onClick={() => on.onOpen(!isOpen)}
              >
                {isOpen ? 'Close' : 'Edit'}
              </Button>
            </span>
          ) : null}
        </header>
        {isOpen ? (
          <RuleEditor rule={rule} problems={problems} onChange={on.onChange} />
        ) : (
          <>
            <RuleSummary rule={rule} />
            <ProblemList problems={problems} />
          </>
        )}
      </article>
    </li>
  );
}

/** Keeps the focus when the rule has come to the end: a button that is really disabled would lose it. */
function MoveButton({ label, isLast, onMove, children }: MoveProps) {
  return (
    <ActionIcon
      aria-label={label}
      aria-disabled={isLast || undefined}
      data-disabled={isLast || undefined}
      onClick={() => {
        if (!isLast) onMove();
      }}
    >
      {children}
    </ActionIcon>
  );
}

interface MoveProps {
  label: string;
  isLast: boolean;
  onMove(): void;
  children: ReactNode;
}

/** Condition and actions, to be read. */
export function RuleSummary({ rule }: { rule: Pick<DraftRule, 'when' | 'actions'> }) {
  return (
    <div className={classes.summary}>
      <p className={classes.line}>
        <span className={classes.word}>when</span>
        <code className={classes.when}>{rule.when || '(no condition yet)'}</code>
      </p>
      <p className={classes.line}>
        <span className={classes.word}>then</span>
        <span className={classes.actions}>
          {rule.actions.length === 0 ? 'nothing' : null}
          {rule.actions.map((action) => (
            <span key={action.key} className={classes.action}>
              {describeAction(action)}
            </span>
          ))}
        </span>
      </p>
    </div>
  );
}
