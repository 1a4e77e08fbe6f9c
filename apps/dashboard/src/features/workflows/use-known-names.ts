'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { WorkflowCompletionsDocument } from '../../gql/workflows.ts';
import type { Definition } from './definition.ts';
import type { KnownNames } from './text-completions.ts';

const waitMs = 500;
const nothing: KnownNames = { variables: [], tags: [], filters: [], functions: [] };

/** What the texts of a step can name, as the server knows it; the last answer while a newer one is on its way. */
export function useKnownNames(definition: Definition, stepId: string): KnownNames {
  const client = useClient();
  const [settled] = useDebouncedValue(definition, waitMs);
  const [known, setKnown] = useState<{ stepId: string; names: KnownNames }>();
  const isKnownStep = known?.stepId === stepId;
  useEffect(() => {
    let isCurrent = true;
    void client
      .query(WorkflowCompletionsDocument, { definition: settled, stepId }, { requestPolicy: 'network-only' })
      .then(({ data }) => {
        // While a text cannot be read nothing is known; what was known is better than nothing.
        if (isCurrent && data?.workflowCompletions) setKnown({ stepId, names: data.workflowCompletions });
      });
    return () => {
      isCurrent = false;
    };
  }, [client, settled, stepId]);
  return isKnownStep ? known.names : nothing;
}
