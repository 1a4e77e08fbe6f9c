'use client';

import { Button, FileButton, Group, Modal, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileImport } from '@tabler/icons-react';
import { useRouter } from 'next/navigation';
import { type DragEvent, type FormEvent, useEffect, useRef, useState } from 'react';
import { useClient, useMutation } from 'urql';
import { CheckWorkflowTextDocument, ImportWorkflowDocument } from '../../gql/workflows.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import classes from './import-dialog.module.css';
import { editorHref } from './listed-workflow.ts';
import { plural } from './step-words.ts';
import { type WorkflowProblem, WorkflowProblemList } from './workflow-problem-list.tsx';

const largestFile = 2_000_000;

/** Takes a definition as YAML or JSON: pasted, dropped or chosen. Says what is wrong with its line and column. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const client = useClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const [, importText] = useMutation(ImportWorkflowDocument);
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [isDragged, setDragged] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const [judged, setJudged] = useState<{ text: string; problems: readonly WorkflowProblem[] }>();
  const [settled] = useDebouncedValue(text, 350);

  useEffect(() => {
    if (settled.trim() === '') return;
    let isCurrent = true;
    void client
      .query(CheckWorkflowTextDocument, { text: settled }, { requestPolicy: 'network-only' })
      .then(({ data }) => isCurrent && data && setJudged({ text: settled, problems: data.validateWorkflow.problems }));
    return () => {
      isCurrent = false;
    };
  }, [client, settled]);

  const read = async (file: File | null | undefined) => {
    if (!file) return;
    if (file.size > largestFile) return setRefusal('A definition has at most 2,000,000 characters.');
    setRefusal(undefined);
    setText(await file.text());
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDragged(false);
    void read(event.dataTransfer.files[0]);
  };
  const goTo = ({ filePosition }: WorkflowProblem) => {
    const area = field.current;
    if (!area || !filePosition) return;
    const lines = text.split('\n').slice(0, filePosition.line - 1);
    const at = lines.reduce((sum, line) => sum + line.length + 1, 0) + filePosition.column - 1;
    area.focus();
    area.setSelectionRange(at, at);
    area.scrollTop = Math.max(0, (filePosition.line - 4) * Number.parseFloat(getComputedStyle(area).lineHeight));
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefusal(undefined);
    const { data, error } = await importText({ input: { text, ...(name.trim() ? { name: name.trim() } : {}) } });
    setBusy(false);
    const result = data?.importWorkflow;
    if (result?.__typename === 'WorkflowSuccess' && result.workflow) return router.push(editorHref(result.workflow.id));
    if (result?.__typename === 'InvalidWorkflowError') setJudged({ text, problems: result.problems });
    setRefusal(refusalText(result, error));
  };

  const problems = judged && text.trim() !== '' ? judged.problems : [];
  const errorCount = problems.filter(({ isError }) => isError).length;
  return (
    <Modal opened onClose={onClose} title="Import a workflow" size={720} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} className={classes.form}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut of the button. */}
        <div
          className={classes.drop}
          data-dragged={isDragged || undefined}
          onDragOver={(event) => {
            event.preventDefault();
            setDragged(true);
          }}
          onDragLeave={() => setDragged(false)}
          onDrop={drop}
        >
          <Textarea
            ref={field}
            label="Definition"
            description="YAML or JSON, as it was exported. Paste it, or drop a file here."
            classNames={{ input: classes.text }}
            autosize
            minRows={10}
            maxRows={18}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            data-autofocus
          />
          <FileButton accept=".yaml,.yml,.json" onChange={read}>
            {(props) => (
              <Button {...props} variant="default" size="xs" leftSection={<IconFileImport size={15} />}>
                Choose a file
              </Button>
            )}
          </FileButton>
        </div>
        <div aria-live="polite">
          {problems.length > 0 ? (
            <>
              <p className={classes.count}>
                {errorCount > 0 ? plural(errorCount, 'error') : 'No errors'}
                {problems.length > errorCount ? `, ${plural(problems.length - errorCount, 'warning')}` : ''}
              </p>
              <WorkflowProblemList problems={problems} onOpen={goTo} />
            </>
          ) : judged?.text === text && text.trim() !== '' ? (
            <p className={classes.good}>Nothing is wrong with it.</p>
          ) : null}
        </div>
        <TextInput
          label="Name"
          description="In place of the name in the text; empty keeps it."
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {refusal ? (
          <p className={classes.refusal} role="alert">
            {refusal}
          </p>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={text.trim() === ''}>
            Import
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
