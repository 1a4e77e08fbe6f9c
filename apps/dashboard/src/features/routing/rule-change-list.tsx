'use client';

import { Skeleton } from '@mantine/core';
import { useQuery } from 'urql';
import { RuleChangesDocument, type RuleChangesQuery } from '../../gql/routing.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { FailureNotice } from '../../shell/failure-notice.tsx';
import { draftOfRule } from './draft-rule.ts';
import classes from './rule-change-list.module.css';
import { describeAction } from './rule-words.ts';

type Change = RuleChangesQuery['routingRuleChanges'][number];

const words = { ADDED: 'new', REMOVED: 'removed', CHANGED: 'changed', MOVED: 'moved' } as const;

/** What differs between two versions of the rules; null is the draft, 0 is no rules at all. */
export function RuleChangeList({ from, to }: { from: number | null; to: number | null }) {
  const [{ data, error }, reload] = useQuery({
    query: RuleChangesDocument,
    variables: { from, to },
    requestPolicy: 'network-only',
  });
  if (error) return <FailureNotice failure={describeFailure(error)} onRetry={() => reload()} />;
  if (!data) return <Skeleton h={80} radius={8} />;
  const changes = data.routingRuleChanges;
  if (changes.length === 0) return <p className={classes.none}>Nothing differs.</p>;
  return (
    <ul className={classes.changes} aria-label="Changes">
      {changes.map((change) => (
        <ChangeRow key={`${change.type}${(change.after ?? change.before)?.id}`} change={change} />
      ))}
    </ul>
  );
}

function linesOf(rule: Change['before']): Record<string, string> {
  if (!rule) return {};
  const draft = draftOfRule(rule);
  return {
    name: rule.name,
    when: rule.when,
    actions: draft.actions.map(describeAction).join(' · ') || 'nothing',
    isEnabled: rule.isEnabled ? 'on' : 'off',
    isFinal: rule.isFinal ? 'stops here' : 'goes on',
  };
}

function ChangeRow({ change }: { change: Change }) {
  const { type, before, after, fields, from, to } = change;
  const old = linesOf(before);
  const next = linesOf(after);
  const shown = type === 'CHANGED' ? fields : ['when', 'actions'];
  return (
    <li className={classes.change}>
      <p className={classes.head}>
        <span className={classes.type} data-type={type}>
          {words[type]}
        </span>
        <strong>{(after ?? before)?.name}</strong>
        {type === 'MOVED' && from !== null && to !== null ? (
          <span>
            from place {from + 1} to {to + 1}
          </span>
        ) : null}
      </p>
      {type === 'MOVED'
        ? null
        : shown.map((field) => (
            <div key={field} className={classes.field}>
              {before && old[field] !== undefined ? (
                <p>
                  <del className={classes.old}>
                    <span className="visually-hidden">before: </span>
                    {old[field]}
                  </del>
                </p>
              ) : null}
              {after && next[field] !== undefined ? (
                <p>
                  <ins className={classes.next}>
                    <span className="visually-hidden">now: </span>
                    {next[field]}
                  </ins>
                </p>
              ) : null}
            </div>
          ))}
    </li>
  );
}
