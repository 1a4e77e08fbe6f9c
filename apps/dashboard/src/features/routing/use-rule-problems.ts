'use client';

import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { useClient } from 'urql';
import { CheckRulesDocument, type RuleProblemFieldsFragment } from '../../gql/routing.ts';
import { checkableInput, type DraftRule, isUsd } from './draft-rule.ts';

export type RuleProblem = Omit<RuleProblemFieldsFragment, '__typename'>;

export interface RuleProblems {
  byRule: ReadonlyMap<string, readonly RuleProblem[]>;
  errorCount: number;
  /** The list as it stands was not judged yet. */
  isChecking: boolean;
}

const none: readonly RuleProblem[] = [];
const waitMs = 300;

/** What is missing before the server can be asked about the rest. */
function ownProblems(rules: readonly DraftRule[]): RuleProblem[] {
  return rules.flatMap((rule) => {
    const problem = (field: string, message: string, suggestion: string): RuleProblem => ({
      ...{ isError: true, ruleId: rule.id, code: 'MISSING', start: null, end: null },
      ...{ field, message, suggestion },
    });
    return [
      ...(rule.name.trim() === '' ? [problem('name', 'A rule needs a name.', 'Say what it is for.')] : []),
      ...rule.actions.flatMap((action, place) =>
        action.type === 'CAP_COST' && !isUsd(action.maxCostUsd)
          ? [problem(`actions[${place}]`, 'This is no amount in US dollars.', 'Write a number such as 0.05.')]
          : [],
      ),
    ];
  });
}

/** What is wrong with the rules as they stand, by rule; the server is asked a moment after the last key. */
export function useRuleProblems(rules: readonly DraftRule[] | undefined): RuleProblems {
  const client = useClient();
  const [settled] = useDebouncedValue(rules, waitMs);
  const [judged, setJudged] = useState<{ rules: readonly DraftRule[]; problems: readonly RuleProblem[] }>();
  useEffect(() => {
    if (!settled) return;
    if (settled.length === 0) return setJudged({ rules: settled, problems: [] });
    let isCurrent = true;
    void client
      .query(CheckRulesDocument, { rules: settled.map(checkableInput) }, { requestPolicy: 'network-only' })
      .then(({ data }) => {
        if (isCurrent && data) setJudged({ rules: settled, problems: data.checkRoutingRules });
      });
    return () => {
      isCurrent = false;
    };
  }, [client, settled]);

  return useMemo(() => {
    const own = ownProblems(rules ?? []);
    const all = [...own, ...(judged?.problems ?? none)];
    const byRule = new Map<string, RuleProblem[]>();
    for (const problem of all) byRule.set(problem.ruleId, [...(byRule.get(problem.ruleId) ?? []), problem]);
    return {
      byRule,
      errorCount: all.filter(({ isError }) => isError).length,
      isChecking: rules !== undefined && judged?.rules !== rules,
    };
  }, [rules, judged]);
}
