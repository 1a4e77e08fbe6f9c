'use client';

import { Button, CloseButton, Skeleton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { Dispatch } from 'react';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { distinctMarks, distinctNames } from '../catalog/model-identity.ts';
import { ModelPicker } from '../catalog/model-picker.tsx';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { type Draft, type DraftAction, laneLimits } from './draft.ts';
import classes from './lane-picker.module.css';
import { LaneSettingsButton } from './lane-settings-button.tsx';

interface Props {
  draft: Draft;
  dispatch: Dispatch<DraftAction>;
  choices: ModelChoices;
}

/** The chosen models as chips, each with a way out, and the button that adds one more. */
export function LanePicker({ draft, dispatch, choices }: Props) {
  const marks = distinctMarks(draft.modelIds);
  const names = distinctNames(draft.modelIds.map((id) => choices.byId.get(id)?.displayName ?? id));
  const isFull = draft.modelIds.length >= laneLimits.maximum;
  if (choices.isLoading) return <Skeleton h={30} w={340} radius={8} />;
  return (
    <div className={classes.chips}>
      <ul className={classes.list} aria-label="Models to run">
        {draft.modelIds.map((modelId, index) => (
          <li
            key={`${modelId}-${index}`}
            className={classes.chip}
            data-unavailable={choices.byId.get(modelId)?.isAvailable ? undefined : true}
          >
            <ModelPicker
              choices={choices}
              chosenIds={draft.modelIds}
              onPick={(picked) => dispatch({ type: 'set-model', index, modelId: picked })}
              target={(open) => (
                <button
                  type="button"
                  className={classes.name}
                  onClick={open}
                  aria-label={`${names[index]}: change model`}
                >
                  <ModelGlyph mark={marks[index] ?? 0} size={12} />
                  {names[index]}
                </button>
              )}
            />
            <LaneSettingsButton
              modelId={modelId}
              name={names[index] ?? modelId}
              settings={draft.laneSettings[index]}
              choices={choices}
              onChange={(value) => dispatch({ type: 'lane-settings', index, value })}
            />
            <CloseButton
              size={24}
              iconSize={13}
              aria-label={`Remove ${names[index]}`}
              onClick={() => dispatch({ type: 'remove-model', index })}
            />
          </li>
        ))}
      </ul>
      <ModelPicker
        choices={choices}
        chosenIds={draft.modelIds}
        isFull={isFull}
        staysOpen
        onPick={(modelId) => dispatch({ type: 'add-model', modelId })}
        target={(open) => (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<IconPlus size={15} />}
            onClick={open}
            className={classes.add}
          >
            Add model
          </Button>
        )}
      />
    </div>
  );
}
