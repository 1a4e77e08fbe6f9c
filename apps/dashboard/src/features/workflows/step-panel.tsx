'use client';

import { TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { type Json, type Step, stepName } from './definition.ts';
import { changeStep, renameStep } from './edit-steps.ts';
import { useEditorParts } from './editor-context.ts';
import { type FieldScope, FieldScopeContext } from './field-scope.ts';
import fields from './fields.module.css';
import { ChoiceField, DurationField, FieldGroup, StepsField, TextField } from './plain-fields.tsx';
import { problemsAt } from './problem-place.ts';
import { StepFields } from './step-fields.tsx';
import { StepMenu } from './step-menu.tsx';
import classes from './step-panel.module.css';
import { StepTypeIcon } from './step-type-icon.tsx';
import { stepTypeWords } from './step-words.ts';
import { useKnownNames } from './use-known-names.ts';
import { writeAt } from './value-path.ts';

const joins = [
  { value: 'all', label: 'All of them', hint: 'The step is skipped when one of them was.' },
  { value: 'any', label: 'Any of them', hint: 'The step runs when any of them was not skipped.' },
];
const failures = [
  { value: 'fail-run', label: 'Fails the run' },
  { value: 'continue', label: 'Goes on', hint: 'Later steps find null in place of the output.' },
  { value: 'skip-dependents', label: 'Skips what follows' },
];

/** Everything about one step. Mounted anew for each step. */
export function StepPanel({ step, onRenamed }: { step: Step; onRenamed(id: string): void }) {
  const { editor, problems } = useEditorParts();
  const { definition, isReadOnly, edit } = editor;
  const known = useKnownNames(definition, step.id);
  const index = definition.steps.indexOf(step);
  const prefix = `steps[${index}].`;
  const { id } = step;
  const scope = useMemo<FieldScope>(() => {
    const writeAll = (values: readonly (readonly [string, Json | undefined])[], about?: string) =>
      edit(
        (before) =>
          changeStep(before, id, (known) =>
            values.reduce<Step>((map, [path, value]) => writeAt(map, path, value), known),
          ),
        about,
      );
    return {
      map: step,
      prefix,
      isReadOnly,
      problems: problems.all,
      write: (path, value) => writeAll([[path, value]], `${id} ${path}`),
      writeAll: (values) => writeAll(values),
    };
  }, [step, id, prefix, isReadOnly, problems.all, edit]);
  const isFlowSet = step.after !== undefined || step.join !== undefined || step.onFailure !== undefined;
  const isFlowWrong = ['after', 'join', 'onFailure', 'deadlineMs'].some(
    (path) => problemsAt(problems.all, prefix + path).length > 0,
  );
  const whole = problems.all.filter(({ path }) => path === prefix.slice(0, -1));

  return (
    <FieldScopeContext value={scope}>
      <section className={classes.panel} aria-label={`Step ${stepName(step)}`}>
        <div className={classes.type}>
          <StepTypeIcon type={step.type} /> {stepTypeWords[step.type].label}
          <span>{stepTypeWords[step.type].hint}</span>
          <StepMenu step={step} className={classes.menu} />
        </div>
        <div className={fields.pair}>
          <TextField path="title" label="Title" placeholder={id} maxLength={120} />
          <IdField key={id} step={step} onRenamed={onRenamed} />
        </div>
        {whole.length > 0 ? (
          <ul className={fields.messages} data-field={prefix.slice(0, -1)}>
            {whole.map(({ message, suggestion, isError }) => (
              <li key={message} data-tone={isError ? 'bad' : 'warn'}>
                {message} {suggestion}
              </li>
            ))}
          </ul>
        ) : null}
        <StepFields step={step} known={known} />
        <div>
          <FieldGroup
            title="When it runs"
            note={step.after ? `waits for ${step.after.join(', ')}` : undefined}
            isOpen={isFlowWrong || (isFlowSet && isFlowWrong)}
          >
            <StepsField
              path="after"
              label="Waits for"
              description="Besides the steps that its texts name."
              stepId={id}
            />
            <ChoiceField path="join" label="Needs" choices={joins} usual="all" />
            <ChoiceField path="onFailure" label="When it fails" choices={failures} usual="fail-run" />
            <DurationField path="deadlineMs" label="Deadline of the step" placeholder="none" />
          </FieldGroup>
          <FieldGroup title="Notes" note={typeof step.description === 'string' ? 'written' : undefined}>
            <TextField path="description" label="What it is for" isLong maxLength={2000} />
          </FieldGroup>
        </div>
      </section>
    </FieldScopeContext>
  );
}

const idPattern = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** The id of a step; changing it changes every text and list that names it. */
function IdField({ step, onRenamed }: { step: Step; onRenamed(id: string): void }) {
  const { editor } = useEditorParts();
  const [typed, setTyped] = useState(step.id);
  const isTaken = typed !== step.id && editor.definition.steps.some(({ id }) => id === typed);
  const problem = !idPattern.test(typed)
    ? 'Letters, digits and underscores, beginning with a letter.'
    : isTaken
      ? 'Another step has this id.'
      : undefined;
  const commit = (event?: FormEvent) => {
    event?.preventDefault();
    if (problem !== undefined) return setTyped(step.id);
    if (typed === step.id) return;
    editor.edit((before) => renameStep(before, step.id, typed));
    onRenamed(typed);
  };
  return (
    <form onSubmit={commit}>
      <TextInput
        label="Id"
        description="Later steps write steps.id.output"
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={typed}
        error={problem}
        readOnly={editor.isReadOnly}
        spellCheck={false}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => commit()}
      />
    </form>
  );
}
