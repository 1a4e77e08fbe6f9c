'use client';

import { Checkbox, TextInput } from '@mantine/core';
import { useQuery } from 'urql';
import { RuleLanguageDocument } from '../../gql/routing.ts';
import { useModelChoices } from '../catalog/use-model-choices.ts';
import { ActionEditor } from './action-editor.tsx';
import { ConditionEditor } from './condition-editor.tsx';
import type { DraftRule } from './draft-rule.ts';
import { ProblemList } from './problem-list.tsx';
import classes from './rule-editor.module.css';
import type { RuleProblem } from './use-rule-problems.ts';

interface Props {
  rule: DraftRule;
  problems: readonly RuleProblem[];
  onChange(rule: DraftRule): void;
}

/** Name, condition and actions of one rule. */
export function RuleEditor({ rule, problems, onChange }: Props) {
  const [{ data }] = useQuery({ query: RuleLanguageDocument });
  const choices = useModelChoices();
  const ofCondition = problems.filter(({ field }) => field === 'when');
  const ofRest = problems.filter(
    ({ field, code }) => field !== 'when' && code !== 'NO_MODELS' && !/models\[\d+\]$/.test(field),
  );
  const problemId = `problems-${rule.id}`;
  return (
    <div className={classes.editor}>
      <TextInput
        label="Name"
        value={rule.name}
        maxLength={200}
        autoComplete="off"
        data-autofocus
        onChange={(event) => onChange({ ...rule, name: event.currentTarget.value })}
      />
      <div className={classes.field}>
        <p className={classes.label}>
          When{' '}
          <span className={classes.hint}>a condition in CEL; Ctrl Space shows what can be asked, true is always</span>
        </p>
        <ConditionEditor
          value={rule.when}
          label={`Condition of ${rule.name || 'the rule'}`}
          describedBy={ofCondition.length > 0 ? problemId : undefined}
          problems={ofCondition}
          language={data?.routingRuleLanguage}
          onChange={(when) => onChange({ ...rule, when })}
        />
        <div aria-live="polite">
          <ProblemList problems={ofCondition} id={problemId} />
        </div>
      </div>
      <ActionEditor
        actions={rule.actions}
        problems={problems}
        choices={choices}
        onChange={(actions) => onChange({ ...rule, actions })}
      />
      <ProblemList problems={ofRest} />
      <Checkbox
        label="Stop here"
        description="When this rule matches, no rule below is looked at."
        checked={rule.isFinal}
        onChange={(event) => onChange({ ...rule, isFinal: event.currentTarget.checked })}
      />
    </div>
  );
}
