'use client';

import { ActionIcon, Button, Radio, SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { IconChevronDown, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { ModelPicker } from '../catalog/model-picker.tsx';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { isMap, type JsonMap } from './definition.ts';
import { placeOf, useDraft, useDraftField } from './draft-context.ts';
import { DraftNumber } from './draft-fields.tsx';
import classes from './editor.module.css';
import { VariantDetails } from './variant-details.tsx';
import { WorkflowFields } from './workflow-fields.tsx';

interface Props {
  variant: JsonMap;
  index: number;
  choices: ModelChoices;
  fieldNames: readonly string[];
  isLive: boolean;
  isBaseline: boolean;
  isRemovable: boolean;
  onRename(key: string): void;
  onMakeBaseline(): void;
  onRemove(): void;
}

const detailNames = ['prompt', 'system', 'parameters', 'strategy'] as const;

/** One variant: its name, who answers, and what else is different about it. */
export function VariantCard(props: Props) {
  const { variant, index, choices, fieldNames, isLive, isBaseline, isRemovable } = props;
  const { problems, isReadOnly, set, setAll } = useDraft();
  const keyField = useDraftField(['variants', index, 'key']);
  const modelField = useDraftField(['variants', index, 'model']);
  const whole = useDraftField(['variants', index]);
  const given = detailNames.filter((name) => {
    const value = variant[name];
    return value !== undefined && !(isMap(value) && Object.keys(value).length === 0);
  });
  const hasProblem = problems.some(({ path }) =>
    detailNames.some((name) => placeOf(path).startsWith(`variants.${index}.${name}`)),
  );
  const [isOpen, setOpen] = useState(given.length > 0);
  const key = typeof variant.key === 'string' ? variant.key : '';
  const model = typeof variant.model === 'string' ? variant.model : '';
  const isWorkflow = variant.workflow !== undefined;
  const label = key || `variant ${index + 1}`;
  const changeKind = (kind: string) =>
    setAll(
      kind === 'workflow'
        ? [
            [['variants', index, 'model'], undefined],
            [['variants', index, 'workflow'], { name: '', version: 1 }],
          ]
        : [
            [['variants', index, 'workflow'], undefined],
            [['variants', index, 'model'], ''],
          ],
    );
  return (
    <li className={classes.card} data-field={`variants.${index}`} data-baseline={isBaseline || undefined}>
      <div className={classes.cardHead}>
        <i className={classes.dot} style={{ background: `var(--sy-id-${index % 8})` }} aria-hidden="true" />
        <TextInput
          {...keyField.mark}
          className={classes.key}
          aria-label={`Key of variant ${index + 1}`}
          value={key}
          error={keyField.message}
          readOnly={isReadOnly}
          onChange={(event) => props.onRename(event.currentTarget.value)}
        />
        <Radio
          className={classes.baseline}
          label="Baseline"
          aria-label={`${label} is the baseline`}
          name="baseline"
          checked={isBaseline}
          disabled={isReadOnly}
          onChange={props.onMakeBaseline}
        />
        {isReadOnly ? null : (
          <ActionIcon
            aria-label={`Remove ${label}`}
            variant="subtle"
            color="gray"
            disabled={!isRemovable}
            onClick={props.onRemove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </div>
      <div className={classes.answerer}>
        <SegmentedControl
          size="xs"
          aria-label={`Who answers for ${label}`}
          data={[
            { value: 'model', label: 'Model' },
            { value: 'workflow', label: 'Workflow', disabled: isLive },
          ]}
          value={isWorkflow ? 'workflow' : 'model'}
          readOnly={isReadOnly}
          onChange={changeKind}
        />
        {isWorkflow ? (
          <WorkflowFields path={['variants', index, 'workflow']} label={label} />
        ) : choices.isLoading ? (
          <Skeleton h={34} w={220} />
        ) : (
          <div {...modelField.mark} className={classes.model}>
            <ModelPicker
              choices={choices}
              chosenIds={model ? [model] : []}
              note="A model, an alias, a chain, or auto. Prices in USD per million tokens, input / output."
              onPick={(picked) => set(['variants', index, 'model'], picked)}
              target={(open) => (
                <Button
                  variant="default"
                  size="sm"
                  fw={500}
                  maw="100%"
                  disabled={isReadOnly}
                  rightSection={<IconChevronDown size={14} />}
                  onClick={open}
                  aria-label={`Model of ${label}: ${choices.byId.get(model)?.displayName ?? (model || 'none')}`}
                >
                  {model ? <ModelGlyph mark={markOf(model)} size={12} /> : null}
                  <span className={classes.modelName}>
                    {choices.byId.get(model)?.displayName ??
                      (model || (isLive ? 'As the step has it' : 'Choose a model'))}
                  </span>
                </Button>
              )}
            />
            {isLive && model && !isReadOnly ? (
              <Button size="compact-xs" variant="subtle" onClick={() => set(['variants', index, 'model'], undefined)}>
                as the step has it
              </Button>
            ) : null}
            {modelField.message ? <p className={classes.error}>{modelField.message}</p> : null}
          </div>
        )}
        {isLive ? (
          <DraftNumber path={['variants', index, 'weight']} label="Share" placeholder="1" min={0.01} decimals={2} />
        ) : null}
      </div>
      {whole.message ? <p className={whole.isError ? classes.error : classes.warning}>{whole.message}</p> : null}
      {isMap(variant.workflow) ? null : (
        <>
          <button
            type="button"
            className={classes.more}
            aria-expanded={isOpen || hasProblem}
            onClick={() => setOpen(!isOpen)}
          >
            <IconChevronDown size={14} aria-hidden="true" />
            Prompt, system, parameters, strategy
            {given.length > 0 ? <span className={classes.setNames}>{given.join(', ')}</span> : null}
          </button>
          {isOpen || hasProblem ? <VariantDetails index={index} fieldNames={fieldNames} isLive={isLive} /> : null}
        </>
      )}
    </li>
  );
}
