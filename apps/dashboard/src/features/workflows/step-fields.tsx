'use client';

import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { CallFields } from './call-fields.tsx';
import { CodeField } from './code-field.tsx';
import { type BranchCase, isMap, type JsonMap, type Step } from './definition.ts';
import { useField, useFieldScope } from './field-scope.ts';
import fields from './fields.module.css';
import { ChoiceField, NumberField, StepsField, SwitchField, TextField } from './plain-fields.tsx';
import classes from './step-fields.module.css';
import type { KnownNames } from './text-completions.ts';

interface Props {
  step: Step;
  known: KnownNames;
}

/** What is particular to the type of a step. */
export function StepFields({ step, known }: Props) {
  switch (step.type) {
    case 'prompt':
      return <CallFields prefix="" stepId={step.id} known={known} />;
    case 'transform':
      return <TransformFields prefix="" known={known} />;
    case 'branch':
      return <BranchFields step={step} known={known} />;
    case 'map':
      return <MapFields step={step} known={known} />;
    case 'merge':
      return <MergeFields step={step} known={known} />;
    case 'approval':
      return <ApprovalFields known={known} />;
  }
}

/** A template, or an expression: the one is taken away when the other is chosen. */
function TransformFields({ prefix, known }: { prefix: string; known: KnownNames }) {
  const value = useField(`${prefix}value`);
  const { writeAll, isReadOnly } = useFieldScope();
  const isValue = value.value !== undefined;
  return (
    <div className={fields.fields}>
      <SegmentedControl
        aria-label="Made by"
        fullWidth
        disabled={isReadOnly}
        data={[
          { value: 'template', label: 'A template' },
          { value: 'value', label: 'An expression' },
        ]}
        value={isValue ? 'value' : 'template'}
        onChange={(kind) =>
          writeAll([
            [`${prefix}${kind === 'value' ? 'template' : 'value'}`, undefined],
            [`${prefix}${kind}`, kind === 'value' ? 'inputs' : ''],
          ])
        }
      />
      {isValue ? (
        <CodeField
          path={`${prefix}value`}
          label="Value"
          description="An expression in CEL; its value is the output."
          language="expression"
          known={known}
          lines={3}
          isRequired
        />
      ) : (
        <CodeField
          path={`${prefix}template`}
          label="Template"
          description="Its text is the output."
          language="template"
          known={known}
          isRequired
        />
      )}
    </div>
  );
}

function BranchFields({ step, known }: Props) {
  const cases = useField('cases');
  const list = step.cases ?? [];
  const change = (next: readonly BranchCase[]) => cases.set(next);
  return (
    <div className={fields.fields} {...cases.mark}>
      {list.map((_, index) => (
        <fieldset key={index} className={classes.case}>
          <legend>{index === 0 ? 'If' : 'Else if'}</legend>
          <CodeField
            path={`cases[${index}].when`}
            label={`Condition ${index + 1}`}
            language="expression"
            known={known}
            hint={'steps.check.output == "yes"'}
            isRequired
          />
          <StepsField path={`cases[${index}].goTo`} label="Go to" stepId={step.id} keepsEmpty />
          {list.length > 1 && !cases.isReadOnly ? (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconTrash size={14} />}
              onClick={() => change(list.filter((_case, place) => place !== index))}
            >
              Remove condition {index + 1}
            </Button>
          ) : null}
        </fieldset>
      ))}
      {cases.isReadOnly ? null : (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={15} />}
          justify="start"
          onClick={() => change([...list, { when: 'true', goTo: [] }])}
        >
          Add a condition
        </Button>
      )}
      <StepsField path="default" label="Otherwise go to" placeholder="nowhere" stepId={step.id} keepsEmpty />
    </div>
  );
}

function MapFields({ step, known }: Props) {
  const { write, isReadOnly } = useFieldScope();
  const body = isMap(step.do) ? step.do : {};
  const isPrompt = body.type === 'prompt';
  return (
    <>
      <div className={fields.fields}>
        <CodeField
          path="over"
          label="List"
          description="An expression that gives the list."
          language="expression"
          known={known}
          hint="inputs.items"
          isRequired
        />
        <SegmentedControl
          aria-label="Done with every entry"
          fullWidth
          disabled={isReadOnly}
          data={[
            { value: 'prompt', label: 'Ask a model' },
            { value: 'transform', label: 'Transform' },
          ]}
          value={isPrompt ? 'prompt' : 'transform'}
          onChange={(kind) =>
            write(
              'do',
              kind === 'prompt'
                ? { type: 'prompt', role: 'coder', prompt: '{{ item }}' }
                : { type: 'transform', template: '{{ item }}' },
            )
          }
        />
        <div className={fields.pair}>
          <NumberField path="concurrency" label="At a time" placeholder="4" min={1} max={64} />
          <NumberField path="maxItems" label="Longest list" placeholder="1,000" min={1} max={10_000} step={100} />
          <NumberField
            path="maxFailedShare"
            label="May fail, %"
            placeholder="0"
            min={0}
            max={100}
            factor={0.01}
            decimals={1}
          />
        </div>
      </div>
      {isPrompt ? (
        <CallFields prefix="do." stepId={step.id} known={known} />
      ) : (
        <TransformFields prefix="do." known={known} />
      )}
    </>
  );
}

