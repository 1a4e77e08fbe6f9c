'use client';

import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowBackUp, IconRocket } from '@tabler/icons-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { formatAge } from '../../format/date-format.ts';
import { type ExperimentFieldsFragment, RevertExperimentPromotionDocument } from '../../gql/experiments.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { ConfirmDialog } from '../../shell/confirm-dialog.tsx';
import { useNow } from '../../shell/use-now.ts';
import { refusalText } from '../guardrails/refusal-of.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import classes from './result.module.css';

interface Props {
  experiment: ExperimentFieldsFragment;
  onChanged(): void;
}

/** What this test has changed, and the way back; nothing when it has changed nothing. */
export function PromotionNotice({ experiment, onChanged }: Props) {
  const mayManage = useMayManage();
  const now = useNow(false);
  const [, revert] = useMutation(RevertExperimentPromotionDocument);
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const promotion = experiment.promotions[0];
  if (!promotion) return null;
  const { variant, role, promotedAt, revertedAt } = promotion;
  const latest = experiment.promotions.find((each) => each.revertedAt === null);
  const submit = async () => {
    setBusy(true);
    const { data, error } = await revert({ input: { experimentId: experiment.id } });
    setBusy(false);
    setAsking(false);
    const result = data?.revertExperimentPromotion;
    if (result?.__typename === 'ExperimentSuccess') notifications.show({ message: 'The role is as it was before.' });
    else notifications.show({ color: 'red', title: 'Not reverted', message: refusalText(result, error) });
    onChanged();
  };
  return (
    <section className={classes.promotion} aria-label="Promotion">
      <IconRocket size={17} aria-hidden="true" />
      <span>
        <strong>{variant}</strong> {revertedAt === null ? 'answers first' : 'answered first'} for the role{' '}
        <AppLink href="/roles">{role}</AppLink>, since {formatAge(promotedAt, now)}
        {revertedAt === null ? '.' : `; taken back ${formatAge(revertedAt, now)}.`}
      </span>
      {mayManage && latest ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconArrowBackUp size={15} />}
          onClick={() => setAsking(true)}
        >
          Revert
        </Button>
      ) : null}
      {isAsking && latest ? (
        <ConfirmDialog
          title="Revert the promotion"
          confirmLabel="Revert"
          isBusy={isBusy}
          onConfirm={() => void submit()}
          onClose={() => setAsking(false)}
        >
          The role {latest.role} gets back the models that it had before {latest.variant} was promoted, from the next
          call on.
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
