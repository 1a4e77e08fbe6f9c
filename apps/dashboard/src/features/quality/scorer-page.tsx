'use client';

import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import {
  CreateSavedScorerDocument,
  SavedScorerEditorDocument,
  type SavedScorerEditorQuery,
  SaveSavedScorerDocument,
} from '../../gql/quality.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { BackLink } from '../../shell/back-link.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { PageHeader } from '../../shell/page-header.tsx';
import { usePageTitle } from '../../shell/use-page-title.ts';
import { refusalOf } from '../guardrails/refusal-of.ts';
import { useMayRun } from '../health/use-may-run.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import classes from './quality-page.module.css';
import { ScorerForm } from './scorer-form.tsx';
import { checkKinds, judgeKinds, partsOf, scorerWords } from './scorer-kinds.ts';
import { TryPanel } from './try-panel.tsx';
import { useScorerProblems } from './use-scorer-problems.ts';

const DeleteScorerDialog = dynamic(
  () => import('./delete-scorer-dialog.tsx').then((module) => module.DeleteScorerDialog),
  { ssr: false },
);

type Saved = NonNullable<SavedScorerEditorQuery['savedScorer']>;

interface Props {
  /** Undefined for a new one. */
  id: string | undefined;
  isJudge: boolean;
  onClose(): void;
}

/** One saved scorer or judge, or a new one: settings with what is wrong at them, and a place to try it. */
export function ScorerPage({ id, isJudge, onClose }: Props) {
  const [{ data, error }, reload] = useQuery({
    query: SavedScorerEditorDocument,
    variables: { id: id ?? '' },
    pause: id === undefined,
    requestPolicy: 'network-only',
  });
  const noun = isJudge ? 'judge' : 'scorer';
  const saved = data?.savedScorer;
  usePageTitle(saved?.name ?? `New ${noun}`);
  const back = <BackLink onClick={onClose}>{isJudge ? 'Judges' : 'Scorers'}</BackLink>;
  if (id === undefined)
    return (
      <>
        {back}
        <Editor saved={undefined} isJudge={isJudge} onClose={onClose} onSaved={onClose} />
      </>
    );
  if (error && !saved)
    return (
      <>
        {back}
        <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} />
      </>
    );
  if (data && !saved)
    return (
      <>
        {back}
        <EmptyState
          title={`There is no such ${noun}`}
          action={
            <Button variant="default" onClick={onClose}>
              All {noun}s
            </Button>
          }
        >
          It was deleted, or it belongs to another team. Tests that were started with it keep what it did.
        </EmptyState>
      </>
    );
  if (!saved) return back;
  return (
    <>
      {back}
      <Editor key={saved.version} saved={saved} isJudge={isJudge} onClose={onClose} onSaved={() => reload()} />
    </>
  );
}

interface EditorProps {
  saved: Saved | undefined;
  isJudge: boolean;
  onClose(): void;
  onSaved(): void;
}

