'use client';

import { Button, Group, Modal, Radio, Skeleton, TextInput } from '@mantine/core';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import {
  CreateWorkflowDocument,
  CreateWorkflowFromGalleryDocument,
  WorkflowGalleryDocument,
} from '../../gql/workflows.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { readDraft } from './definition.ts';
import { editorHref } from './listed-workflow.ts';
import classes from './new-workflow-dialog.module.css';
import { plural } from './step-words.ts';
import { WorkflowPicture } from './workflow-picture.tsx';

const blank = '';
const categories: Readonly<Record<string, string>> = {
  coding: 'Coding',
  writing: 'Writing',
  customers: 'Customers',
  data: 'Data',
};

interface Props {
  /** The gallery's entry to begin with. */
  initial?: string | undefined;
  onClose(): void;
}

/** A new workflow: blank, or one of the gallery with the picture of its graph. Opens the editor. */
export function NewWorkflowDialog({ initial, onClose }: Props) {
  const router = useRouter();
  const [{ data }] = useQuery({ query: WorkflowGalleryDocument });
  const [, create] = useMutation(CreateWorkflowDocument);
  const [, createFromGallery] = useMutation(CreateWorkflowFromGalleryDocument);
  const [chosen, setChosen] = useState(initial ?? blank);
  const [typed, setTyped] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const name = typed ?? chosen;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    const answer =
      chosen === blank
        ? await create({ input: { name } }).then(({ data: made, error }) => ({ result: made?.createWorkflow, error }))
        : await createFromGallery({ input: { gallery: chosen, name } }).then(({ data: made, error }) => ({
            result: made?.createWorkflowFromGallery,
            error,
          }));
    setBusy(false);
    const { result, error } = answer;
    if (result?.__typename === 'WorkflowSuccess' && result.workflow) router.push(editorHref(result.workflow.id));
    else setProblem(refusalText(result, error));
  };

  return (
    <Modal opened onClose={onClose} title="New workflow" size={860} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Radio.Group label="Begin with" value={chosen} onChange={setChosen}>
          <div className={classes.choices}>
            <Radio.Card value={blank} className={classes.choice}>
              <span className={classes.head}>
                <Radio.Indicator size="xs" /> <strong>Blank</strong>
              </span>
              <span className={classes.hint}>No steps yet. The first one is a click away.</span>
            </Radio.Card>
            {data?.workflowGallery.map(({ name: entry, title, description, category, definition }) => {
              const read = readDraft(definition, entry).definition;
              return (
                <Radio.Card key={entry} value={entry} className={classes.choice}>
                  <span className={classes.head}>
                    <Radio.Indicator size="xs" /> <strong>{title}</strong>
                    <span className={classes.category}>
                      {categories[category] ?? category}, {plural(read.steps.length, 'step')}
                    </span>
                  </span>
                  <span className={classes.hint}>{description}</span>
                  <WorkflowPicture definition={read} />
                </Radio.Card>
              );
            }) ?? [1, 2, 3].map((key) => <Skeleton key={key} h={120} radius={8} />)}
          </div>
        </Radio.Group>
        <div className={classes.bottom}>
          <TextInput
            className={classes.name}
            label="Name"
            description="Callers ask for it as workflow:name. Lower-case letters, digits and dashes."
            placeholder="ticket-summary"
            required
            maxLength={64}
            value={name}
            error={problem}
            onChange={(event) => setTyped(event.currentTarget.value.toLowerCase().replace(/[\s_]+/g, '-'))}
            data-autofocus
          />
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={name === ''}>
              Create
            </Button>
          </Group>
        </div>
      </form>
    </Modal>
  );
}
