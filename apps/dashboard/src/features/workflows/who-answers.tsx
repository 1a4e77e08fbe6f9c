'use client';

import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { AppLink } from '../../shell/app-link.tsx';
import { automaticName } from '../catalog/model-names.ts';
import { ModelPicker } from '../catalog/model-picker.tsx';
import type { StepModel } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import { useField, useFieldScope } from './field-scope.ts';
import { ModelRow } from './model-row.tsx';
import { movedEntry } from './value-path.ts';
import classes from './who-answers.module.css';

const mostModels = 16;

/** A role, or models of the step's own in the order in which they are asked. `prefix` is `do.` for the body of a map. */
export function WhoAnswers({ prefix, stepId }: { prefix: string; stepId: string }) {
  const { choices, roles, editor } = useEditorParts();
  const scope = useFieldScope();
  const role = useField(`${prefix}role`);
  const models = useField(`${prefix}models`);
  const list = (Array.isArray(models.value) ? models.value : []) as readonly StepModel[];
  const isModels = models.value !== undefined;
  const known = roles.find(({ name }) => name === role.value);
  const names = new Set(roles.map(({ name }) => name));
  const roleNames = typeof role.value === 'string' && !names.has(role.value) ? [role.value, ...names] : [...names];

  const choose = (kind: string) => {
    if (kind === 'models') {
      const first =
        known?.asks.find(({ model }) => model !== automaticName && choices.byId.has(model))?.model ??
        choices.models.find(({ isAvailable }) => isAvailable)?.modelId;
      scope.writeAll([
        [`${prefix}role`, undefined],
        [`${prefix}models`, first === undefined ? [] : [{ model: first }]],
      ]);
    } else {
      scope.writeAll([
        [`${prefix}models`, undefined],
        [`${prefix}role`, roles.find(({ name }) => name === 'coder')?.name ?? roles[0]?.name ?? 'coder'],
      ]);
    }
  };

  return (
    <div className={classes.who}>
      <SegmentedControl
        aria-label="Who answers"
        fullWidth
        disabled={scope.isReadOnly}
        data={[
          { value: 'role', label: 'A role' },
          { value: 'models', label: 'These models' },
        ]}
        value={isModels ? 'models' : 'role'}
        onChange={choose}
      />
      {isModels ? (
        <div {...models.mark}>
          {list.length > 0 ? (
            <ol className={classes.models} aria-label="Models, in the order in which they are asked">
              {list.map((model, index) => (
                <ModelRow
                  key={`${model.model} ${index}`}
                  path={`${prefix}models[${index}]`}
                  model={model}
                  index={index}
                  count={list.length}
                  stepId={stepId}
                  onMove={(to) => models.set(movedEntry(list, index, to))}
                  onRemove={() => models.set(list.filter((_, place) => place !== index))}
                />
              ))}
            </ol>
          ) : null}
          {models.message && list.length === 0 ? <p className={classes.problem}>{models.message}</p> : null}
          {scope.isReadOnly ? null : (
            <ModelPicker
              choices={choices}
              chosenIds={list.map(({ model }) => model)}
              isFull={list.length >= mostModels}
              onPick={(modelId) => models.set([...list, { model: modelId }])}
              target={(open) => (
                <Button size="xs" variant="default" leftSection={<IconPlus size={15} />} onClick={open}>
                  Add a model
                </Button>
              )}
            />
          )}
        </div>
      ) : (
        <div {...role.mark}>
          <Select
            label="Role"
            data={roleNames}
            value={typeof role.value === 'string' ? role.value : null}
            error={role.message}
            readOnly={editor.isReadOnly}
            allowDeselect={false}
            searchable
            onChange={(name) => name !== null && role.set(name)}
          />
          {known ? (
            <p className={classes.note}>
              {known.asks.length > 0
                ? `Asks ${known.asks.map(({ model }) => (model === 'auto' ? 'whom the router chooses' : model)).join(', then ')}.`
                : 'Nobody is assigned to it yet.'}{' '}
              <AppLink href="/roles">Assign models</AppLink>
            </p>
          ) : null}
        </div>
      )}
    </div>
  );
}
