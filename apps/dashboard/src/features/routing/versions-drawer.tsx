'use client';

import { Button, Drawer, Group, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { RuleVersionsDocument } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { RuleChangeList } from './rule-change-list.tsx';
import classes from './rules-tab.module.css';
import type { RuleDraft } from './use-rule-draft.ts';

const shownVersions = 50;

/** Every published version: who, when, why, what changed with it, and the way back. */
export function VersionsDrawer({
  draft,
  mayManage,
  onClose,
}: {
  draft: RuleDraft;
  mayManage: boolean;
  onClose: () => void;
}) {
  const [{ data, error }, reload] = useQuery({
    query: RuleVersionsDocument,
    variables: { first: shownVersions },
    requestPolicy: 'cache-and-network',
  });
  const [open, setOpen] = useState<{ version: number; what: 'changes' | 'back' }>();
  const [problem, setProblem] = useState<string>();
  const current = draft.routing?.published?.version ?? 0;
  const rollBack = async (version: number) => {
    setProblem(undefined);
    const refused = await draft.rollBack(version, '');
    if (refused !== undefined) return setProblem(refused);
    notifications.show({ message: `Version ${version} is back in force, as version ${current + 1}.` });
    onClose();
  };
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={560}
      title="Versions of the rules"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {data || error ? null : <Skeleton h={200} radius={8} />}
      {data?.routingRuleVersions.length === 0 ? <p className={classes.note}>Nothing was published yet.</p> : null}
      <ol className={classes.versions}>
        {data?.routingRuleVersions.map(({ version, note, rolledBackTo, publishedAt, publishedBy }) => (
          <li key={version} className={classes.version}>
            <p className={classes.versionHead}>
              <strong>Version {version}</strong>
              {version === current ? <span className={classes.inForce}>in force</span> : null}
              <span className={classes.muted}>
                {formatMoment(publishedAt)}
                {publishedBy ? `, ${publishedBy}` : ''}
              </span>
            </p>
            {rolledBackTo === null ? null : <p className={classes.note}>Put version {rolledBackTo} back into force.</p>}
            {note ? <p className={classes.quote}>“{note}”</p> : null}
            <Group gap="xs">
              <Button
                size="compact-sm"
                variant="default"
                aria-expanded={open?.version === version && open.what === 'changes'}
                aria-label={`What changed with version ${version}`}
                onClick={() =>
                  setOpen(
                    open?.version === version && open.what === 'changes' ? undefined : { version, what: 'changes' },
                  )
                }
              >
                What changed
              </Button>
              {version !== current && mayManage ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconHistory size={14} />}
                  aria-label={`Roll back to version ${version}`}
                  onClick={() => setOpen({ version, what: 'back' })}
                >
                  Roll back
                </Button>
              ) : null}
            </Group>
            {open?.version === version && open.what === 'changes' ? (
              <RuleChangeList from={version - 1} to={version} />
            ) : null}
            {open?.version === version && open.what === 'back' ? (
              <section className={classes.confirm} aria-label={`Roll back to version ${version}`}>
                <p className={classes.note}>
                  Version {version} comes back into force for every call at once, as version {current + 1}. Compared
                  with what is in force now:
                </p>
                <RuleChangeList from={current} to={version} />
                {problem ? (
                  <p className={classes.problem} role="alert">
                    {problem}
                  </p>
                ) : null}
                <Group justify="flex-end" gap="xs">
                  <Button variant="default" size="xs" onClick={() => setOpen(undefined)}>
                    Cancel
                  </Button>
                  <Button size="xs" loading={draft.isBusy} onClick={() => rollBack(version)}>
                    Put version {version} back
                  </Button>
                </Group>
              </section>
            ) : null}
          </li>
        ))}
      </ol>
    </Drawer>
  );
}
