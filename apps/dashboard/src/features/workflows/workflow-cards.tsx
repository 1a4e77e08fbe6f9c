'use client';

import { Skeleton } from '@mantine/core';
import { formatAge } from '../../format/date-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import { useNow } from '../../shell/use-now.ts';
import { LastRunLink } from './last-run-link.tsx';
import { editorHref, type ListedWorkflow, shownDefinition, stateOf } from './listed-workflow.ts';
import { plural } from './step-words.ts';
import type { LastRun } from './use-last-runs.ts';
import { WorkflowBadges } from './workflow-badges.tsx';
import classes from './workflow-cards.module.css';
import { WorkflowMenu } from './workflow-menu.tsx';
import { WorkflowPicture } from './workflow-picture.tsx';
import type { WorkflowActions } from './workflows-page.tsx';

interface Props {
  workflows: readonly ListedWorkflow[];
  lastRuns: ReadonlyMap<string, LastRun>;
  actions: WorkflowActions;
}

/** Workflows as cards, each with the picture of its graph. */
export function WorkflowCards({ workflows, lastRuns, actions }: Props) {
  const now = useNow(true, 30_000);
  return (
    <ul className={classes.cards}>
      {workflows.map((workflow) => {
        const definition = shownDefinition(workflow);
        const lastRun = lastRuns.get(workflow.name);
        return (
          <li key={workflow.id} className={classes.card}>
            <div className={classes.head}>
              <h2 className={classes.title}>
                <AppLink href={editorHref(workflow.id)} className={classes.link}>
                  {definition.title ?? workflow.name}
                </AppLink>
              </h2>
              <WorkflowMenu
                workflow={workflow}
                mayEdit={actions.mayEdit}
                mayManage={actions.mayManage}
                onDuplicate={() => actions.onDuplicate(workflow)}
                onDelete={() => actions.onDelete(workflow)}
              />
            </div>
            <code className={classes.name}>workflow:{workflow.name}</code>
            <div className={classes.picture}>
              <WorkflowPicture definition={definition} />
            </div>
            {lastRun ? (
              <p className={classes.facts}>
                <LastRunLink run={lastRun} now={now} />
              </p>
            ) : null}
            <p className={classes.facts}>
              <WorkflowBadges state={stateOf(workflow)} version={workflow.publishedVersion} />
              <span>{plural(definition.steps.length, 'step')}</span>
              <span className={classes.age}>
                {workflow.sourceDetail ?? (workflow.updatedAt ? formatAge(workflow.updatedAt, now) : '')}
              </span>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

export function WorkflowCardsSkeleton() {
  return (
    <div className={classes.cards} aria-hidden="true">
      {[1, 2, 3].map((key) => (
        <Skeleton key={key} h={190} radius={12} />
      ))}
    </div>
  );
}
