'use client';

import { Button, Group, Modal, Skeleton, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { PublishWorkflowDocument } from '../../gql/workflows.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { ChangeList } from './change-list.tsx';
import { useEditorParts } from './editor-context.ts';
import classes from './publish-dialog.module.css';
import { plural } from './step-words.ts';
import { type WorkflowProblem, WorkflowProblemList } from './workflow-problem-list.tsx';

interface Props {
  onClose(): void;
  onOpenProblem(problem: WorkflowProblem): void;
}

/** The last look before a draft comes into force: what changes, in words, and why. */
export function PublishDialog({ onClose, onOpenProblem }: Props) {
  const { editor, problems: known } = useEditorParts();
  const { workflow, definition, save } = editor;
  const [, publish] = useMutation(PublishWorkflowDocument);
  const [note, setNote] = useState('');
  const [refusal, setRefusal] = useState<string>();
  const [problems, setProblems] = useState<readonly WorkflowProblem[]>([]);
  const [isBusy, setBusy] = useState(false);
  const [revision, setRevision] = useState<number>();
  const current = workflow.publishedVersion ?? 0;
  const isOutdated = workflow.draft !== null && workflow.draft.basedOn !== current;

  // The dialog compares what is saved, so everything is saved first.
  const latest = useRef({ save, onClose });
  latest.current = { save, onClose };
  useEffect(() => {
    void latest.current.save().then((saved) => (saved === undefined ? latest.current.onClose() : setRevision(saved)));
  }, []);

  const submit = async () => {
    setBusy(true);
    setRefusal(undefined);
    const based = isOutdated ? await save(current) : revision;
    if (based === undefined) {
      setBusy(false);
      return setRefusal('The draft could not be saved. Close this and look at the message above the editor.');
    }
    const { data, error } = await publish({
      input: { workflowId: workflow.id, revision: based, ...(note.trim() ? { note: note.trim() } : {}) },
    });
    setBusy(false);
    const result = data?.publishWorkflow;
    if (result?.__typename === 'WorkflowPublishedSuccess') {
      if (result.workflow) editor.adopt(result.workflow, true);
      notifications.show({
        message: `Version ${result.version?.version ?? current + 1} is in force for every run from now on.`,
      });
      return onClose();
    }
    if (result?.__typename === 'InvalidWorkflowError') setProblems(result.problems);
    setRefusal(refusalText(result, error));
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={`Publish version ${current + 1}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack gap="sm">
        {isOutdated ? (
          <p className={classes.warning}>
            Version {current} was published after this draft was begun. What stands below takes its place.
          </p>
        ) : null}
        <p className={classes.note}>
          {current === 0
            ? `The first version: ${plural(definition.steps.length, 'step')}. From then on apps can run workflow:${definition.name}.`
            : 'These changes come into force for every run that starts from now on. Any earlier version can be put back.'}
        </p>
        {definition.name === workflow.name ? null : (
          <p className={classes.warning}>
            The name changes from {workflow.name} to {definition.name}: apps that ask for workflow:{workflow.name} no
            longer find it.
          </p>
        )}
        {current === 0 ? null : revision === undefined ? (
          <Skeleton h={80} radius={8} />
        ) : (
          <ChangeList workflowId={workflow.id} from={current} to={0} />
        )}
        {known.warningCount > 0 && problems.length === 0 ? (
          <p className={classes.note}>{plural(known.warningCount, 'warning')}, which keep it from nothing.</p>
        ) : null}
        <Textarea
          label="Note"
          description="What changed and why, for those who read the history."
          autosize
          minRows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          data-autofocus
        />
        {problems.length > 0 ? (
          <WorkflowProblemList
            problems={problems}
            onOpen={(problem) => {
              onClose();
              onOpenProblem(problem);
            }}
          />
        ) : null}
        {refusal ? (
          <p className={classes.problem} role="alert">
            {refusal}
          </p>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={isBusy} disabled={revision === undefined} onClick={submit}>
            Publish
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
