'use client';

import { Button, FileButton, Modal, SegmentedControl, Skeleton } from '@mantine/core';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useClient } from 'urql';
import { ExperimentTextDocument, type ExperimentTextFormat } from '../../gql/experiments.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { downloadText } from '../workflows/download-text.ts';
import { isMap, type JsonMap } from './definition.ts';
import classes from './dialogs.module.css';
import { fileNameOf } from './file-name.ts';

const CodeEditor = dynamic(() => import('../workflows/code-editor.tsx').then((module) => module.CodeEditor), {
  ssr: false,
  loading: () => <Skeleton h={320} radius={6} />,
});

const noNames = { variables: [], tags: [], filters: [], functions: [] };
const largestFile = 500_000;

interface Props {
  name: string;
  definition: JsonMap;
  onApply(definition: JsonMap): void;
  onClose(): void;
}

/** The whole definition as JSON or YAML: to read, to change by hand, to take along and to bring in. */
export function DefinitionDialog({ name, definition, onApply, onClose }: Props) {
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2));
  const client = useClient();
  const [format, setFormat] = useState<ExperimentTextFormat>('JSON');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const read = (file: File | null) => {
    if (!file) return;
    if (file.size > largestFile) return setProblem('A definition has at most 500,000 characters.');
    void file.text().then((content) => {
      setText(content);
      setProblem(undefined);
    });
  };
  /** What the text says, and the same as written in a format; undefined when it cannot be read. */
  const ask = async (wanted: ExperimentTextFormat) => {
    setBusy(true);
    const { data, error } = await client.query(ExperimentTextDocument, { text, format: wanted }).toPromise();
    setBusy(false);
    const found = data?.experimentText;
    if (found && found.problem === null) return found;
    setProblem(found?.problem ?? (error ? describeFailure(error).message : 'The text could not be read.'));
    return undefined;
  };
  const change = async (wanted: string) => {
    const next = wanted === 'YAML' ? 'YAML' : 'JSON';
    const found = await ask(next);
    if (!found?.text) return;
    setFormat(next);
    setText(found.text);
    setProblem(undefined);
  };
  const apply = async () => {
    const found = await ask(format);
    if (!isMap(found?.definition)) return;
    onApply(found.definition);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} size={820} title="Definition as text" closeButtonProps={{ 'aria-label': 'Close' }}>
      <SegmentedControl
        size="xs"
        mb="xs"
        aria-label="Format"
        data={['JSON', 'YAML']}
        value={format}
        onChange={(wanted) => void change(wanted)}
      />
      <CodeEditor
        value={text}
        label="Definition as text"
        key={format}
        language={format === 'JSON' ? 'json' : 'template'}
        known={noNames}
        problems={[]}
        isReadOnly={false}
        lines={20}
        onChange={(next: string) => {
          setText(next);
          setProblem(undefined);
        }}
      />
      {problem ? (
        <p className={classes.error} role="alert">
          {problem}
        </p>
      ) : null}
      <div className={classes.actions}>
        <span>
          <FileButton accept=".json,.yaml,.yml" onChange={read}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={15} />} mr={8}>
                Open a file
              </Button>
            )}
          </FileButton>
          <Button
            variant="default"
            leftSection={<IconDownload size={15} />}
            onClick={() => downloadText(`${fileNameOf(name)}.${format.toLowerCase()}`, text)}
          >
            Download
          </Button>
        </span>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={isBusy} onClick={() => void apply()}>
          Use this
        </Button>
      </div>
    </Modal>
  );
}
