'use client';

import { Button, NumberInput, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useClient, useQuery } from 'urql';
import { PreviewStepDocument, StartDraftRunDocument, WorkflowGalleryDocument } from '../../gql/workflows.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { isEnded } from '../runs/run-record.ts';
import { useRunActions } from '../runs/use-run-actions.ts';
import { isMap, type Json, stepAt, stepName, type WorkflowInput } from './definition.ts';
import { useEditorParts } from './editor-context.ts';
import type { LiveRunView } from './live-run.tsx';
import { requestKeys } from './request-keys.ts';
import { isLines, readInputs, readSample, type TypedInputs, textOfInput } from './run-inputs.ts';
import classes from './run-panel.module.css';
import { RunResults } from './run-results.tsx';
import type { Pins } from './use-pins.ts';
import { linksOf } from './workflow-links.ts';

interface Props {
  live: LiveRunView | undefined;
  pins: Pins;
  onStarted(runId: string): void;
}

type Answer = { runId: string } | { problem: string };

/** Runs the draft as it stands, or the chosen step alone with samples for what it looks at; shows what comes of it. */
export function RunPanel({ live, pins, onStarted }: Props) {
  const { editor, actions, problems } = useEditorParts();
  const { workflow, definition } = editor;
  const client = useClient();
  const [{ data: galleryData }] = useQuery({ query: WorkflowGalleryDocument });
  const [typed, setTyped] = useLocalStorage<TypedInputs>({
    key: `switchyard.run-inputs.${workflow.id}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const [samples, setSamples] = useState<Readonly<Record<string, string>>>({});
  const [wanted, setWanted] = useState<'whole' | 'step'>('whole');
  const [refusal, setRefusal] = useState<string>();
  const [shownProblems, setShownProblems] = useState<Readonly<Record<string, string>>>({});
  const [isBusy, setBusy] = useState(false);
  const [keys] = useState(() => requestKeys());

  const step = stepAt(definition, actions.selectedId);
  const isStep = wanted === 'step' && step !== undefined;
  const inputs = Object.entries(definition.inputs ?? {});
  const needed = isStep
    ? [
        ...new Set(
          linksOf(definition)
            .filter(({ to, kind }) => to === step.id && kind !== 'case')
            .map(({ from }) => from),
        ),
      ]
    : [];
  const ran = new Map(live?.open.run.steps.map(({ stepId, output }) => [stepId, output as Json | null]));
  const sampleOf = (id: string) => {
    const known = pins.outputs[id] ?? ran.get(id) ?? undefined;
    return (
      samples[id] ?? (known === undefined ? '' : typeof known === 'string' ? known : JSON.stringify(known, null, 2))
    );
  };
  const typedValue = (name: string, input: WorkflowInput) => typed[name] ?? textOfInput(input, input.default);
  const names = inputs.map(([name]) => name).sort();
  const example = galleryData?.workflowGallery.find(
    ({ sample }) => isMap(sample) && names.length > 0 && Object.keys(sample).sort().join() === names.join(),
  )?.sample;

  const startWhole = async (values: Readonly<Record<string, Json>>): Promise<Answer> => {
    const saved = editor.isReadOnly || !editor.isChanged ? undefined : await editor.save();
    if (editor.isChanged && !editor.isReadOnly && saved === undefined)
      return { problem: 'The draft could not be saved; look at the message above the editor.' };
    const version = workflow.draft || saved !== undefined ? 0 : undefined;
    const pinned = Object.entries(pins.outputs).filter(([id]) => stepAt(definition, id));
    const input = {
      workflowId: workflow.id,
      inputs: values,
      source: 'DASHBOARD' as const,
      ...(pinned.length > 0 && { pinned: pinned.map(([stepId, output]) => ({ stepId, output })) }),
      ...(version !== undefined && { version }),
    };
    const idempotencyKey = keys.keyFor(input);
    const { data, error } = await client.mutation(StartDraftRunDocument, { input: { ...input, idempotencyKey } });
    if (!error) keys.answered();
    const result = data?.startRun;
    return result?.__typename === 'StartRunSuccess'
      ? { runId: result.run.id }
      : { problem: refusalText(result, error) };
  };

  const startStep = async (stepId: string, values: Readonly<Record<string, Json>>): Promise<Answer> => {
    const outputs = needed.map((id) => ({ stepId: id, output: readSample(sampleOf(id)) }));
    const input = { definition, stepId, inputs: values, outputs };
    const idempotencyKey = keys.keyFor(input);
    const { data, error } = await client.mutation(PreviewStepDocument, { input: { ...input, idempotencyKey } });
    if (!error) keys.answered();
    const result = data?.previewStep;
    return result?.__typename === 'PreviewStepSuccess'
      ? { runId: result.run.id }
      : { problem: refusalText(result, error) };
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const all = Object.fromEntries(inputs.map(([name, input]) => [name, typedValue(name, input)]));
    const { values, problems: wrong } = readInputs(definition.inputs ?? {}, all);
    setShownProblems(wrong);
    setRefusal(undefined);
    if (Object.keys(wrong).length > 0) return;
    setBusy(true);
    const answer = isStep ? await startStep(step.id, values) : await startWhole(values);
    setBusy(false);
    if ('problem' in answer) setRefusal(answer.problem);
    else onStarted(answer.runId);
  };

  const isRunning = live !== undefined && !isEnded(live.state);
  return (
    <div className={classes.panel}>
      <form className={classes.form} onSubmit={submit} aria-label="Run">
        {step ? (
          <SegmentedControl
            fullWidth
            aria-label="What is run"
            data={[
              { value: 'whole', label: 'The whole draft' },
              { value: 'step', label: `Only ${stepName(step)}` },
            ]}
            value={isStep ? 'step' : 'whole'}
            onChange={(value) => setWanted(value as 'whole' | 'step')}
          />
        ) : null}
        {inputs.map(([name, input]) => (
          <InputField
            key={name}
            name={name}
            input={input}
            value={typedValue(name, input)}
            problem={shownProblems[name]}
            onChange={(value) => setTyped((before) => ({ ...before, [name]: value }))}
          />
        ))}
        {needed.map((id) => (
          <Textarea
            key={id}
            label={`Output of ${stepName(stepAt(definition, id) ?? { id })}`}
            description={
              pins.outputs[id] === undefined
                ? 'A sample: text or JSON. The step itself is not run.'
                : 'The pinned output.'
            }
            autosize
            minRows={2}
            maxRows={8}
            value={sampleOf(id)}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setSamples((before) => ({ ...before, [id]: value }));
            }}
          />
        ))}
        {inputs.length === 0 && needed.length === 0 ? (
          <p className={classes.note}>It takes no inputs. Add some under Workflow.</p>
        ) : null}
        {refusal ? (
          <p className={classes.refusal} role="alert">
            {refusal}
          </p>
        ) : null}
        <div className={classes.buttons}>
          <Button
            type="submit"
            leftSection={<IconPlayerPlay size={16} />}
            loading={isBusy}
            disabled={definition.steps.length === 0 || (problems.errorCount > 0 && !isStep)}
          >
            {isStep ? 'Run this step' : 'Run the draft'}
          </Button>
          {isMap(example) ? (
            <Button
              variant="subtle"
              onClick={() =>
                setTyped(Object.fromEntries(inputs.map(([name, input]) => [name, textOfInput(input, example[name])])))
              }
            >
              Fill in the example
            </Button>
          ) : null}
          {live && isRunning ? <StopButton runId={live.open.run.id} /> : null}
        </div>
        {problems.errorCount > 0 && !isStep ? (
          <p className={classes.note}>Mend the errors first: a run needs a whole definition.</p>
        ) : null}
      </form>
      {live ? <RunResults live={live} pins={pins} /> : null}
    </div>
  );
}

function StopButton({ runId }: { runId: string }) {
  const { cancel, isBusy } = useRunActions(runId, () => {});
  return (
    <Button variant="default" loading={isBusy} leftSection={<IconPlayerStop size={16} />} onClick={cancel}>
      Stop
    </Button>
  );
}

interface InputProps {
  name: string;
  input: WorkflowInput;
  value: string;
  problem: string | undefined;
  onChange(value: string): void;
}

/** One input by its type. */
function InputField({ name, input, value, problem, onChange }: InputProps) {
  const label = input.title ?? name;
  const shared = { label, error: problem, required: input.default === undefined && input.isOptional !== true };
  const description = typeof input.description === 'string' ? input.description : undefined;
  if (input.type === 'boolean')
    return (
      <Switch
        label={label}
        checked={value === 'true'}
        onChange={(event) => onChange(String(event.currentTarget.checked))}
      />
    );
  if (input.type === 'number')
    return (
      <NumberInput {...shared} description={description} value={value} onChange={(next) => onChange(String(next))} />
    );
  if (input.type === 'string' && value.length < 60 && !value.includes('\n') && input.default !== undefined)
    return (
      <TextInput
        {...shared}
        description={description}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <Textarea
      {...shared}
      description={
        isLines(input)
          ? 'One entry per line.'
          : input.type === 'object' || input.type === 'list'
            ? 'As JSON.'
            : description
      }
      autosize
      minRows={2}
      maxRows={10}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
