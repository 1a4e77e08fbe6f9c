'use client';

import { ActionIcon } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { formatPricePerMillion } from '../../format/number-format.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import type { StepModel } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import { useField } from './field-scope.ts';
import fields from './fields.module.css';
import { LimitBar } from './limit-bar.tsx';
import { modelWords } from './model-words.ts';
import { ParameterFields } from './parameter-fields.tsx';
import { NumberField, SwitchField, TextField } from './plain-fields.tsx';
import classes from './who-answers.module.css';

interface Props {
  path: string;
  model: StepModel;
  index: number;
  count: number;
  stepId: string;
  onMove(to: number): void;
  onRemove(): void;
}

/** One model of a step: its place, and behind a button its limits, weight and parameters. */
export function ModelRow({ path, model, index, count, stepId, onMove, onRemove }: Props) {
  const { choices, editor } = useEditorParts();
  const { problems, mark, isReadOnly } = useField(path);
  const [isAsked, setAsked] = useState(false);
  const choice = choices.byId.get(model.model);
  const name = choice?.displayName ?? model.model;
  const problem = problems.find((each) => each.path.endsWith('.model')) ?? problems[0];
  const isOpen = isAsked || problems.some(({ path: place }) => /guardrails|parameters|routingWeight/.test(place));
  const { inputPerMillionUsd: input, outputPerMillionUsd: output, sourceUrl } = choice?.price ?? {};
  const words = modelWords(model);
  return (
    <li className={classes.model} data-invalid={problem?.isError || undefined} {...mark}>
      <div className={classes.modelHead}>
        <span className={classes.place}>{index + 1}</span>
        <ModelGlyph mark={markOf(model.model)} size={13} />
        <span className={classes.modelName}>
          {name}
          {name === model.model ? null : <span>{model.model}</span>}
        </span>
        {isReadOnly ? null : (
          <>
            {index > 0 ? (
              <ActionIcon size={26} aria-label={`Move ${name} up`} onClick={() => onMove(index - 1)}>
                <IconArrowUp size={15} />
              </ActionIcon>
            ) : null}
            {index < count - 1 ? (
              <ActionIcon size={26} aria-label={`Move ${name} down`} onClick={() => onMove(index + 1)}>
                <IconArrowDown size={15} />
              </ActionIcon>
            ) : null}
          </>
        )}
        <ActionIcon
          size={26}
          aria-label={`Limits and parameters of ${name}`}
          aria-expanded={isOpen}
          onClick={() => setAsked(!isAsked)}
        >
          <IconAdjustmentsHorizontal size={15} />
        </ActionIcon>
        {isReadOnly ? null : (
          <ActionIcon size={26} aria-label={`Remove ${name}`} onClick={onRemove}>
            <IconX size={15} />
          </ActionIcon>
        )}
      </div>
      {problem ? (
        <p className={classes.words} style={{ color: problem.isError ? 'var(--sy-bad)' : 'var(--sy-warn)' }}>
          {problem.message} {problem.suggestion}
        </p>
      ) : words !== '' && !isOpen ? (
        <p className={classes.words}>{words}</p>
      ) : null}
      {isOpen ? (
        <div className={classes.modelBody}>
          <h4 className={classes.heading}>Limits of one call</h4>
          <div className={fields.pair}>
            <TextField path={`${path}.guardrails.costLimitUsd`} label="Cost limit, USD" placeholder="none" />
            <NumberField
              path={`${path}.guardrails.tokenLimit`}
              label="Token limit"
              placeholder="none"
              min={1}
              step={500}
            />
            <NumberField
              path={`${path}.guardrails.latencyTargetMs`}
              label="Latency target, ms"
              placeholder="none"
              min={1}
              step={250}
            />
            <NumberField
              path={`${path}.routingWeight`}
              label="Weight"
              placeholder="1"
              min={0}
              step={0.5}
              decimals={3}
            />
          </div>
          <SwitchField
            path={`${path}.guardrails.dropIfOverBudget`}
            label="Over a limit, ask the next model"
            description="Off: the call is made all the same, and marked"
            usual
          />
          <LimitBar workflow={editor.workflow.name} stepId={stepId} model={model} />
          <p className={classes.modelFacts}>
            {input && output
              ? `It costs ${formatPricePerMillion(input)} in, ${formatPricePerMillion(output)} out per million tokens. `
              : 'Its price is unknown: a cost limit passes it over. '}
            {sourceUrl ? (
              <a href={sourceUrl} target="_blank" rel="noreferrer">
                Provider’s prices
              </a>
            ) : null}
          </p>
          <h4 className={classes.heading}>Parameters of this model</h4>
          <ParameterFields path={`${path}.parameters`} />
        </div>
      ) : null}
    </li>
  );
}
