'use client';

import { Autocomplete, Button, Group, Modal, Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { SetReportSettingsDocument, type WeeklyReportListQuery } from '../../gql/reports.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { ownTimeZone } from '../guardrails/budget-form-values.ts';
import { useMayManage } from '../providers/use-may-manage.ts';
import classes from './reports.module.css';

/** Whose weeks the reports are about, and whether there are any. */
export function ReportSettingsDialog({
  settings,
  onClose,
  onSaved,
}: {
  settings: WeeklyReportListQuery['reportSettings'];
  onClose: () => void;
  onSaved: () => void;
}) {
  const mayManage = useMayManage();
  const [timeZone, setTimeZone] = useState(settings.timeZone);
  const [isWeeklyOn, setWeeklyOn] = useState(settings.isWeeklyOn);
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, save] = useMutation(SetReportSettingsDocument);
  const submit = async () => {
    setProblem(undefined);
    const { data, error } = await save({ input: { timeZone: timeZone.trim(), isWeeklyOn } });
    const result = data?.setReportSettings;
    if (error) setProblem(describeFailure(error).message);
    else if (result && 'settings' in result) onSaved();
    else if (result && 'message' in result) setProblem(result.message);
  };
  return (
    <Modal opened onClose={onClose} title="Weekly reports">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Switch
            label="Make a report of every week"
            checked={isWeeklyOn}
            disabled={!mayManage}
            onChange={(event) => setWeeklyOn(event.currentTarget.checked)}
          />
          <Autocomplete
            label="Time zone"
            description="Weeks begin on Monday, at midnight of this zone."
            data={[...new Set([ownTimeZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])]}
            limit={40}
            value={timeZone}
            disabled={!mayManage}
            error={problem}
            onChange={setTimeZone}
          />
          <p className={classes.quiet}>
            Channels are sent the report when they name it: choose it in a{' '}
            <AppLink href="/guardrails?tab=alerts">channel</AppLink>.
            {mayManage ? '' : ' Only owners and admins of the team may change this.'}
          </p>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={fetching} disabled={!mayManage}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
