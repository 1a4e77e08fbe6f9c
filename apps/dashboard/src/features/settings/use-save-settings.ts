'use client';

import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useMutation } from 'urql';
import { SetTeamSettingsDocument, type SetTeamSettingsInput } from '../../gql/settings.ts';
import { refusalOf } from '../guardrails/refusal-of.ts';

/** Saves some of the team's settings. Problems are by field; `form` is what belongs to none. */
export function useSaveSettings(onSaved: () => void) {
  const [{ fetching: isSaving }, save] = useMutation(SetTeamSettingsDocument);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const run = async (input: SetTeamSettingsInput, said: string): Promise<boolean> => {
    setProblems({});
    const { data, error } = await save({ input });
    const result = data?.setTeamSettings;
    if (result?.__typename === 'SetTeamSettingsSuccess') {
      notifications.show({ message: said });
      onSaved();
      return true;
    }
    const { issues, message } = refusalOf(result, error);
    setProblems(
      issues.length > 0
        ? Object.fromEntries(issues.map(({ path, message: text }) => [path.at(-1) ?? 'form', text]))
        : { form: message },
    );
    return false;
  };
  return { run, problems, isSaving };
}
