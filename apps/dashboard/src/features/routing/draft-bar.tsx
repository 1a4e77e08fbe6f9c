'use client';

import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDeviceFloppy, IconHistory, IconUpload } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { formatMoment } from '../../format/date-format.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import classes from './rules-tab.module.css';
import type { RuleDraft } from './use-rule-draft.ts';
import type { RuleProblems } from './use-rule-problems.ts';

const PublishDialog = dynamic(() => import('./publish-dialog.tsx').then((module) => module.PublishDialog), {
  ssr: false,
});
const VersionsDrawer = dynamic(() => import('./versions-drawer.tsx').then((module) => module.VersionsDrawer), {
  ssr: false,
});

interface Props {
  draft: RuleDraft;
  problems: RuleProblems;
  mayManage: boolean;
}

/** What is in force, how the draft differs from it, and what can be done with it. */
export function DraftBar({ draft, problems, mayManage }: Props) {
  const { routing, isDirty, isChanged, isBusy } = draft;
  const [open, setOpen] = useState<'publish' | 'versions' | 'discard'>();
  const [problem, setProblem] = useState<string>();
  const published = routing?.published;
  const { errorCount } = problems;
  const isStale =
    routing?.draft != null && routing.draft.basedOn !== (published?.version ?? 0) && isChanged && !isDirty;

  const save = async () => {
    setProblem(undefined);
    const refused = await draft.save();
    if (refused === undefined) notifications.show({ message: 'The draft is saved. Nothing changed for calls.' });
    setProblem(refused);
    return refused === undefined;
  };
  const publish = async () => {
    setProblem(undefined);
    const refused = isDirty || !routing?.draft || isStale ? await draft.save() : undefined;
    setProblem(refused);
    if (refused === undefined) setOpen('publish');
  };

  return (
    <section className={classes.bar} aria-label="Draft" data-changed={isChanged || undefined}>
      <div className={classes.barWords}>
        <p className={classes.barTitle}>
          {isChanged ? (
            <>
              <span className={classes.draftBadge}>draft</span>
              {isDirty ? 'Not saved yet' : 'Saved, not in force'}
            </>
          ) : (
            <>
              <span className={classes.inForce}>in force</span>
              {published ? `Version ${published.version}` : 'No rules of the team'}
            </>
          )}
        </p>
        <p className={classes.note} aria-live="polite">
          {isChanged && errorCount > 0
            ? `${errorCount} ${errorCount === 1 ? 'error stands' : 'errors stand'} against it.`
            : isStale
              ? 'The rules in force changed since this draft was saved: look at the difference when you publish.'
              : published
                ? `Version ${published.version} of ${formatMoment(published.publishedAt)}${published.publishedBy ? `, ${published.publishedBy}` : ''}${isChanged ? ' is in force' : ''}.`
                : 'Nothing was published yet.'}
        </p>
      </div>
      <div className={classes.barTools}>
        {published ? (
          <Button variant="subtle" leftSection={<IconHistory size={16} />} onClick={() => setOpen('versions')}>
            Versions
          </Button>
        ) : null}
        {isChanged && mayManage ? (
          <>
            <Button variant="default" disabled={isBusy} onClick={() => setOpen('discard')}>
              Discard
            </Button>
            <Button
              variant="default"
              leftSection={<IconDeviceFloppy size={16} />}
              disabled={!isDirty || errorCount > 0}
              loading={isBusy && open === undefined}
              onClick={save}
            >
              Save draft
            </Button>
            <Button
              leftSection={<IconUpload size={16} />}
              disabled={errorCount > 0 || problems.isChecking || isBusy}
              onClick={publish}
            >
              Publish
            </Button>
          </>
        ) : null}
      </div>
      {problem ? (
        <p className={classes.problem} role="alert">
          {problem}{' '}
          <Button size="compact-xs" variant="default" onClick={draft.takeTheirs}>
            Read again, without my changes
          </Button>
        </p>
      ) : null}
      {open === 'publish' ? <PublishDialog draft={draft} onClose={() => setOpen(undefined)} /> : null}
      {open === 'versions' ? (
        <VersionsDrawer draft={draft} mayManage={mayManage} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'discard' ? (
        <ConfirmDialog
          title="Discard the draft?"
          confirmLabel="Discard draft"
          isBusy={isBusy}
          onClose={() => setOpen(undefined)}
          onConfirm={async () => {
            setProblem(await draft.discard());
            setOpen(undefined);
          }}
        >
          The draft goes, saved or not;{' '}
          {published ? `version ${published.version} stays in force` : 'no rules are left'}.
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
