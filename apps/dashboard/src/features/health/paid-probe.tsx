'use client';

import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCoin } from '@tabler/icons-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useMutation } from 'urql';
import { formatCount, formatUsd } from '../../format/number-format.ts';
import { type PaidProbeFieldsFragment, SetPaidProbeDocument } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { formatLeft } from '../guardrails/budget-words.ts';
import type { ProviderCondition } from './merge-conditions.ts';
import classes from './provider-details.module.css';

const PaidProbeDialog = dynamic(() => import('./paid-probe-dialog.tsx').then((module) => module.PaidProbeDialog), {
  ssr: false,
});

interface Props {
  provider: ProviderCondition['provider'];
  probe: PaidProbeFieldsFragment | null;
  mayManage: boolean;
  onChanged(): void;
}

/** Calls that ask a model for one word now and then, at a cost: off until somebody switches them on. */
export function PaidProbe({ provider, probe, mayManage, onChanged }: Props) {
  const [{ fetching }, set] = useMutation(SetPaidProbeDocument);
  const [isAsking, setAsking] = useState(false);
  const isOn = probe?.isEnabled === true;
  const isOfFile = probe?.isFromFile === true && isOn;
  const name = provider.displayName;
  const switchOff = async () => {
    const { data, error } = await set({ input: { providerId: provider.id, isEnabled: false } });
    const result = data?.setPaidProbe;
    if (result?.__typename !== 'SetPaidProbeSuccess')
      notifications.show({
        color: 'red',
        message: error ? describeFailure(error).message : (result?.message ?? 'It was not switched off. Try again.'),
      });
    onChanged();
  };
  return (
    <section aria-label={`Paid probe of ${name}`}>
      <h4 className={classes.title}>Paid probe: {isOn ? 'on' : 'off'}</h4>
      <p className={classes.note}>
        {isOn
          ? `Asks ${probe.modelId} for one word every ${formatLeft(probe.everyMs)}. Today (UTC): ${formatCount(probe.usedCalls)} of at most ${formatCount(probe.maxPerDay)} calls, ${formatUsd(probe.usedUsd)} of at most ${formatUsd(probe.maxUsdPerDay)}.`
          : 'A check asks for the list of models, which does not show that anybody gets an answer. A paid probe asks one model for one word now and then. It costs money, and your team pays.'}
        {isOfFile ? ' It stands in the configuration file and is changed there.' : ''}
        {mayManage || isOfFile ? '' : ' Admins and owners switch it.'}
      </p>
      <Group gap="xs" mt={8}>
        <Button
          size="xs"
          variant="default"
          disabled={!mayManage || isOfFile}
          leftSection={<IconCoin size={15} />}
          aria-label={`${isOn ? 'Change' : 'Switch on'} the paid probe of ${name}`}
          onClick={() => setAsking(true)}
        >
          {isOn ? 'Change' : 'Switch on'}
        </Button>
        {isOn ? (
          <Button
            size="xs"
            variant="default"
            loading={fetching}
            disabled={!mayManage || isOfFile}
            aria-label={`Switch off the paid probe of ${name}`}
            onClick={switchOff}
          >
            Switch off
          </Button>
        ) : null}
      </Group>
      {isAsking ? (
        <PaidProbeDialog provider={provider} probe={probe} onClose={() => setAsking(false)} onSaved={onChanged} />
      ) : null}
    </section>
  );
}
