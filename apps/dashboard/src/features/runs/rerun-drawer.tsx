'use client';

import { Alert, Button, Checkbox, Drawer, Group, TagsInput, Textarea } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { type FormEvent, useMemo, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { RerunWorkflowDocument } from '../../gql/runs.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import drawerClasses from '../providers/provider-drawer.module.css';
import { readDraft } from '../workflows/definition.ts';
import classes from './rerun-drawer.module.css';
import { askingSteps, formOfRun, rerunInput } from './rerun-form.ts';
import type { RunDetails } from './run-record.ts';
import { runAddress } from './run-table.tsx';

interface Props {
  run: RunDetails;
  /** The filters of the list, for the address of the new run. */
  filters: string;
  onClose(): void;
}

/** Repeats a run with other inputs or other models. What nothing changed for is taken over and costs nothing. */
export function RerunDrawer({ run, filters, onClose }: Props) {
  const router = useRouter();
  const choices = useModelChoices();
  const definition = useMemo(
    () => readDraft(run.definition, run.workflowName).definition,
    [run.definition, run.workflowName],
  );
  const before = useMemo(() => formOfRun(definition, run.inputs), [definition, run.inputs]);
  const steps = useMemo(() => askingSteps(definition), [definition]);
  const [form, setForm] = useState(before);
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const [refusal, setRefusal] = useState<string>();
  const [{ fetching }, rerun] = useMutation(RerunWorkflowDocument);
  const idempotencyKey = useRef(crypto.randomUUID());
  const models = choices.models.filter(({ isAvailable }) => isAvailable).map(({ modelId }) => modelId);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setRefusal(undefined);
    const read = rerunInput(run.id, form, before, definition);
    setProblems('problems' in read ? read.problems : {});
    if ('problems' in read) return;
    const { data, error } = await rerun({ input: { ...read.input, idempotencyKey: idempotencyKey.current } });
    const result = data?.rerunWorkflow;
    if (!error) idempotencyKey.current = crypto.randomUUID();
    if (result?.__typename !== 'RerunWorkflowSuccess') return setRefusal(refusalText(result, error));
    router.push(runAddress(result.run.id, filters));
  };

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={600}
      title="Rerun with changes"
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: drawerClasses.body }}
    >
      <form onSubmit={submit} noValidate className={drawerClasses.form}>
        <div className={`${drawerClasses.fields} ${classes.groups}`}>
          <p className={classes.note}>
            A new run of the same version. Steps for which nothing changes keep their outputs: nobody is asked again,
            and nothing is paid again.
          </p>
          {Object.keys(form.inputs).length > 0 ? (
            <fieldset className={classes.group}>
              <legend>Inputs</legend>
              {Object.entries(form.inputs).map(([name, text]) => (
                <Textarea
                  key={name}
                  label={definition.inputs?.[name]?.title ?? name}
                  description={definition.inputs?.[name]?.type}
                  autosize
                  minRows={1}
                  maxRows={12}
                  value={text}
                  error={problems[name]}
                  onChange={(event) => {
                    const { value } = event.currentTarget;
                    setForm((known) => ({ ...known, inputs: { ...known.inputs, [name]: value } }));
                  }}
                />
              ))}
            </fieldset>
          ) : null}
          {steps.length > 0 ? (
            <fieldset className={classes.group}>
              <legend>Other models</legend>
              {steps.map(({ stepId, name, asked }) => (
                <TagsInput
                  key={stepId}
                  label={name}
                  description={`Asked before: ${asked || 'whoever the router chose'}`}
                  placeholder={form.models[stepId]?.length ? undefined : 'As before'}
                  data={models}
                  limit={60}
                  maxTags={8}
                  value={[...(form.models[stepId] ?? [])]}
                  onChange={(names) => setForm((known) => ({ ...known, models: { ...known.models, [stepId]: names } }))}
                />
              ))}
              <p className={classes.note}>
                Models, aliases, chains or role:name, in the order in which they are asked.
              </p>
            </fieldset>
          ) : null}
          <Checkbox
            label="Execute every step anew"
            description="Also those for which nothing changed. All of it is paid again."
            checked={form.isWhole}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              setForm((known) => ({ ...known, isWhole: checked }));
            }}
          />
        </div>
        <footer className={drawerClasses.footer}>
          {refusal ? (
            <Alert color="red" role="alert">
              {refusal}
            </Alert>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching}>
              Run it
            </Button>
          </Group>
        </footer>
      </form>
    </Drawer>
  );
}
