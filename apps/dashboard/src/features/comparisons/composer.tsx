'use client';

import { Button, Kbd, Textarea, Tooltip } from '@mantine/core';
import { useOs } from '@mantine/hooks';
import { IconMessageCog, IconPlayerPlayFilled } from '@tabler/icons-react';
import { type Dispatch, useMemo, useState } from 'react';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { BreakProviderButton } from '../providers/break-provider-button.tsx';
import { RunBudgetWarning, RunEstimateLabel } from '../run-estimate/run-estimate.tsx';
import { useRunEstimate } from '../run-estimate/use-run-estimate.ts';
import { AttachedImages, ImageButton, useImageIntake } from './attached-images.tsx';
import classes from './composer.module.css';
import { estimateCost, formatEstimate } from './cost-estimate.ts';
import { changedParameters, type Draft, type DraftAction, draftProblem } from './draft.ts';
import { LanePicker } from './lane-picker.tsx';
import { ParametersButton } from './parameters-button.tsx';

interface Props {
  draft: Draft;
  dispatch: Dispatch<DraftAction>;
  choices: ModelChoices;
  isStarting: boolean;
  /** A sentence of the server about the last try. */
  problem: string | undefined;
  onRun(): void;
}

/** What the server is asked to estimate. */
function estimateInputOf(draft: Draft) {
  const parameters = changedParameters(draft.parameters);
  return {
    prompt: draft.prompt,
    models: draft.modelIds,
    ...(draft.systemPrompt?.trim() ? { systemPrompt: draft.systemPrompt } : {}),
    ...(draft.images.length > 0
      ? { images: draft.images.map(({ mediaType, dataBase64 }) => ({ mediaType, dataBase64 })) }
      : {}),
    ...(parameters ? { parameters } : {}),
  };
}

/** Prompt, models, parameters and the Run button. */
export function Composer({ draft, dispatch, choices, isStarting, problem, onRun }: Props) {
  const [isDragging, setDragging] = useState(false);
  const os = useOs();
  const intake = useImageIntake(draft, dispatch);
  const blocker = draftProblem(draft);
  const rough = estimateCost(draft, choices.byId);
  const estimate = useRunEstimate(useMemo(() => estimateInputOf(draft), [draft]));
  const count = draft.modelIds.length;
  const blind =
    draft.images.length > 0 ? draft.modelIds.filter((id) => choices.byId.get(id)?.capabilities.vision === false) : [];

  const run = () => {
    if (!blocker && !isStarting) onRun();
  };

  return (
    <section
      className={classes.card}
      aria-label="Prompt"
      data-dragging={isDragging || undefined}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        event.preventDefault();
        setDragging(false);
        intake.add([...event.dataTransfer.files]);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          run();
        }
      }}
    >
      {draft.systemPrompt === null ? null : (
        <Textarea
          classNames={{ input: classes.system }}
          aria-label="System prompt"
          placeholder="System prompt: how every model should behave"
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={6}
          value={draft.systemPrompt}
          onChange={(event) => dispatch({ type: 'system-prompt', value: event.currentTarget.value })}
        />
      )}
      <Textarea
        classNames={{ input: classes.prompt }}
        aria-label="Prompt"
        placeholder="Ask several models the same thing…"
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={10}
        value={draft.prompt}
        onChange={(event) => dispatch({ type: 'prompt', value: event.currentTarget.value })}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length > 0) {
            event.preventDefault();
            intake.add(files);
          }
        }}
      />
      <AttachedImages images={draft.images} onRemove={(id) => dispatch({ type: 'remove-image', id })} />
      {blind.length > 0 ? (
        <p className={classes.warning}>
          Does not take images: {blind.map((id) => choices.byId.get(id)?.displayName ?? id).join(', ')}.
        </p>
      ) : null}
      {(intake.problem ?? problem) ? (
        <p className={classes.problem} role="alert">
          {intake.problem ?? problem}
        </p>
      ) : null}
      {estimate ? <RunBudgetWarning estimate={estimate} /> : null}
      <div className={classes.models}>
        <LanePicker draft={draft} dispatch={dispatch} choices={choices} />
      </div>
      <div className={classes.bar}>
        <div className={classes.tools}>
          <Tooltip label={draft.systemPrompt === null ? 'Add a system prompt' : 'Remove the system prompt'}>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              className={classes.tool}
              leftSection={<IconMessageCog size={16} />}
              aria-pressed={draft.systemPrompt !== null}
              onClick={() => dispatch({ type: 'system-prompt', value: draft.systemPrompt === null ? '' : null })}
            >
              System
            </Button>
          </Tooltip>
          <ImageButton onFiles={intake.add} />
          <ParametersButton
            parameters={draft.parameters}
            onChange={(value) => dispatch({ type: 'parameters', value })}
          />
          <BreakProviderButton className={classes.tool} />
        </div>
        <div className={classes.run}>
          <span className={classes.estimate}>
            {estimate ? (
              <RunEstimateLabel estimate={estimate} nameOf={(id) => choices.byId.get(id)?.displayName ?? id} />
            ) : count > 0 ? (
              <Tooltip
                multiline
                w={260}
                label={`About ${rough.inputTokens} input tokens per lane and a short to long answer at list prices.${rough.unpriced > 0 ? ' Unpriced models are not in the range.' : ''}`}
              >
                <span className="tabular">
                  estimate {formatEstimate(rough)}
                  {rough.unpriced > 0 ? ` + ${rough.unpriced} unpriced` : ''}
                </span>
              </Tooltip>
            ) : null}
          </span>
          <Tooltip label={blocker ?? 'Run'} disabled={!blocker}>
            <Button
              leftSection={<IconPlayerPlayFilled size={14} />}
              rightSection={
                <Kbd size="xs" className={classes.kbd}>
                  {os === 'macos' ? '⌘' : 'Ctrl'} ↵
                </Kbd>
              }
              loading={isStarting}
              data-disabled={blocker ? true : undefined}
              aria-disabled={blocker ? true : undefined}
              onClick={run}
            >
              Run {count} {count === 1 ? 'model' : 'models'}
            </Button>
          </Tooltip>
        </div>
      </div>
    </section>
  );
}
