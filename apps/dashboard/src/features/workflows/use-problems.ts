'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { ValidateWorkflowDocument } from '../../gql/workflows.ts';
import type { Definition } from './definition.ts';
import type { WorkflowProblem } from './workflow-problem-list.tsx';

export interface Problems {
  readonly all: readonly WorkflowProblem[];
  readonly errorCount: number;
  readonly warningCount: number;
  /** The definition as it stands was not judged yet. */
  readonly isChecking: boolean;
}

const waitMs = 300;
const none: readonly WorkflowProblem[] = [];

/** What the server finds wrong with the definition as it stands, a moment after the last key. */
export function useProblems(definition: Definition): Problems {
  const client = useClient();
  const [settled] = useDebouncedValue(definition, waitMs);
  const [judged, setJudged] = useState<{ definition: Definition; problems: readonly WorkflowProblem[] }>();
  useEffect(() => {
    let isCurrent = true;
    void client
      .query(ValidateWorkflowDocument, { definition: settled }, { requestPolicy: 'network-only' })
      .then(({ data }) => {
        if (isCurrent && data) setJudged({ definition: settled, problems: data.validateWorkflow.problems });
      });
    return () => {
      isCurrent = false;
    };
  }, [client, settled]);
  const all = judged?.problems ?? none;
  const errorCount = all.filter(({ isError }) => isError).length;
  return { all, errorCount, warningCount: all.length - errorCount, isChecking: judged?.definition !== definition };
}
