'use client';

import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { formatMoment } from '../../format/date-format.ts';
import classes from './conflict-notice.module.css';
import { useEditorParts } from './editor-context.ts';
import { useMayEdit } from './use-may-edit.ts';

/** Why the draft is not saved or cannot be changed, and the ways on. Of two at one draft nothing is saved until one is chosen. */
export function ConflictNotice() {
  const { editor } = useEditorParts();
  const mayEdit = useMayEdit();
  const { conflict, saveState, saveProblem, unreadableSteps, workflow } = editor;
  if (conflict) {
    const { changes, merged, theirs } = conflict;
    return (
      <section className={classes.notice} aria-label="Changed by somebody else" role="alert">
        <IconUsers size={20} stroke={1.7} aria-hidden="true" />
        <div className={classes.words}>
          <p>
            <strong>Somebody else saved this draft</strong>
            {theirs.draft ? `, ${formatMoment(theirs.draft.updatedAt)}` : ''}:{' '}
            {changes.length > 0 ? changes.slice(0, 6).join(', ') : 'nothing that differs'}
            {changes.length > 6 ? ` and ${changes.length - 6} more` : ''}. Nothing of yours is saved or lost yet.
          </p>
          {merged.clashes.length > 0 ? (
            <p>Both of you changed {merged.clashes.join(', ')}: merged, yours holds there.</p>
          ) : null}
          <div className={classes.ways}>
            <Button size="xs" onClick={() => editor.resolve('merge')}>
              Merge both
            </Button>
            <Button size="xs" variant="default" onClick={() => editor.resolve('mine')}>
              Keep mine only
            </Button>
            <Button size="xs" variant="default" onClick={() => editor.resolve('theirs')}>
              Take theirs
            </Button>
          </div>
        </div>
      </section>
    );
  }
  if (unreadableSteps > 0) {
    return (
      <section className={classes.notice} role="status">
        <div className={classes.words}>
          <p>
            <strong>This draft holds something that the editor cannot show.</strong> It was written through the API, so
            it is read-only here. Export it, mend it, and save it the same way.
          </p>
        </div>
      </section>
    );
  }
  if (workflow.sourceDetail !== null) {
    return (
      <section className={classes.notice} data-tone="info" role="status">
        <div className={classes.words}>
          <p>
            This workflow stands in <code>{workflow.sourceDetail}</code> and is changed there. Duplicate it to make one
            that you can edit here.
          </p>
        </div>
      </section>
    );
  }
  if (!mayEdit) {
    return (
      <section className={classes.notice} data-tone="info" role="status">
        <div className={classes.words}>
          <p>
            You look on: members with the access role developer or higher change workflows. An admin can change yours.
          </p>
        </div>
      </section>
    );
  }
  if (saveState === 'failed' && saveProblem) {
    return (
      <section className={classes.notice} role="alert">
        <div className={classes.words}>
          <p>
            <strong>The draft is not saved.</strong> {saveProblem} It is tried again every few seconds.
          </p>
          <div className={classes.ways}>
            <Button size="xs" variant="default" onClick={() => void editor.save()}>
              Save now
            </Button>
          </div>
        </div>
      </section>
    );
  }
  return null;
}
