'use client';

import { ActionIcon, Button, Menu, Textarea, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBraces, IconCopy, IconDots, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { ExperimentFieldsFragment } from '../../gql/experiments.ts';
import { BackLink } from '../../shell/back-link.tsx';
import { useMayManage } from '../providers/use-may-manage.ts';
import { useMayEdit } from '../workflows/use-may-edit.ts';
import { isMap } from './definition.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { DraftContext, useDraftField } from './draft-context.ts';
import classes from './editor.module.css';
import type { AddressProps } from './experiment-list-page.tsx';
import { GoalSection } from './goal-section.tsx';
import { PlannerPanel } from './planner-panel.tsx';
import { ProblemPanel } from './problem-panel.tsx';
import { Section } from './section.tsx';
import { SourceSection } from './source-section.tsx';
import { StateBadge } from './state-badge.tsx';
import { StopSection } from './stop-section.tsx';
import { type SaveStatus, useDraftEditor } from './use-draft-editor.ts';
import { useNewTest } from './use-new-test.ts';
import type { Plan } from './use-plan.ts';
import { useTestDatasets } from './use-test-datasets.ts';
import { VariantsSection } from './variants-section.tsx';

const StartDialog = dynamic(() => import('./start-dialog.tsx').then((module) => module.StartDialog), { ssr: false });
const DefinitionDialog = dynamic(() => import('./definition-dialog.tsx').then((module) => module.DefinitionDialog), {
  ssr: false,
});

const statusWords: Readonly<Record<SaveStatus, string>> = {
  saved: 'Saved',
  unsaved: 'Saving …',
  saving: 'Saving …',
  failed: 'Not saved',
  conflict: 'Not saved',
};

const noNames: readonly string[] = [];

interface Props extends AddressProps {
  experiment: ExperimentFieldsFragment;
  reload(): void;
}

/** The draft of a test on one page: what is asked, who, on what, what counts, when it stops; the planner beside it. */
export function EditorPage({ experiment, reload }: Props) {
  const router = useRouter();
  const mayEdit = useMayEdit();
  const mayManage = useMayManage();
  const editor = useDraftEditor(experiment);
  const { make } = useNewTest(undefined);
  const [plan, setPlan] = useState<Plan>();
  const [dialog, setDialog] = useState<'start' | 'definition' | 'delete'>();
  const { definition, problems, status } = editor;
  const draft = useMemo(
    () => ({ definition, problems, isReadOnly: !mayEdit, set: editor.set, setAll: editor.setAll }),
    [definition, problems, mayEdit, editor.set, editor.setAll],
  );
  const errors = problems.filter(({ isError }) => isError).length;
  const versionId = isMap(definition.source) ? definition.source.datasetVersionId : undefined;
  const choice = useTestDatasets(versionId, experiment.dataset);
  const fieldNames = choice.version?.fieldNames ?? noNames;
  const close = () => setDialog(undefined);
  return (
    <DraftContext value={draft}>
      <header className={classes.header}>
        <BackLink href="/experiments">Tests</BackLink>
        <div className={classes.titleLine}>
          <h1 className={classes.title}>{editor.name.trim() || 'Test without a name'}</h1>
          <StateBadge state="draft" stopReason={null} winner={null} />
          <span
            className={classes.status}
            role="status"
            data-tone={status === 'failed' || status === 'conflict' ? 'bad' : undefined}
          >
            {statusWords[status]}
          </span>
          {mayEdit ? (
            <span className={classes.actions}>
              <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                  <ActionIcon variant="default" size={36} aria-label="More">
                    <IconDots size={17} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<IconBraces size={15} />} onClick={() => setDialog('definition')}>
                    Definition as text
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<IconCopy size={15} />}
                    onClick={() => void make({ name: `${editor.name}, copy`.slice(0, 200), definition })}
                  >
                    Duplicate
                  </Menu.Item>
                  {mayManage ? (
                    <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setDialog('delete')}>
                      Delete
                    </Menu.Item>
                  ) : null}
                </Menu.Dropdown>
              </Menu>
              <Button leftSection={<IconPlayerPlay size={16} />} onClick={() => setDialog('start')}>
                Start
              </Button>
            </span>
          ) : null}
        </div>
        {status === 'conflict' ? (
          <p className={classes.conflict} role="alert">
            {editor.refusal}{' '}
            <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
              Read it again
            </Button>
          </p>
        ) : status === 'failed' ? (
          <p className={classes.conflict} role="alert">
            {editor.refusal}{' '}
            <Button size="compact-sm" variant="default" onClick={() => void editor.save()}>
              Save again
            </Button>
          </p>
        ) : null}
      </header>
      <div className={classes.columns}>
        <div className={classes.sections}>
          <Section number={1} title="What is asked" note="One sentence that can turn out to be wrong.">
            <TextInput
              label="Name"
              value={editor.name}
              maxLength={200}
              readOnly={!mayEdit}
              error={editor.name.trim() === '' ? 'Give it a name.' : undefined}
              onChange={(event) => editor.rename(event.currentTarget.value)}
            />
            <HypothesisField />
          </Section>
          <VariantsSection fieldNames={fieldNames} />
          <SourceSection choice={choice} />
          <GoalSection />
          <StopSection />
        </div>
        <aside className={classes.aside} aria-label="Plan and problems">
          <PlannerPanel
            id={experiment.id}
            revision={editor.revision}
            definition={definition}
            hasErrors={errors > 0}
            onPlan={setPlan}
          />
          <ProblemPanel problems={problems} />
        </aside>
      </div>
      {dialog === 'start' ? (
        <StartDialog id={experiment.id} editor={editor} plan={plan} onClose={close} onStarted={reload} />
      ) : null}
      {dialog === 'definition' ? (
        <DefinitionDialog name={editor.name} definition={definition} onApply={editor.replace} onClose={close} />
      ) : null}
      {dialog === 'delete' ? (
        <DeleteDialog
          id={experiment.id}
          name={editor.name}
          onClose={close}
          onDeleted={() => {
            notifications.show({ message: 'The draft is deleted.' });
            router.push('/experiments');
          }}
        />
      ) : null}
    </DraftContext>
  );
}

function HypothesisField() {
  const { value, message, isReadOnly, mark, set } = useDraftField(['hypothesis']);
  return (
    <div {...mark}>
      <Textarea
        label="Hypothesis"
        placeholder="The small model answers support questions as well as the large one."
        autosize
        minRows={2}
        maxLength={2000}
        readOnly={isReadOnly}
        value={typeof value === 'string' ? value : ''}
        error={message}
        onChange={(event) => set(event.currentTarget.value)}
      />
    </div>
  );
}
