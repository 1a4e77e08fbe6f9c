'use client';

import { Anchor, Button, Skeleton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconBell, IconPlus } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { AlertRulesDocument, DeleteAlertRuleDocument, UpdateAlertRuleDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useNow } from '../../shell/use-now.ts';
import { onHealthChanged } from './health-signal.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import { RuleRow } from './rule-row.tsx';
import type { Rule } from './rule-words.ts';
import classes from './rules-tab.module.css';

const RuleDrawer = dynamic(() => import('./rule-drawer.tsx').then((module) => module.RuleDrawer), { ssr: false });
const RuleMuteDialog = dynamic(() => import('./rule-mute-dialog.tsx').then((module) => module.RuleMuteDialog), {
  ssr: false,
});

const refreshMs = 15_000;

interface Props {
  mayManage: boolean;
  providers: readonly ProviderCondition[] | undefined;
  /** The rule and the provider of an alert that led here. */
  namedId: string | null;
  namedProvider: string | null;
}

/** Of what the team is told and when: the standard rules and those that were added. */
export function RulesTab({ mayManage, providers, namedId, namedProvider }: Props) {
  const [{ data, error }, refetch] = useQuery({ query: AlertRulesDocument, requestPolicy: 'cache-and-network' });
  const [{ fetching: isBusy }, update] = useMutation(UpdateAlertRuleDocument);
  const [asking, setAsking] = useState<{ readonly what: 'edit' | 'mute' | 'delete' | 'add'; readonly rule?: Rule }>();
  const now = useNow(true, 5_000);
  const reload = () => refetch({ requestPolicy: 'network-only' });
  useEffect(() => {
    const look = () => refetch({ requestPolicy: 'network-only' });
    const stop = onHealthChanged(({ what }) => what === 'resumed' && look());
    const timer = setInterval(() => !document.hidden && look(), refreshMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [refetch]);
  if (error && !data) return <FailureNotice failure={describeFailure(error)} onRetry={reload} />;
  const rules = data?.alertRules;
  if (!rules) return <Skeleton h={420} radius={12} aria-busy="true" />;

  const change = async (rule: Rule, values: { isEnabled?: boolean; mutedUntil?: string | null }) => {
    const answer = await update({ input: { ruleId: rule.id, version: rule.version, ...values } });
    const result = answer.data?.updateAlertRule;
    if (result?.__typename !== 'UpdateAlertRuleSuccess')
      notifications.show({
        color: 'red',
        message: answer.error
          ? describeFailure(answer.error).message
          : (result?.message ?? 'It was not changed. Try again.'),
      });
    reload();
  };
  const close = () => setAsking(undefined);
  const told = providers?.find(({ provider }) => provider.slug === namedProvider || provider.id === namedProvider);
  const add = (
    <Button
      size="xs"
      disabled={!mayManage || !providers}
      leftSection={<IconPlus size={15} />}
      onClick={() => setAsking({ what: 'add' })}
    >
      Add a rule
    </Button>
  );
  return (
    <section className={classes.section} aria-labelledby="alert-rules">
      <header className={classes.head}>
        <div>
          <h2 id="alert-rules">Alert rules</h2>
          <p>
            Of what your team is told. Every team has the standard rules; a rule for one provider goes before one for
            all. Where alerts are sent stands under{' '}
            <Anchor component={AppLink} href="/guardrails?tab=alerts" inherit underline="always">
              Alerts
            </Anchor>
            .
          </p>
        </div>
        {rules.length > 0 ? add : null}
      </header>
      {mayManage ? null : (
        <p className={classes.quiet}>Your access role looks on: admins and owners change, mute and add rules.</p>
      )}
      {namedId && !rules.some(({ id }) => id === namedId) ? (
        <p className={classes.led} role="status">
          The rule of this alert is gone: somebody deleted it.
        </p>
      ) : null}
      {namedId && told ? (
        <p className={classes.led}>
          The alert is about {told.provider.displayName}.{' '}
          <Anchor
            component={AppLink}
            href={`/health?provider=${encodeURIComponent(told.provider.id)}`}
            inherit
            underline="always"
          >
            Look at {told.provider.displayName}
          </Anchor>
        </p>
      ) : null}
      {rules.length === 0 ? (
        <EmptyState
          picture={<IconBell size={32} stroke={1.4} color="var(--sy-muted)" aria-hidden="true" />}
          title="No rule yet"
          action={add}
        >
          Without one nobody is told of trouble.
        </EmptyState>
      ) : (
        <ul className={classes.rules} aria-label="Rules">
          {rules.map((rule) => (
            <li key={rule.id}>
              <RuleRow
                rule={rule}
                now={now}
                mayManage={mayManage}
                isBusy={isBusy}
                isNamed={rule.id === namedId}
                onChange={(values) => change(rule, values)}
                onAsk={(what) => setAsking({ what, rule })}
              />
            </li>
          ))}
        </ul>
      )}
      {asking && providers && (asking.what === 'edit' || asking.what === 'add') ? (
        <RuleDrawer rule={asking.rule} providers={providers} onClose={close} onSaved={reload} />
      ) : null}
      {asking?.what === 'mute' && asking.rule ? (
        <RuleMuteDialog
          name={asking.rule.name}
          onMute={(mutedUntil) => asking.rule && change(asking.rule, { mutedUntil })}
          onClose={close}
        />
      ) : null}
      {asking?.what === 'delete' && asking.rule ? (
        <DeleteDialog rule={asking.rule} onClose={close} onDone={reload} />
      ) : null}
    </section>
  );
}

function DeleteDialog({ rule, onClose, onDone }: { rule: Rule; onClose: () => void; onDone: () => void }) {
  const [{ fetching }, remove] = useMutation(DeleteAlertRuleDocument);
  const confirm = async () => {
    const { data, error } = await remove({ input: { ruleId: rule.id } });
    const result = data?.deleteAlertRule;
    if (result?.__typename !== 'DeleteAlertRuleSuccess')
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not done. Try again.'),
      });
    onDone();
    onClose();
  };
  return (
    <ConfirmDialog
      title={rule.isStandard ? `Set ${rule.name} back to standard?` : `Delete ${rule.name}?`}
      confirmLabel={rule.isStandard ? 'Set it back' : 'Delete it'}
      isBusy={fetching}
      onConfirm={confirm}
      onClose={onClose}
    >
      {rule.isStandard
        ? 'Its name, its figures, its switch and its mute become those that every team has at first. '
        : 'From now on nobody is told by it; the other rules of its kind hold. '}
      {rule.firing.length > 0 ? 'What it tells of now is told to be over.' : ''}
    </ConfirmDialog>
  );
}
