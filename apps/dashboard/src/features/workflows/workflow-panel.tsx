'use client';

import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { CodeField } from './code-field.tsx';
import type { Definition, Json } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import { type FieldScope, FieldScopeContext } from './field-scope.ts';
import inputClasses from './input-fields.module.css';
import { InputFields } from './input-fields.tsx';
import { DurationField, FieldGroup, NumberField, TextField } from './plain-fields.tsx';
import { problemsAt } from './problem-place.ts';
import classes from './step-panel.module.css';
import type { KnownNames } from './text-completions.ts';
import { writeAt } from './value-path.ts';

/** What belongs to the workflow as a whole: its name, inputs, outputs and limits. */
export function WorkflowPanel() {
  const { editor, problems } = useEditorParts();
  const { definition, isReadOnly, edit } = editor;
  const scope = useMemo<FieldScope>(() => {
    const writeAll = (values: readonly (readonly [string, Json | undefined])[], about?: string) =>
      edit((before) => values.reduce<Definition>((map, [path, value]) => writeAt(map, path, value), before), about);
    return {
      map: definition,
      prefix: '',
      isReadOnly,
      problems: problems.all,
      write: (path, value) => writeAll([[path, value]], path),
      writeAll: (values) => writeAll(values),
    };
  }, [definition, isReadOnly, problems.all, edit]);
  const outputs = Object.keys(definition.outputs ?? {});
  const known = useMemo<KnownNames>(() => {
    const inputs = Object.keys(definition.inputs ?? {}).map((name) => ({ text: `inputs.${name}`, type: 'input' }));
    const steps = definition.steps.map(({ id, type }) => ({ text: `steps.${id}.output`, type }));
    return { variables: [...steps, ...inputs], tags: [], filters: [], functions: [] };
  }, [definition]);
  return (
    <FieldScopeContext value={scope}>
      <section className={classes.panel} aria-label="Workflow">
        <TextField path="title" label="Title" placeholder={definition.name} maxLength={120} />
        <TextField
          path="name"
          label="Name"
          description="Callers ask for workflow:name. A new name holds from the next publication on."
          maxLength={64}
        />
        <TextField path="description" label="Description" isLong maxLength={5000} />
        <div>
          <FieldGroup title="Inputs" isOpen note={Object.keys(definition.inputs ?? {}).join(', ') || undefined}>
            <InputFields />
          </FieldGroup>
          <FieldGroup
            title="Outputs"
            isLazy
            isOpen={problemsAt(problems.all, 'outputs').length > 0}
            note={outputs.join(', ') || 'of the last steps'}
          >
            <div className={inputClasses.inputs}>
              {outputs.map((name) => (
                <OutputCard key={name} name={name} known={known} />
              ))}
              {isReadOnly ? null : (
                <Button
                  size="xs"
                  variant="default"
                  leftSection={<IconPlus size={15} />}
                  onClick={() =>
                    edit((before) => {
                      const last = before.steps.at(-1)?.id;
                      let name = 'result';
                      for (let number = 2; Object.hasOwn(before.outputs ?? {}, name); number += 1)
                        name = `result_${number}`;
                      const text = last === undefined ? 'inputs' : `steps.${last}.output`;
                      return { ...before, outputs: { ...before.outputs, [name]: text } };
                    })
                  }
                >
                  Add an output
                </Button>
              )}
            </div>
          </FieldGroup>
          <FieldGroup title="Limits of a run">
            <DurationField path="deadlineMs" label="Deadline" placeholder="24 hours" />
            <NumberField path="maxParallelCalls" label="Calls at a time" placeholder="16" min={1} max={256} />
          </FieldGroup>
        </div>
      </section>
    </FieldScopeContext>
  );
}

function OutputCard({ name, known }: { name: string; known: KnownNames }) {
  const { editor } = useEditorParts();
  const [typed, setTyped] = useState(name);
  const { outputs = {} } = editor.definition;
  const isFit = /^[A-Za-z]\w{0,63}$/.test(typed) && (typed === name || !Object.hasOwn(outputs, typed));
  const rename = () => {
    if (!isFit) return setTyped(name);
    if (typed === name) return;
    const entries = Object.entries(outputs).map(([each, text]) => [each === name ? typed : each, text]);
    editor.edit((before) => ({ ...before, outputs: Object.fromEntries(entries) }));
  };
  return (
    <fieldset className={inputClasses.input}>
      <legend className="visually-hidden">Output {name}</legend>
      <div className={inputClasses.head} style={{ gridTemplateColumns: '1fr auto' }}>
        <TextInput
          label="Name"
          value={typed}
          error={isFit ? undefined : 'Letters, digits and underscores; each name once.'}
          readOnly={editor.isReadOnly}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={rename}
        />
        {editor.isReadOnly ? null : (
          <ActionIcon
            mt={25}
            aria-label={`Remove output ${name}`}
            onClick={() =>
              editor.edit((before) => {
                const { [name]: _gone, ...rest } = before.outputs ?? {};
                const { outputs: _all, ...without } = before;
                return (Object.keys(rest).length > 0 ? { ...before, outputs: rest } : without) as Definition;
              })
            }
          >
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </div>
      <CodeField path={`outputs.${name}`} label={`Value of ${name}`} language="expression" known={known} isRequired />
    </fieldset>
  );
}
