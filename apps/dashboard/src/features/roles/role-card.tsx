'use client';

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCornerDownRight, IconEye, IconLock, IconPencil, IconTrash } from '@tabler/icons-react';
import { formatCount, formatDuration, formatUsd } from '../../format/number-format.ts';
import { CopyButton } from '../../shell/copy-button.tsx';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import classes from './role-card.module.css';
import { describeParameters, nameOfModel, type RoleView, sourceWords } from './role-view.ts';
import type { Traffic } from './use-role-data.ts';

interface Props {
  role: RoleView;
  choices: ModelChoices;
  traffic: Traffic | undefined;
  days: number;
  mayManage: boolean;
  onOpen(): void;
  onDelete(): void;
}

const shownModels = 4;

/** A role: who answers for it in which order, what it cost lately, and who uses it. */
export function RoleCard({ role, choices, traffic, days, mayManage, onOpen, onDelete }: Props) {
  const { name, models, source, usedBy } = role;
  const isOfFile = source === 'FILE';
  const hidden = models.length - shownModels;
  return (
    <article className={classes.card} aria-labelledby={`role-${name}`}>
      <header className={classes.header}>
        <h2 className={classes.name} id={`role-${name}`}>
          {name}
        </h2>
        <span className={classes.badges}>
          <span className={classes.badge} data-tone={isOfFile ? 'file' : undefined}>
            {isOfFile ? <IconLock size={11} aria-hidden="true" /> : null}
            {sourceWords(role)}
            {isOfFile ? <span className="visually-hidden">, read-only</span> : null}
          </span>
          {role.isDefault ? (
            <span className={classes.badge} data-tone="accent">
              stands in
            </span>
          ) : null}
          {role.isStrict ? <span className={classes.badge}>strict</span> : null}
        </span>
        <span className={classes.tools}>
          <CopyButton value={`role:${name}`} label={`Copy role:${name}`} size={28} />
          {source === 'TEAM' && mayManage ? (
            <Tooltip label="Delete">
              <ActionIcon aria-label={`Delete ${name}`} onClick={onDelete}>
                <IconTrash size={16} />
              </ActionIcon>
            </Tooltip>
          ) : null}
          <Button
            variant="default"
            size="compact-sm"
            leftSection={isOfFile || !mayManage ? <IconEye size={14} /> : <IconPencil size={14} />}
            aria-label={isOfFile || !mayManage ? `Look at ${name}` : `Edit ${name}`}
            onClick={onOpen}
          >
            {isOfFile || !mayManage ? 'Look' : 'Edit'}
          </Button>
        </span>
      </header>
      {role.description ? <p className={classes.description}>{role.description}</p> : null}
      <ol className={classes.models} aria-label={`Who is asked for ${name}`}>
        {models.slice(0, shownModels).map(({ model, unavailableReason, parameters }, index) => (
          <li key={`${model}${index}`} className={classes.model} data-off={unavailableReason ? true : undefined}>
            <span className={classes.place} aria-hidden="true">
              {index + 1}
            </span>
            {model === 'auto' ? null : <ModelGlyph mark={markOf(model)} size={12} />}
            <span className={classes.modelName}>{nameOfModel(model, choices)}</span>
            {unavailableReason ? <span className={classes.reason}>{unavailableReason}</span> : null}
            {describeParameters(parameters).map((words) => (
              <span key={words} className={classes.parameter}>
                {words}
              </span>
            ))}
          </li>
        ))}
        {hidden > 0 ? <li className={classes.more}>and {hidden} more</li> : null}
        <StandIn role={role} choices={choices} />
      </ol>
      <footer className={classes.footer}>
        <Lately role={role} traffic={traffic} days={days} />
        <span>
          {usedBy.length === 0
            ? 'In no workflow'
            : `In ${usedBy.length} ${usedBy.length === 1 ? 'workflow' : 'workflows'}`}
        </span>
      </footer>
    </article>
  );
}

function StandIn({ role, choices }: { role: RoleView; choices: ModelChoices }) {
  const others = role.asks.filter(({ isOfDefault }) => isOfDefault);
  if (others.length === 0)
    return role.isStrict && role.models.length > 0 ? (
      <li className={classes.standIn}>
        <IconCornerDownRight size={14} aria-hidden="true" /> then nobody: it fails
      </li>
    ) : null;
  const isRouter = others.every(({ model }) => model === 'auto');
  return (
    <li className={classes.standIn}>
      <IconCornerDownRight size={14} aria-hidden="true" />
      {role.models.length === 0 ? '' : 'then '}
      {isRouter ? 'the router chooses' : others.map(({ model }) => nameOfModel(model, choices)).join(', then ')}
    </li>
  );
}

function Lately({ role, traffic, days }: { role: RoleView; traffic: Traffic | undefined; days: number }) {
  if (!traffic) return <span className={classes.lately}> </span>;
  const figures = traffic.byRole.get(role.name);
  if (!figures || figures.calls === 0) return <span className={classes.lately}>No calls in {days} days</span>;
  const isRough = figures.unknownCostCalls > 0;
  return (
    <span className={classes.lately}>
      <strong>{formatCount(figures.calls)}</strong> {figures.calls === 1 ? 'call' : 'calls'} ·{' '}
      <Tooltip
        label={`${formatCount(figures.unknownCostCalls)} calls have no known cost`}
        disabled={!isRough}
        openDelay={100}
      >
        <span>
          {isRough ? 'at least ' : ''}
          {formatUsd(figures.costUsd)}
        </span>
      </Tooltip>
      {figures.latency ? ` · ${formatDuration(figures.latency.p50Ms)} median` : ''} in {days} days
      <OriginBadge origin={traffic.origin} isCompact />
    </span>
  );
}