function Editor({ saved, isJudge, onClose, onSaved }: EditorProps) {
  const mayMake = useMayRun();
  const mayManage = useMayManage();
  const [{ fetching: isCreating }, create] = useMutation(CreateSavedScorerDocument);
  const [{ fetching: isSaving }, save] = useMutation(SaveSavedScorerDocument);
  const [name, setName] = useState(saved?.name ?? '');
  const [description, setDescription] = useState(saved?.description ?? '');
  const first = isJudge ? judgeKinds.rubric?.start : checkKinds.contains?.start;
  const [content, setContent] = useState<Readonly<Record<string, unknown>>>(
    () => (saved?.content as Record<string, unknown>) ?? { [isJudge ? 'judge' : 'check']: first },
  );
  const [refusal, setRefusal] = useState<string>();
  const [nameProblem, setNameProblem] = useState<string>();
  const [isDeleting, setDeleting] = useState(false);
  const { byPlace, isRight } = useScorerProblems(content);
  const { group, settings } = partsOf(content);
  const isChanged =
    !saved ||
    name.trim() !== saved.name ||
    description.trim() !== (saved.description ?? '') ||
    JSON.stringify(content) !== JSON.stringify(saved.content);
  useEffect(() => {
    if (!isChanged || !saved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isChanged, saved]);
  const submit = async () => {
    setRefusal(undefined);
    setNameProblem(undefined);
    const facts = { name: name.trim(), description: description.trim() };
    const answer = saved
      ? await save({ input: { scorerId: saved.id, version: saved.version, ...facts, content } })
      : await create({ input: { ...facts, content } });
    const result =
      answer.data && 'saveSavedScorer' in answer.data ? answer.data.saveSavedScorer : answer.data?.createSavedScorer;
    if (result?.__typename === 'SavedScorerSuccess') {
      notifications.show({ message: saved ? `${facts.name} is saved.` : `${facts.name} can be named in tests now.` });
      return onSaved();
    }
    const { issues, message } = refusalOf(result, answer.error);
    const ofName = issues.find(({ path }) => path.at(-1) === 'name');
    if (ofName) setNameProblem(ofName.message);
    else setRefusal(message);
  };
  return (
    <>
      <PageHeader
        title={saved?.name ?? (isJudge ? 'New judge' : 'New scorer')}
        description={
          saved
            ? `Version ${saved.version}, changed ${formatMoment(saved.updatedAt)}. Tests keep the version that they were started with.`
            : 'Tests name it as one of their scorers; what it does is frozen when a test starts.'
        }
        actions={
          saved && mayManage ? (
            <Button
              variant="default"
              leftSection={<IconTrash size={16} />}
              onClick={() => setDeleting(true)}
              c="var(--sy-bad)"
            >
              Delete
            </Button>
          ) : null
        }
      />
      <div className={classes.columns}>
        <section className={classes.card} aria-label="Settings">
          <div className={classes.fields}>
            <TextInput
              label="Name"
              description="Lower-case words with dashes are easiest to name in tests."
              required
              maxLength={100}
              readOnly={!mayMake}
              value={name}
              error={nameProblem}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Textarea
              label="Description"
              autosize
              minRows={1}
              maxRows={5}
              maxLength={1000}
              readOnly={!mayMake}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
            />
            <ScorerForm
              group={group}
              settings={settings}
              problems={byPlace}
              isReadOnly={!mayMake}
              isNew={!saved}
              onChange={(next) => setContent({ [group]: next })}
            />
          </div>
          {byPlace.get('') ? <p className={classes.refusal}>{byPlace.get('')}</p> : null}
          {refusal ? (
            <p className={classes.refusal} role="alert">
              {refusal}
            </p>
          ) : null}
          {mayMake ? (
            <Group justify="flex-end" gap="xs" mt="lg">
              {isChanged && (name.trim() === '' || byPlace.size > 0) ? (
                <span className={classes.missing}>
                  {name.trim() === '' ? 'Give it a name.' : missingWords(byPlace)}
                </span>
              ) : null}
              <Button variant="default" onClick={onClose}>
                {isChanged ? 'Cancel' : 'Close'}
              </Button>
              <Button
                onClick={submit}
                loading={isCreating || isSaving}
                disabled={!isChanged || name.trim() === '' || !isRight}
              >
                {saved ? 'Save as a new version' : 'Save'}
              </Button>
            </Group>
          ) : null}
          {saved && saved.versions.length > 1 ? (
            <details>
              <summary>{saved.versions.length} versions</summary>
              <ul>
                {saved.versions.map(({ version, content: old, createdAt }) => (
                  <li key={version}>
                    {version}, {formatMoment(createdAt)}: {scorerWords(old)}{' '}
                    {version === saved.version || !mayMake ? null : (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={`Take the settings of version ${version}`}
                        onClick={() => setContent(old as Record<string, unknown>)}
                      >
                        Take these
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            </details>
          ) : null}
        </section>
        <TryPanel content={content} isRight={isRight} mayPay={mayMake} />
      </div>
      {isDeleting && saved ? (
        <DeleteScorerDialog scorer={saved} onClose={() => setDeleting(false)} onDeleted={onClose} />
      ) : null}
    </>
  );
}

/** The first problem with its place, for whoever wonders why it cannot be saved. */
function missingWords(byPlace: ReadonlyMap<string, string>): string {
  const [[place, message] = ['', '']] = byPlace;
  const name = place.split('.').slice(1).join(', ');
  return name ? `${name[0]?.toUpperCase()}${name.slice(1)}: ${message}` : message;
}
