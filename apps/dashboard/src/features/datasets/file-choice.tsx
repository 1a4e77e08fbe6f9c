'use client';

import { Button, FileButton, Progress } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { formatCount } from '../../format/number-format.ts';
import classes from './file-choice.module.css';
import { largestFileWords } from './read-text-file.ts';

export interface ChosenFile {
  readonly name: string;
  readonly bytes: number;
  readonly lines: number;
}

interface Props {
  file: ChosenFile | undefined;
  /** 0 to 1 while it is read. */
  progress: number | undefined;
  problem: string | undefined;
  onChoose(file: File): void;
}

/** Where a file is dropped or chosen; says its limits before. */
export function FileChoice({ file, progress, problem, onChoose }: Props) {
  const [isDragged, setDragged] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDragged(false);
    const dropped = event.dataTransfer.files[0];
    if (dropped) onChoose(dropped);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut of the button.
    <div
      className={classes.drop}
      data-dragged={isDragged || undefined}
      data-small={file ? true : undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setDragged(true);
      }}
      onDragLeave={() => setDragged(false)}
      onDrop={drop}
    >
      {file ? (
        <p className={classes.name}>
          <strong>{file.name}</strong>
          <span>
            {file.bytes < 1024 * 1024
              ? `${formatCount(Math.max(1, file.bytes / 1024))} kB`
              : `${(file.bytes / 1024 / 1024).toFixed(1)} MB`}
            , {formatCount(file.lines)} {file.lines === 1 ? 'line' : 'lines'}
          </span>
        </p>
      ) : (
        <p className={classes.name}>
          <strong>Drop a CSV or JSONL file here</strong>
          <span>At most {largestFileWords}, 200,000 items and 200 columns; as UTF-8.</span>
        </p>
      )}
      <FileButton accept=".csv,.tsv,.txt,.jsonl,.ndjson,.json" onChange={(chosen) => chosen && onChoose(chosen)}>
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconFileImport size={16} />}>
            {file ? 'Choose another file' : 'Choose a file'}
          </Button>
        )}
      </FileButton>
      {progress === undefined ? null : (
        <Progress className={classes.progress} value={progress * 100} aria-label="Reading the file" />
      )}
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
