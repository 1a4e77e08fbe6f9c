'use client';

import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCopy, IconDots, IconDownload, IconPlayerStopFilled, IconRocket, IconTrash } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useClient, useMutation } from 'urql';
import {
  type ExperimentFieldsFragment,
  ExperimentReportDocument,
  type ExperimentReportFormat,
  StopExperimentDocument,
} from '../../gql/experiments.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { BackLink } from '../../shell/back-link.tsx';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { refusalText } from '../guardrails/refusal-of.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import { useMayEdit } from '../workflows/use-may-edit.ts';
import { hypothesisOf, variantsOf } from './definition.ts';
import { DeleteDialog } from './delete-dialog.tsx';
import { downloadFile } from './download-file.ts';
import { fileNameOf } from './file-name.ts';
import classes from './result.module.css';
import { StateBadge } from './state-badge.tsx';
import { useNewTest } from './use-new-test.ts';
import type { Results } from './use-results.ts';

const PromoteDialog = dynamic(() => import('./promote-dialog.tsx').then((module) => module.PromoteDialog), {
  ssr: false,
});

const formats: readonly { format: ExperimentReportFormat; label: string; ending: string; type: string }[] = [
  { format: 'MARKDOWN', label: 'Markdown', ending: 'md', type: 'text/markdown' },
  { format: 'JSON', label: 'JSON', ending: 'json', type: 'application/json' },
  { format: 'CSV', label: 'CSV', ending: 'csv', type: 'text/csv' },
];

interface Props {
  experiment: ExperimentFieldsFragment;
  results: Results | undefined;
  onChanged(): void;
}

/** The name of a test, its question, and what can be done with it. */
export function ResultHeader({ experiment, results, onChanged }: Props) {
  const router = useRouter();
  const client = useClient();
  const mayEdit = useMayEdit();
  const mayManage = useMayManage();
  const { make } = useNewTest(undefined);
  const [, stop] = useMutation(StopExperimentDocument);
  const [dialog, setDialog] = useState<'stop' | 'promote' | 'delete'>();
  const [isBusy, setBusy] = useState(false);
  const { id, name, state, stopReason, definition } = experiment;
  const winner = experiment.winner ?? results?.winner ?? null;
  const close = () => setDialog(undefined);
  const isPromotable = variantsOf(definition).some(({ model }) => model !== undefined);

  const download = async ({ format, ending, type }: (typeof formats)[number]) => {
    const { data, error } = await client
      .query(ExperimentReportDocument, { id, format }, { requestPolicy: 'network-only' })
      .toPromise();
    const text = data?.experiment?.report;
    if (text) return downloadFile(`${fileNameOf(name)}.${ending}`, text, type);
    const message = error ? describeFailure(error).message : 'There is nothing to report yet.';
    notifications.show({ color: 'red', title: 'No report', message });
  };
  const end = async () => {
    setBusy(true);
    const { data, error } = await stop({ input: { experimentId: id } });
    setBusy(false);
    close();
    if (data?.stopExperiment.__typename !== 'ExperimentSuccess')
      notifications.show({ color: 'red', title: 'Not stopped', message: refusalText(data?.stopExperiment, error) });
    onChanged();
  };
  return (
    <header className={classes.header}>
      <BackLink href="/experiments">Tests</BackLink>
      <div className={classes.titleLine}>
        <h1 className={classes.title}>{name}</h1>
        <StateBadge state={state} stopReason={stopReason} winner={winner} />
        <span className={classes.actions}>
          {mayEdit && state === 'running' ? (
            <Button
              variant="default"
              leftSection={<IconPlayerStopFilled size={15} />}
              onClick={() => setDialog('stop')}
            >
              Stop
            </Button>
          ) : null}
          {mayManage && state === 'ended' && isPromotable ? (
            <Button
              variant={winner === null ? 'default' : 'filled'}
              leftSection={<IconRocket size={16} />}
              onClick={() => setDialog('promote')}
            >
              Promote
            </Button>
          ) : null}
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <ActionIcon variant="default" size={36} aria-label="More">
                <IconDots size={17} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>Report</Menu.Label>
              {formats.map((each) => (
                <Menu.Item
                  key={each.format}
                  leftSection={<IconDownload size={15} />}
                  onClick={() => void download(each)}
                >
                  Download as {each.label}
                </Menu.Item>
              ))}
              {mayEdit ? (
                <>
                  <Menu.Divider />
                  <Menu.Item
                    leftSection={<IconCopy size={15} />}
                    onClick={() => void make({ name: `${name}, again`.slice(0, 200), definition })}
                  >
                    Duplicate as a new draft
                  </Menu.Item>
                </>
              ) : null}
              {mayManage && state !== 'running' ? (
                <Menu.Item color="red" leftSection={<IconTrash size={15} />} onClick={() => setDialog('delete')}>
                  Delete
                </Menu.Item>
              ) : null}
            </Menu.Dropdown>
          </Menu>
        </span>
      </div>
      <p className={classes.hypothesis}>{hypothesisOf(definition)}</p>
      {dialog === 'stop' ? (
        <ConfirmDialog
          title="Stop this test"
          confirmLabel="Stop"
          isBusy={isBusy}
          onConfirm={() => void end()}
          onClose={close}
        >
          What is in flight is closed, nothing new begins, and it cannot go on later. What is there is evaluated: the
          intervals hold although it ends early.
        </ConfirmDialog>
      ) : null}
      {dialog === 'promote' ? <PromoteDialog experiment={experiment} winner={winner} onClose={close} /> : null}
      {dialog === 'delete' ? (
        <DeleteDialog id={id} name={name} onClose={close} onDeleted={() => router.push('/experiments')} />
      ) : null}
    </header>
  );
}
