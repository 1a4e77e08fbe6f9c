'use client';

import { useState } from 'react';
import { useClient } from 'urql';
import { ShellDocument } from '../../gql/shell.ts';
import { PageHeader } from '../../shell/page-header.tsx';
import { useWorkspace } from '../../shell/workspace-context.tsx';
import classes from './account.module.css';
import { MembershipsSection } from './memberships-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { ProfileSection } from './profile-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { TwoFactorSection } from './two-factor-section.tsx';

/** The own account: name, password, second factor, devices that are signed in, and teams. */
export function AccountPage() {
  const client = useClient();
  const viewer = useWorkspace()?.viewer;
  const [changes, setChanges] = useState(0);
  const tellChanged = () => {
    setChanges((count) => count + 1);
    // What the person may do hangs on the second factor when the team requires one.
    client.query(ShellDocument, {}, { requestPolicy: 'network-only' }).toPromise();
  };
  return (
    <>
      <PageHeader title="Account" description="How you sign in, where you are signed in, and which teams you are in." />
      <div className={classes.cards}>
        <ProfileSection />
        {viewer?.hasPassword === false ? null : <PasswordSection onChanged={tellChanged} />}
        <TwoFactorSection onChanged={tellChanged} />
        <SessionsSection key={changes} />
        <MembershipsSection />
      </div>
    </>
  );
}
