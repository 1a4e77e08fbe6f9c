'use client';

import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRouter } from 'next/navigation';
import { useMemo, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { ImportDatasetDocument } from '../../gql/datasets.ts';
import { BackLink } from '../../shell/back-link.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { refusalOf } from '../guardrails/refusal-of.ts';
import { type Mapping, mappingOf } from './column-mapping.ts';
import { datasetHref } from './dataset-links.ts';
import { countWords } from './dataset-words.ts';
import classes from './datasets.module.css';
import { type ChosenFile, FileChoice } from './file-choice.tsx';
import { MappingTable } from './mapping-table.tsx';
import { PreviewItems } from './preview-items.tsx';
import { ProblemLines } from './problem-lines.tsx';
import { type FileFormat, formatOf, jsonProblem, linesOf, readTextFile, UnreadableFile } from './read-text-file.ts';
import { emptyTarget, isComplete, TargetFields, targetInput } from './target-fields.tsx';
import { useImportPreview } from './use-import-preview.ts';

const shownItems = 8;

interface Refused {
  readonly problems: readonly { line: number; message: string }[];
  readonly problemCount: number;
}

/** Makes a version of a file: choose it, say which column is what, see what is wrong, say where it goes. */
export function ImportPage({ into }: { into: string | null }) {
  usePageTitle('Import a dataset');
  const router = useRouter();
  const [, importFile] = useMutation(ImportDatasetDocument);
  const [file, setFile] = useState<ChosenFile>();
  const [text, setText] = useState<string>();
  const [format, setFormat] = useState<FileFormat>('CSV');
  const [progress, setProgress] = useState<number>();
  const [fileProblem, setFileProblem] = useState<string>();
  const [mapping, setMapping] = useState<Mapping>();
  const [isSkipped, setSkipped] = useState(false);
  const [target, setTarget] = useState(() => emptyTarget(into));
  const [isBusy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused>();
  const [refusal, setRefusal] = useState<string>();
  const [nameProblem, setNameProblem] = useState<string>();
  const chosen = useRef(0);
  const { preview, failure, isCurrent, isPart, retry } = useImportPreview(text, format, mapping);
  const shown = mapping ?? (preview ? mappingOf(preview.mapping) : {});

  const choose = async (next: File) => {
    chosen.current += 1;
    const mine = chosen.current;
    const tell = (share: number | undefined) => mine === chosen.current && setProgress(share);
    for (const forget of [setText, setMapping, setRefused, setRefusal, setFileProblem, setFile]) forget(undefined);
    tell(0);
    try {
      const read = await readTextFile(next, tell);
      if (mine !== chosen.current) return;
      const isList = formatOf(next.name) === 'CSV' ? undefined : jsonProblem(read);
      if (isList) throw new UnreadableFile(isList);
      const guess = formatOf(next.name) ?? (/^\s*\{/.test(read.slice(0, 1000)) ? 'JSONL' : 'CSV');
      setFormat(guess);
      setFile({ name: next.name, bytes: next.size, lines: countLines(read) });
      setText(read);
      setTarget((before) => (before.name === '' ? { ...before, name: next.name.replace(/\.[^.]+$/, '') } : before));
    } catch (error) {
      if (mine === chosen.current)
        setFileProblem(
          error instanceof UnreadableFile ? error.message : 'The browser could not read the file. Choose it again.',
        );
    } finally {
      tell(undefined);
    }
  };

  const problems = refused?.problems ?? preview?.problems ?? [];
  const problemCount = refused?.problemCount ?? preview?.problemCount ?? 0;
  const lines = useMemo(
    () =>
      linesOf(
        text ?? '',
        format,
        problems.map(({ line }) => line),
      ),
    [text, format, problems],
  );
  const changeMapping = (next: Mapping) => {
    setMapping(next);
    setRefused(undefined);
    setRefusal(undefined);
  };
  const submit = async () => {
    if (text === undefined || !shown.input) return;
    setBusy(true);
    setRefusal(undefined);
    setNameProblem(undefined);
    const { data, error } = await importFile({
      input: {
        ...targetInput(target),
        ...{ format, content: text, skipsProblems: isSkipped, mapping: { ...shown, input: shown.input } },
      },
    });
    setBusy(false);
    const result = data?.importDataset;
    if (result?.__typename === 'DatasetVersionSuccess' && result.dataset && result.version) {
      const { itemCount, skippedCount } = result.version;
      const left = skippedCount > 0 ? `; ${countWords(skippedCount, 'line')} left out` : '';
      notifications.show({ message: `${countWords(itemCount, 'item')} imported${left}.` });
      router.push(datasetHref(result.dataset.id));
      return;
    }
    if (result?.__typename === 'InvalidDatasetFileError' && result.problemCount > 0) setRefused(result);
    const { issues, message } = refusalOf(result, error);
    const ofName = issues.find(({ path }) => path.at(-1) === 'name');
    if (ofName) setNameProblem(ofName.message);
    else setRefusal(message);
  };

  const isReady = text !== undefined && shown.input !== undefined && preview?.message == null;
  const isBlocked = problemCount > 0 && !isSkipped;
  return (
    <>
      <BackLink href={into === null ? '/datasets' : datasetHref(into)}>
        {into === null ? 'Datasets' : 'The dataset'}
      </BackLink>
      <PageHeader
        title="Import a file"
        description="All of it is there afterwards, or nothing. The file stays in your browser until you import it."
      />
      <div className={classes.card}>
        <FileChoice file={file} progress={progress} problem={fileProblem} onChoose={choose} />
      </div>
      {text === undefined ? null : (
        <>
          {failure && !preview ? <FailureNotice failure={failure} onRetry={retry} /> : null}
          {!preview && !failure ? <Skeleton h={240} radius={12} mb="md" /> : null}
          {preview ? (
            <section className={classes.card} aria-labelledby="import-columns" aria-busy={!isCurrent}>
              <h2 id="import-columns">Which column is what</h2>
              <p className={classes.hint}>
                Suggested by their names. What is nothing else is kept as a field; a prompt reaches it as{' '}
                <code className={classes.mono}>{'{{ fields.name }}'}</code>.
              </p>
              <SegmentedControl
                mb="sm"
                aria-label="Kind of file"
                data={[
                  { value: 'CSV', label: 'CSV' },
                  { value: 'JSONL', label: 'JSONL' },
                ]}
                value={format}
                onChange={(value) => {
                  setFormat(value as FileFormat);
                  setMapping(undefined);
                  setRefused(undefined);
                }}
              />
              {preview.columns.length > 0 ? (
                <MappingTable preview={preview} mapping={shown} onChange={changeMapping} />
              ) : null}
              {preview.columns.length > 0 && !shown.input ? (
                <p className={classes.refusal} role="alert">
                  Say which column is the input: it is what models are asked.
                </p>
              ) : preview.message ? (
                <p className={classes.refusal} role="alert">
                  {preview.message}
                </p>
              ) : null}
            </section>
          ) : null}
          {problemCount > 0 ? (
            <ProblemLines
              problems={problems}
              problemCount={problemCount}
              lines={lines}
              isPart={isPart && !refused}
              isSkipped={isSkipped}
              onSkip={setSkipped}
            />
          ) : null}
          {preview && preview.items.length > 0 ? (
            <section className={classes.card} aria-labelledby="import-items" aria-busy={!isCurrent}>
              <h2 id="import-items">What becomes of it</h2>
              <p className={classes.hint}>
                The first {countWords(preview.items.slice(0, shownItems).length, 'item')}
                {isPart ? '. Lines further down are checked when you import.' : '.'}
              </p>
              <PreviewItems items={preview.items.slice(0, shownItems)} label="First items" />
            </section>
          ) : null}
          {isReady ? (
            <section className={classes.card} aria-labelledby="import-target">
              <h2 id="import-target">Where it goes</h2>
              <TargetFields target={target} onChange={setTarget} nameProblem={nameProblem} />
              {refusal ? (
                <p className={classes.refusal} role="alert">
                  {refusal}
                </p>
              ) : null}
              <div className={classes.footer}>
                {isBlocked ? <span className={classes.hint}>Mend the lines above, or leave them out.</span> : null}
                <Button onClick={submit} loading={isBusy} disabled={!isComplete(target) || isBlocked}>
                  Import
                </Button>
              </div>
            </section>
          ) : null}
        </>
      )}
    </>
  );
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return text.endsWith('\n') ? count : count + 1;
}