const modes = [
  { value: 'best', label: 'Best', hint: 'One of the outputs is taken.' },
  { value: 'vote', label: 'Vote', hint: 'The output that most sources agree on is taken.' },
  { value: 'concatenate', label: 'Concatenate', hint: 'All outputs, one after the other.' },
  { value: 'llm', label: 'By a model', hint: 'A model makes one answer of all; the outputs are its candidates.' },
];
const measures = [
  {
    value: 'first',
    label: 'The first there is',
    hint: 'In the order of the list: of a branch, the way that was taken.',
  },
  { value: 'rating', label: 'Best rated', hint: 'By ratings of people, judges, or what is known of the model.' },
  { value: 'score', label: 'Highest score', hint: 'An expression gives a number for each candidate.' },
  { value: 'longest', label: 'Longest' },
  { value: 'shortest', label: 'Shortest' },
];
const ties = [
  { value: 'first', label: 'Take the first' },
  { value: 'fail', label: 'Fail' },
];
const shapes = [
  { value: 'text', label: 'Text' },
  { value: 'list', label: 'A list' },
];
/** What belongs to one mode only, and goes when another is chosen. */
const ofModes = ['by', 'score', 'key', 'minShare', 'onTie', 'as', 'separator', 'heading'];
const ofModels = [
  'role',
  'models',
  'parameters',
  'strategy',
  'delivery',
  'retry',
  'deadlines',
  'needs',
  'output',
  'ratingShare',
  'tags',
  'system',
  'prompt',
];

const mergePrompt =
  'Make one answer of these:\n{% for candidate in candidates %}\n{{ candidate.output }}\n{% endfor %}';

function MergeFields({ step, known }: Props) {
  const { writeAll, isReadOnly } = useFieldScope();
  const { mode } = step;
  const choose = (next: string) => {
    const gone = [...ofModes, ...ofModels].filter((field) => step[field] !== undefined);
    const fresh: Readonly<Record<string, JsonMap>> = {
      best: { by: 'first' },
      llm: { role: 'coder', prompt: mergePrompt },
    };
    writeAll([
      ...gone.map((field) => [field, undefined] as const),
      ['mode', next],
      ...Object.entries(fresh[next] ?? {}),
    ]);
  };
  return (
    <>
      <div className={fields.fields}>
        <StepsField path="from" label="Of these steps" stepId={step.id} keepsEmpty />
        <SegmentedControl
          aria-label="Merged by"
          fullWidth
          disabled={isReadOnly}
          data={modes.map(({ value, label }) => ({ value, label }))}
          value={mode ?? 'best'}
          onChange={choose}
        />
        <p className={fields.description}>{modes.find(({ value }) => value === mode)?.hint}</p>
        {mode === 'best' ? <ChoiceField path="by" label="Which is best" choices={measures} /> : null}
        {mode === 'best' && step.by === 'score' ? (
          <CodeField
            path="score"
            label="Score"
            description="A number; candidate.output is the output."
            language="expression"
            known={known}
            isRequired
          />
        ) : null}
        {mode === 'vote' ? (
          <>
            <CodeField
              path="key"
              label="What is counted"
              description="Absent: the whole output."
              language="expression"
              known={known}
              hint="candidate.output.verdict"
            />
            <div className={fields.pair}>
              <NumberField
                path="minShare"
                label="Needed share, %"
                placeholder="none"
                min={0}
                max={100}
                factor={0.01}
                decimals={1}
              />
              <ChoiceField path="onTie" label="On a tie" choices={ties} usual="first" />
            </div>
          </>
        ) : null}
        {mode === 'concatenate' ? (
          <>
            <div className={fields.pair}>
              <ChoiceField path="as" label="As" choices={shapes} usual="text" />
              <TextField path="separator" label="Between them" placeholder="an empty line" />
            </div>
            <CodeField
              path="heading"
              label="Heading of each"
              description="A template; candidate.step is its step."
              language="template"
              known={known}
              lines={1}
            />
          </>
        ) : null}
      </div>
      {mode === 'llm' ? <CallFields prefix="" stepId={step.id} known={known} /> : null}
    </>
  );
}

const roles = [
  { value: 'developer', label: 'Developers and above' },
  { value: 'admin', label: 'Admins and owners' },
  { value: 'owner', label: 'Owners' },
];
const timeouts = [
  { value: 'fail', label: 'Fails the step' },
  { value: 'approve', label: 'Counts as yes' },
  { value: 'reject', label: 'Counts as no' },
];
const rejections = [
  { value: 'skip-dependents', label: 'Skips what follows' },
  { value: 'continue', label: 'Goes on', hint: 'Later steps look at output.approved.' },
  { value: 'fail-run', label: 'Fails the run' },
];

function ApprovalFields({ known }: { known: KnownNames }) {
  return (
    <div className={fields.fields}>
      <CodeField
        path="message"
        label="Question"
        description="What the person is asked."
        language="template"
        known={known}
        isRequired
      />
      <CodeField
        path="subject"
        label="What is shown"
        description="An expression; the output holds it, with what the person changed."
        language="expression"
        known={known}
        hint="steps.draft.output"
      />
      <SwitchField path="canEdit" label="The person may change it" />
      <div className={fields.pair}>
        <ChoiceField path="approvers" label="Who may decide" choices={roles} usual="developer" />
        <ChoiceField path="onReject" label="A no" choices={rejections} usual="skip-dependents" />
        <ChoiceField path="onTimeout" label="No answer in time" choices={timeouts} usual="fail" />
      </div>
    </div>
  );
}
