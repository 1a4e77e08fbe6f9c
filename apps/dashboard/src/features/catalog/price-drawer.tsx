'use client';

import { Button, Drawer, Group, Skeleton, Stack } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useQuery } from 'urql';
import { ModelPricesDocument } from '../../gql/catalog.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './price-drawer.module.css';
import { PriceForm } from './price-form.tsx';
import { PriceHistory } from './price-history.tsx';

interface Props {
  model: { modelId: string; displayName: string };
  onClose(): void;
  /** Prices are others now. */
  onChange(): void;
}

/** All prices of one model, with the form that sets another one for those who may. */
export function PriceDrawer({ model, onClose, onChange }: Props) {
  const role = useWorkspace()?.viewer.accessRole;
  const mayManage = role === 'OWNER' || role === 'ADMIN';
  const [{ data, error }, reload] = useQuery({
    query: ModelPricesDocument,
    variables: { model: model.modelId },
    requestPolicy: 'cache-and-network',
  });
  const entries = data?.modelPriceHistory;
  const current = entries?.find(({ standing }) => standing === 'CURRENT')?.price;
  const changed = () => {
    reload({ requestPolicy: 'network-only' });
    onChange();
  };
  const history = entries ? (
    <section aria-labelledby="price-history">
      <h3 id="price-history" className={classes.heading}>
        Past and coming prices
      </h3>
      <PriceHistory entries={entries} mayManage={mayManage} onChange={changed} />
    </section>
  ) : null;

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={560}
      title={`Price of ${model.displayName}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: classes.body }}
    >
      {error && !data ? <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} /> : null}
      {!data && !error ? (
        <Stack gap="sm" aria-busy="true">
          <Skeleton h={120} radius={10} />
          <Skeleton h={180} radius={10} />
        </Stack>
      ) : null}
      {data && !entries ? <p className={classes.note}>This model is not offered any more.</p> : null}
      {entries && mayManage ? (
        <PriceForm model={model.modelId} current={current} onClose={onClose} onSaved={changed} history={history} />
      ) : null}
      {entries && !mayManage ? (
        <div className={classes.content}>
          <Stack gap="md" className={classes.fields}>
            <p className={classes.model}>{model.modelId}</p>
            <p className={classes.locked}>
              <IconLock size={15} aria-hidden="true" />
              Owners and admins of your team set prices. Ask one of them if this price is wrong.
            </p>
            {history}
          </Stack>
          <Group justify="flex-end" className={classes.footer}>
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          </Group>
        </div>
      ) : null}
    </Drawer>
  );
}
