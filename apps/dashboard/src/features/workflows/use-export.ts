'use client';

import { notifications } from '@mantine/notifications';
import { useClient } from 'urql';
import { WorkflowExportDocument } from '../../gql/workflows.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { downloadText } from './download-text.ts';

/** Downloads a workflow; `version` 0 is the draft, absent what is in force or else the draft. Says why when it cannot. */
export function useExport(): (id: string, format: 'YAML' | 'JSON', version?: number) => Promise<void> {
  const client = useClient();
  return async (id, format, version) => {
    const { data, error } = await client.query(
      WorkflowExportDocument,
      { id, format, ...(version === undefined ? {} : { version }) },
      { requestPolicy: 'network-only' },
    );
    if (data?.exportWorkflow) return downloadText(data.exportWorkflow.fileName, data.exportWorkflow.text);
    notifications.show({
      color: 'red',
      message: error
        ? describeFailure(error).message
        : 'The draft is no whole definition yet. Mend its problems, then export it.',
    });
  };
}
