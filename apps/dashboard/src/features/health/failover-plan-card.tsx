'use client';

import { ActionIcon, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconArrowNarrowRight,
  IconHistory,
  IconLock,
  IconPencil,
  IconPlayerPauseFilled,
  IconTrash,
} from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMutation } from 'urql';
import { DeleteFailoverPlanDocument, ReturnToPrimaryDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { useNow } from '../../shell/use-now.ts';
import { ModelGlyph } from '../catalog/model-glyph.tsx';
import { markOf } from '../catalog/model-identity.ts';
import { OriginBadge } from '../catalog/origin-badge.tsx';
import classes from './failover-plan-card.module.css';
import { outageInWords, type Plan, returnInWords, scopeInWords, triggersInWords } from './failover-words.ts';
import { lastedFrom } from './health-words.ts';

const FailoverVersions = dynamic(() => import('./failover-versions.tsx').then((module) => module.FailoverVersions), {
  ssr: false,
});

interface Props {
  plan: Plan;
  mayManage: boolean;
  onEdit(): void;
  onChanged(): void;
}

/** One plan: whose calls, who is asked in which order, what makes it pass a model over, and whom it passes over now. */
export function FailoverPlanCard({ plan, mayManage, onEdit, onChanged }: Props) {
  const [{ fetching: isReturning }, giveBack] = useMutation(ReturnToPrimaryDocument);
  const [{ fetching: isDeleting }, remove] = useMutation(DeleteFailoverPlanDocument);
  const [asking, setAsking] = useState<'delete' | 'versions'>();
  const { name, scope, primary, chain, passedOver, when, isEnabled, isFromFile } = plan;
  const now = useNow(passedOver.length > 0, 1000);
  const triggers = triggersInWords(plan.triggers);
  const out = new Set(passedOver.map(({ modelId }) => modelId));

  const act = async (
    result: { readonly __typename?: string; readonly message?: string } | undefined,
    error: Parameters<typeof describeFailure>[0] | undefined,
  ) => {
    if (!result?.__typename?.endsWith('Success'))
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not done. Try again.'),
      });
    onChanged();
  };
  const returnModel = async (outageId: string) => {
    const { data, error } = await giveBack({ input: { outageId } });
    await act(data?.returnToPrimary, error);
  };
  const confirmDelete = async () => {
    const { data, error } = await remove({ input: { planId: plan.id } });
    await act(data?.deleteFailoverPlan, error);
    setAsking(undefined);
  };

  return (
    <article className={classes.card} aria-label={name} data-off={isEnabled ? undefined : ''}>
      <header className={classes.head}>
        <h3>{name}</h3>
        <span className={classes.scope}>{scopeInWords(scope)}</span>
        {isEnabled ? null : (
          <span className={classes.off}>
            <IconPlayerPauseFilled size={12} aria-hidden="true" /> switched off
          </span>
        )}
        {isFromFile ? (
          <span className={classes.off}>
            <IconLock size={12} aria-hidden="true" /> from the file, changed only there
          </span>
        ) : (
          <span className={classes.actions}>
            <ActionIcon aria-label={`History of ${name}`} onClick={() => setAsking('versions')}>
              <IconHistory size={16} />
            </ActionIcon>
            <ActionIcon aria-label={`Change ${name}`} disabled={!mayManage} onClick={onEdit}>
              <IconPencil size={16} />
            </ActionIcon>
            <ActionIcon aria-label={`Delete ${name}`} disabled={!mayManage} onClick={() => setAsking('delete')}>
              <IconTrash size={16} />
            </ActionIcon>
          </span>
        )}
      </header>
      <ol className={classes.chain} aria-label="Who is asked, in order">
        {[primary ?? 'whatever a call asks for', ...chain].map((model, index) => (
          <li key={`${model}${index}`} data-out={out.has(model) || undefined}>
            {index > 0 ? <IconArrowNarrowRight size={16} aria-hidden="true" /> : null}
            <span>
              {primary === null && index === 0 ? null : <ModelGlyph mark={markOf(model)} size={11} />} {model}
              {out.has(model) ? <em>passed over</em> : null}
            </span>
          </li>
        ))}
      </ol>
      <p className={classes.words}>
        {triggers.length === 0
          ? 'No trigger: each model is asked until it fails.'
          : `A model is passed over when ${triggers.join(', or ')}. ${returnInWords(plan)}`}
      </p>
      {when ? (
        <p className={classes.words}>
          Only when <code>{when}</code>
        </p>
      ) : null}
      {passedOver.length > 0 ? (
        <ul className={classes.out} aria-label="Passed over now">
          {passedOver.map((outage) => (
            <li key={outage.id}>
              <span>
                <strong>{outage.modelId}</strong> <OriginBadge origin={outage.origin} isCompact /> is passed over for{' '}
                {lastedFrom(outage.outAt, now)}: {outageInWords(outage)}.
              </span>
              <Button
                size="compact-xs"
                mih={26}
                variant="default"
                loading={isReturning}
                disabled={!mayManage}
                aria-label={`Ask it first again: ${outage.modelId}`}
                onClick={() => returnModel(outage.id)}
              >
                Ask it first again
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
      {asking === 'delete' ? (
        <ConfirmDialog
          title={`Delete ${name}?`}
          confirmLabel="Delete it"
          isBusy={isDeleting}
          onConfirm={confirmDelete}
          onClose={() => setAsking(undefined)}
        >
          From the next call on nobody stands in by this plan, and what it passes over is asked first again. Its history
          is kept.
        </ConfirmDialog>
      ) : null}
      {asking === 'versions' ? (
        <FailoverVersions
          plan={plan}
          mayManage={mayManage}
          onClose={() => setAsking(undefined)}
          onRestored={onChanged}
        />
      ) : null}
    </article>
  );
}
