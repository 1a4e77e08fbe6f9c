'use client';

import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconArrowForwardUp,
  IconArrowsDiagonal,
  IconArrowsDiagonalMinimize2,
  IconPlayerStopFilled,
  IconRefresh,
} from '@tabler/icons-react';
import { memo } from 'react';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { automaticName } from '../catalog/model-names.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import { WhyButton } from '../routing/why-button.tsx';
import type { LaneRecord } from './comparison-record.ts';
import type { LaneActions, LaneLabel } from './lane.tsx';
import classes from './lane-header.module.css';
import { LaneStateBadge } from './lane-state.tsx';

interface Props {
  laneId: string;
  state: LaneRecord['state'];
  origin: LaneRecord['origin'];
  isWaiting: boolean;
  label: LaneLabel;
  /** The model that answered in place of the one that was asked for. */
  answeredModelId: string | null;
  isFocused: boolean;
  isReplay: boolean;
  actions: LaneActions;
}

/** Two lines of fixed height: who answers, and how it stands; a third one when another model answered. */
export const LaneHeader = memo(function LaneHeader({
  laneId,
  state,
  origin,
  isWaiting,
  label,
  answeredModelId,
  isFocused,
  isReplay,
  actions,
}: Props) {
  const isOpen = state === 'RUNNING' || state === 'QUEUED';
  const isBlind = label.modelId === null;
  return (
    <header className={classes.header}>
      <div className={classes.identity}>
        {isBlind ? null : <ModelGlyph mark={label.mark} size={16} />}
        <h2 className={classes.name} id={`lane-${laneId}`}>
          {label.name}
        </h2>
      </div>
      <div className={classes.buttons}>
        {isReplay ? null : isOpen ? (
          <Tooltip label="Stop this lane">
            <ActionIcon aria-label={`Stop ${label.name}`} onClick={() => actions.stop(laneId)}>
              <IconPlayerStopFilled size={16} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <Tooltip label="Run this lane again">
            <ActionIcon aria-label={`Retry ${label.name}`} onClick={() => actions.retry(laneId)}>
              <IconRefresh size={16} />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label={isFocused ? 'Show all lanes (Esc)' : 'Focus this lane'}>
          <ActionIcon
            aria-label={isFocused ? 'Show all lanes' : `Focus ${label.name}`}
            onClick={() => actions.focus(isFocused ? null : laneId)}
          >
            {isFocused ? <IconArrowsDiagonalMinimize2 size={16} /> : <IconArrowsDiagonal size={16} />}
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.second}>
        <LaneStateBadge state={state} isWaiting={isWaiting} />
        {isBlind ? null : (
          <>
            <OriginBadge origin={origin} />
            <span className={classes.provider} title={label.modelId ?? undefined}>
              {label.providerName}
            </span>
          </>
        )}
      </div>
      {isBlind || answeredModelId === null ? null : (
        <p className={classes.answered}>
          <IconArrowForwardUp size={14} aria-hidden="true" />
          {label.modelId === automaticName ? (
            <span className={classes.chosen}>
              <span>
                the router chose <strong>{answeredModelId}</strong>
              </span>
              <WhyButton laneId={laneId} name={label.name} />
            </span>
          ) : (
            <span>
              asked for {label.modelId}, answered by <strong>{answeredModelId}</strong>
            </span>
          )}
        </p>
      )}
    </header>
  );
});
