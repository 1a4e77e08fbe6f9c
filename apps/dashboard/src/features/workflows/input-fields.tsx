'use client';

import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Definition, WorkflowInput } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import fields from './fields.module.css';
import classes from './input-fields.module.css';
import { JsonField } from './json-field.tsx';
import { ChoiceField, NumberField, SwitchField, TextField } from './plain-fields.tsx';
import { renameInput } from './step-references.ts';

const types = [
  { value: 'string', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'list', label: 'List' },
  { value: 'object', label: 'Object' },
  { value: 'file', label: 'Text file' },
];
const itemTypes = types.filter(({ value }) => value !== 'file');
const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** The typed variables that a run is given. */
export function InputFields() {
  const { editor } = useEditorParts();
  const { definition, isReadOnly, edit } = editor;
  const inputs = Object.entries(definition.inputs ?? {});
  const add = () =>
    edit((before) => {
      const taken = before.inputs ?? {};
      let name = 'text';
      for (let number = 2; Object.hasOwn(taken, name); number += 1) name = `text_${number}`;
      return { ...before, inputs: { ...taken, [name]: { type: 'string' } } };
    });
  return (
    <div className={classes.inputs}>
      {inputs.length === 0 ? (
        <p className={fields.description}>None yet. Templates name them as {'{{ inputs.name }}'}.</p>
      ) : null}
      {inputs.map(([name, input]) => (
        <InputCard key={name} name={name} input={input} />
      ))}
      {isReadOnly ? null : (
        <Button size="xs" variant="default" leftSection={<IconPlus size={15} />} onClick={add}>
          Add an input
        </Button>
      )}
    </div>
  );
}

function InputCard({ name, input }: { name: string; input: WorkflowInput }) {
  const { editor } = useEditorParts();
  const { definition, isReadOnly, edit } = editor;
  const [typed, setTyped] = useState(name);
  const isTaken = typed !== name && Object.hasOwn(definition.inputs ?? {}, typed);
  const problem = !namePattern.test(typed)
    ? 'Letters, digits and underscores.'
    : isTaken
      ? 'There is one of this name.'
      : undefined;
  const path = `inputs.${name}`;
  const rename = () => {
    if (problem !== undefined) return setTyped(name);
    if (typed !== name) edit((before) => withRenamedInput(before, name, typed));
  };
  const remove = () =>
    edit((before) => {
      const { [name]: _gone, ...inputs } = before.inputs ?? {};
      return { ...before, inputs };
    });
  return (
    <fieldset className={classes.input} data-field={path}>
      <legend className="visually-hidden">Input {name}</legend>
      <div className={classes.head}>
        <TextInput
          label="Name"
          value={typed}
          error={problem}
          readOnly={isReadOnly}
          spellCheck={false}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={rename}
          onKeyDown={(event) => event.key === 'Enter' && rename()}
        />
        <ChoiceField path={`${path}.type`} label="Type" choices={types} />
        {isReadOnly ? null : (
          <ActionIcon mt={25} aria-label={`Remove input ${name}`} onClick={remove}>
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </div>
      {input.type === 'list' ? (
        <ChoiceField path={`${path}.items`} label="Of" choices={itemTypes} isClearable placeholder="anything" />
      ) : null}
      {input.type === 'object' ? (
        <JsonField
          isPlain
          path={`${path}.fields`}
          label="Fields"
          description='Names and types: {"title": "string"}'
          lines={2}
          wants="a map"
        />
      ) : null}
      <TextField path={`${path}.title`} label="What people see" placeholder={name} maxLength={120} />
      {input.type === 'string' || input.type === 'file' ? (
        <TextField path={`${path}.default`} label="Default" placeholder="none: it must be given" isLong />
      ) : input.type === 'number' ? (
        <NumberField path={`${path}.default`} label="Default" placeholder="none: it must be given" decimals={6} />
      ) : input.type === 'boolean' ? (
        <SwitchField path={`${path}.default`} label="Default" />
      ) : (
        <JsonField isPlain path={`${path}.default`} label="Default" lines={1} />
      )}
      <SwitchField path={`${path}.isOptional`} label="May be left out" />
    </fieldset>
  );
}

function withRenamedInput(definition: Definition, name: string, next: string): Definition {
  const inputs = Object.entries(definition.inputs ?? {}).map(([each, input]) => [each === name ? next : each, input]);
  return {
    ...definition,
    inputs: Object.fromEntries(inputs),
    steps: definition.steps.map((step) => renameInput(step, name, next)),
  };
}
