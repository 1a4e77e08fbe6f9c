'use client';

import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { TeamSettingsDocument, type TeamSettingsQuery } from '../../gql/settings.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { type Permit, useMayDo } from '../../shell/use-may-do.ts';
import { CaptureSection } from './capture-section.tsx';
import { DataSection } from './data-section.tsx';
import { DeleteSection } from './delete-section.tsx';
import { FeatureSection } from './feature-section.tsx';
import { GeneralSection } from './general-section.tsx';
import { MoneySection } from './money-section.tsx';
import { RetentionSection } from './retention-section.tsx';
import classes from './settings.module.css';
import { SignInSection } from './sign-in-section.tsx';

export type Settings = TeamSettingsQuery['teamSettings'];

export interface SectionProps {
  readonly settings: Settings;
  /** Whether the person may decide here, and if not why. */
  readonly managing: Permit;
  onSaved(): void;
}

/** What holds for the whole team. */
export function SettingsTab() {
  const managing = useMayDo('MANAGE', 'TEAM');
  const [{ data, error }, refetch] = useQuery({ query: TeamSettingsDocument, requestPolicy: 'cache-and-network' });
  const reload = () => refetch({ requestPolicy: 'network-only' });
  const settings = data?.teamSettings;
  if (error && !settings) return <FailureNotice failure={describeFailure(error)} onRetry={reload} />;
  if (!settings) return <Skeleton h={420} radius={12} maw={760} aria-busy="true" />;
  const shared = { settings, managing, onSaved: reload };
  return (
    <>
      {managing.isAllowed ? null : <p className={classes.locked}>{managing.reason}</p>}
      <div className={classes.cards}>
        <GeneralSection managing={managing} />
        <MoneySection {...shared} />
        <CaptureSection {...shared} />
        <RetentionSection {...shared} />
        <FeatureSection {...shared} />
        <SignInSection {...shared} />
        <DataSection />
        <DeleteSection />
      </div>
    </>
  );
}
