'use client';

import { Anchor } from '@mantine/core';
import { useQuery } from 'urql';
import { formatCount } from '../../format/number-format.ts';
import { RoleBudgetsDocument, RoleUsersDocument } from '../../gql/roles.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { strategyLabel } from '../routing/strategy-words.ts';
import { editorHref } from '../workflows/listed-workflow.ts';
import classes from './role-drawer.module.css';
import type { RoleView } from './role-view.ts';
import { type Origin, useRange } from './use-role-data.ts';

const days = 30;

/** Who would notice a change: workflows that name the role, who called it lately, and settings that hold for it. */
export function RoleUsers({ role, origin }: { role: RoleView; origin: Origin }) {
  const range = useRange(days);
  const [{ data }] = useQuery({
    query: RoleUsersDocument,
    variables: { ...range, origin, filter: { roles: [role.name] } },
  });
  const [{ data: budgetData }] = useQuery({ query: RoleBudgetsDocument });
  const scope = `role:${role.name}`;
  const setting = data?.routing.settings.find((each) => each.scope === scope);
  const budgets = (budgetData?.budgets.edges ?? []).filter(({ node }) =>
    node.scope.some(({ kind, value }) => kind === 'ROLE' && value === role.name),
  );
  const callersOf = (groups: NonNullable<typeof data>['keys']['groups'] | undefined, kind: string) =>
    (groups ?? []).flatMap(({ values, figures }) =>
      values[0] ? [{ key: values[0].value, label: values[0].label, calls: figures.calls, kind }] : [],
    );
  const callers = [
    ...callersOf(data?.keys.groups, 'API key'),
    ...callersOf(data?.members.groups, 'member, with their keys'),
  ];
  const isUnused = role.usedBy.length === 0 && !setting && budgets.length === 0 && callers.length === 0;
  return (
    <section className={classes.section} aria-labelledby="role-users">
      <h3 className={classes.title} id="role-users">
        Who uses it
      </h3>
      {data && budgetData && isUnused ? (
        <p className={classes.hint}>Nobody so far: no workflow, no setting, no call in {days} days.</p>
      ) : null}
      <ul className={classes.users}>
        {role.usedBy.map(({ workflowId, workflowName, stepIds }) => (
          <li key={workflowId}>
            <Anchor component={AppLink} href={editorHref(workflowId)} inherit>
              {workflowName}
            </Anchor>
            <span>
              workflow, {stepIds.length === 1 ? 'step' : 'steps'} {stepIds.join(', ')}
            </span>
          </li>
        ))}
        {callers.map(({ key, label, calls, kind }) => (
          <li key={key}>
            <strong>{label}</strong>
            <span>
              {kind}: {formatCount(calls)} {calls === 1 ? 'call' : 'calls'} in {days} days
            </span>
          </li>
        ))}
        {setting ? (
          <li>
            <Anchor component={AppLink} href="/routing?tab=strategies" inherit>
              Routing of this role
            </Anchor>
            <span>
              {setting.preferences.strategy
                ? `strategy ${strategyLabel(setting.preferences.strategy)}`
                : 'limits or weights of its own'}
            </span>
          </li>
        ) : null}
        {budgets.map(({ node }) => (
          <li key={node.id}>
            <Anchor component={AppLink} href="/guardrails" inherit>
              {node.name}
            </Anchor>
            <span>budget with this role as a condition</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
