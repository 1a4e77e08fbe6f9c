'use client';

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconArrowDown,
  IconArrowUp,
  IconGripVertical,
  IconPlus,
  IconX,
} from '@tabler/icons-react';
import { type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { ModelPicker } from '../catalog/model-picker.tsx';
import type { ModelChoices } from '../catalog/use-model-choices.ts';
import { ParameterFields } from './parameter-fields.tsx';
import classes from './role-drawer.module.css';
import { mostModels, newModel, type RoleModelDraft, withMoved } from './role-form.ts';
import { describeParameters, nameOfModel } from './role-view.ts';

interface Props {
  models: readonly RoleModelDraft[];
  choices: ModelChoices;
  isDisabled: boolean;
  /** The server's words by place in the list. */
  problems: ReadonlyMap<number, string>;
  onChange(models: readonly RoleModelDraft[]): void;
}

/** The models of a role in the order in which they are asked: moved with the mouse, with buttons, or with Alt and an arrow key. */
export function RoleModelsField({ models, choices, isDisabled, problems, onChange }: Props) {
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const [spoken, setSpoken] = useState('');
  const list = useRef<HTMLOListElement>(null);
  const move = (from: number, to: number) => {
    const row = models[from];
    if (!row || to < 0 || to >= models.length || to === from) return;
    onChange(withMoved(models, from, to));
    setSpoken(`${nameOfModel(row.model, choices)} is now number ${to + 1} of ${models.length}.`);
  };
  const keyed = (event: KeyboardEvent, index: number) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(index, index + (event.key === 'ArrowUp' ? -1 : 1));
  };
  const dropped = (to: number) => {
    if (dragged !== undefined) move(dragged, to);
    setDragged(undefined);
    setOver(undefined);
  };
  const remove = (index: number) => {
    onChange(models.filter((_, each) => each !== index));
    setSpoken(`${nameOfModel(models[index]?.model ?? '', choices)} is taken out.`);
    list.current?.focus();
  };
  const hasAuto = models.some(({ model }) => model === 'auto');
  return (
    <div className={classes.models}>
      {models.length > 0 ? (
        <ol className={classes.list} aria-label="Who is asked, in this order" ref={list} tabIndex={-1}>
          {models.map((row, index) => (
            <ModelRow
              key={row.key}
              row={row}
              index={index}
              count={models.length}
              choices={choices}
              isDisabled={isDisabled}
              isDropTarget={dragged !== undefined && dragged !== index && over === index}
              problem={problems.get(index)}
              onKeyDown={(event) => keyed(event, index)}
              onMove={(to) => move(index, to)}
              onRemove={() => remove(index)}
              onChange={(parameters) =>
                onChange(models.map((each) => (each.key === row.key ? { ...each, parameters } : each)))
              }
              onDragStart={() => setDragged(index)}
              onDragEnd={() => dropped(dragged ?? index)}
              onDragOver={(event) => {
                if (dragged === undefined) return;
                event.preventDefault();
                setOver(index);
              }}
              onDrop={() => dropped(index)}
            />
          ))}
        </ol>
      ) : (
        <p className={classes.none}>No models of its own: whoever stands in answers, or the router chooses.</p>
      )}
      {isDisabled || hasAuto ? null : (
        <ModelPicker
          choices={choices}
          chosenIds={models.map(({ model }) => model)}
          isFull={models.length >= mostModels}
          note={
            models.length >= mostModels
              ? `A role asks at most ${mostModels} models. Take one out to add another.`
              : 'Prices in USD per million tokens, input / output. Auto stands alone.'
          }
          onPick={(model) => {
            onChange([...models, newModel(model)]);
            setSpoken(`${nameOfModel(model, choices)} is number ${models.length + 1}.`);
          }}
          target={(open) => (
            <Button variant="default" size="xs" leftSection={<IconPlus size={15} />} onClick={open}>
              Add a model
            </Button>
          )}
        />
      )}
      {models.length > 1 && !isDisabled ? (
        <p className={classes.hint}>Drag to reorder, or Alt with ↑ ↓ while a row has the focus.</p>
      ) : null}
      <p className="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </div>
  );
}

interface RowProps {
  row: RoleModelDraft;
  index: number;
  count: number;
  choices: ModelChoices;
  isDisabled: boolean;
  isDropTarget: boolean;
  problem: string | undefined;
  onKeyDown(event: KeyboardEvent): void;
  onMove(to: number): void;
  onRemove(): void;
  onChange(parameters: RoleModelDraft['parameters']): void;
  onDragStart(): void;
  onDragEnd(): void;
  onDragOver(event: DragEvent): void;
  onDrop(): void;
}

function ModelRow({ row, index, count, choices, isDisabled, isDropTarget, problem, ...on }: RowProps) {
  const { model, parameters } = row;
  const [isOpen, setOpen] = useState(false);
  const name = nameOfModel(model, choices);
  const choice = choices.byId.get(model);
  const state =
    model === 'auto' || choices.isLoading || choice?.isAvailable
      ? undefined
      : (choice?.unavailableReason ?? 'Not in your list of models');
  const words = describeParameters(parameters as Parameters<typeof describeParameters>[0]);
  return (
    <li
      className={classes.row}
      data-drop={isDropTarget || undefined}
      data-bad={problem ? true : undefined}
      onKeyDown={on.onKeyDown}
      onDragOver={on.onDragOver}
      onDrop={(event) => {
        event.preventDefault();
        on.onDrop();
      }}
    >
      {isDisabled ? null : (
        <span
          className={classes.grip}
          draggable
          onDragStart={on.onDragStart}
          onDragEnd={on.onDragEnd}
          aria-hidden="true"
        >
          <IconGripVertical size={16} />
        </span>
      )}
      <span className={classes.place} aria-hidden="true">
        {index + 1}
      </span>
      {model === 'auto' ? null : <ModelGlyph mark={markOf(model)} size={13} />}
      <span className={classes.rowWords}>
        <span className={classes.rowName}>{name}</span>
        {name === model ? null : <code className={classes.rowId}>{model}</code>}
        {state ? <span className={classes.warn}>{state}</span> : null}
        {problem ? <span className={classes.bad}>{problem}</span> : null}
        {words.length > 0 ? <span className={classes.rowId}>{words.join(', ')}</span> : null}
      </span>
      <span className={classes.rowTools}>
        <Tooltip label="Parameters">
          <ActionIcon
            aria-label={`Parameters of ${name}${words.length > 0 ? `, ${words.length} set` : ''}`}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <IconAdjustmentsHorizontal size={16} color={words.length > 0 ? 'var(--sy-accent)' : undefined} />
          </ActionIcon>
        </Tooltip>
        {isDisabled ? null : (
          <>
            <Tooltip label="Ask it earlier">
              <ActionIcon aria-label={`Move ${name} up`} disabled={index === 0} onClick={() => on.onMove(index - 1)}>
                <IconArrowUp size={16} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Ask it later">
              <ActionIcon
                aria-label={`Move ${name} down`}
                disabled={index === count - 1}
                onClick={() => on.onMove(index + 1)}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
            </Tooltip>
            <ActionIcon aria-label={`Take ${name} out`} onClick={on.onRemove}>
              <IconX size={16} />
            </ActionIcon>
          </>
        )}
      </span>
      {isOpen ? (
        <fieldset className={classes.own} aria-label={`Parameters of ${name}`}>
          <ParameterFields value={parameters} isDisabled={isDisabled} inherited="the role’s" onChange={on.onChange} />
        </fieldset>
      ) : null}
    </li>
  );
}
