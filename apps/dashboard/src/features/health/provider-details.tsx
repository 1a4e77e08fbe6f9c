'use client';

import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import { IconStethoscope, IconTool } from '@tabler/icons-react';
import { useState } from 'react';
import type { HealthHistoryFragment } from '../../gql/health.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { useMayManage } from '../providers/use-may-manage.ts';
import { CheckList } from './check-list.tsx';
import { DayTable } from './day-table.tsx';
import { FailureClasses } from './failure-classes.tsx';
import { LastError } from './last-error.tsx';
import type { ProviderCondition } from './merge-conditions.ts';
import { ModelHealthTable } from './model-health-table.tsx';
import { PaidProbe } from './paid-probe.tsx';
import classes from './provider-details.module.css';
import { ProviderGraphs } from './provider-graphs.tsx';
import { ScoreParts } from './score-parts.tsx';
import { UptimeFigures } from './uptime-figures.tsx';
import { useCheckNow } from './use-check-now.ts';
import { useMayRun } from './use-may-run.ts';
import { useProviderDetails } from './use-provider-details.ts';
import { VitalSigns } from './vital-signs.tsx';

interface Props {
  condition: ProviderCondition;
  history: HealthHistoryFragment | undefined;
  onMaintain(): void;
}

const spans = ['1', '6', '24', '48'] as const;

/** Everything that is known of one provider. */
export function ProviderDetails({ condition, history, onMaintain }: Props) {
  const { provider } = condition;
  const [hours, setHours] = useState<string>('6');
  const { details, error, retry } = useProviderDetails(provider.id, Number(hours));
  const { isChecking, verdict, run } = useCheckNow(provider.id);
  const mayRun = useMayRun();
  const mayManage = useMayManage();
  const isCallable = condition.statusReason === null;
  return (
    <div className={classes.details}>
      <div className={classes.actions}>
        <Button
          size="xs"
          loading={isChecking}
          disabled={!mayRun || !isCallable}
          leftSection={<IconStethoscope size={15} />}
          onClick={run}
          aria-label={`Check now: ${provider.displayName}`}
        >
          Check now
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={!mayManage}
          leftSection={<IconTool size={15} />}
          onClick={onMaintain}
          aria-label={`Announce maintenance of ${provider.displayName}`}
        >
          Announce maintenance
        </Button>
        <p className={classes.note}>
          {condition.statusReason ??
            (mayRun
              ? 'A check asks for the list of models: it costs nothing.'
              : 'Your access role looks on: a developer or admin can check.')}
        </p>
        <div role="status" className={classes.verdictPlace}>
          {verdict ? (
            <p className={classes.verdict} data-ok={verdict.isOk}>
              {verdict.text}
            </p>
          ) : null}
        </div>
      </div>
      <div className={classes.columns}>
        <ScoreParts condition={condition} />
        <VitalSigns condition={condition} />
        <LastError lastError={condition.lastError} />
      </div>
      <UptimeFigures history={history} />
      <div className={classes.spanHead}>
        <h4>Calls</h4>
        <SegmentedControl
          size="xs"
          aria-label="Span of the graphs"
          value={hours}
          onChange={setHours}
          data={spans.map((value) => ({ value, label: `${value} h` }))}
        />
      </div>
      {error && !details ? <FailureNotice failure={describeFailure(error)} onRetry={retry} /> : null}
      {!details && !error ? <Skeleton h={220} radius={8} aria-busy="true" /> : null}
      {details ? (
        <>
          <ProviderGraphs series={details.series} figures={details.figures} hours={Number(hours)} />
          <FailureClasses figures={details.figures} hours={Number(hours)} />
          <ModelHealthTable models={details.models} />
          <CheckList checks={details.checks} />
          <PaidProbe provider={provider} probe={details.paidProbe} mayManage={mayManage} onChanged={retry} />
        </>
      ) : null}
      {history ? <DayTable name={provider.displayName} days={history.days} /> : null}
    </div>
  );
}
