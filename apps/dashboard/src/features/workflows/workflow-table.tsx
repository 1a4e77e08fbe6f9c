'use client';

import { formatAge } from '../../format/date-format.ts';
import { AppLink } from '../../shell/app-link.tsx';
import tableClasses from '../../shell/table.module.css';
import { useNow } from '../../shell/use-now.ts';
import { LastRunLink } from './last-run-link.tsx';
import { editorHref, type ListedWorkflow, shownDefinition, stateOf } from './listed-workflow.ts';
import type { LastRun } from './use-last-runs.ts';
import { WorkflowBadges } from './workflow-badges.tsx';
import { WorkflowMenu } from './workflow-menu.tsx';
import { WorkflowPicture } from './workflow-picture.tsx';
import classes from './workflow-table.module.css';
import type { WorkflowActions } from './workflows-page.tsx';

interface Props {
  workflows: readonly ListedWorkflow[];
  lastRuns: ReadonlyMap<string, LastRun>;
  actions: WorkflowActions;
}

/** Workflows as rows. */
export function WorkflowTable({ workflows, lastRuns, actions }: Props) {
  const now = useNow(true, 30_000);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard.
    <section className={tableClasses.frame} aria-label="Workflows" tabIndex={0}>
      <table className={tableClasses.table}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Steps</th>
            <th scope="col">Last run</th>
            <th scope="col">Changed</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.map((workflow) => {
            const definition = shownDefinition(workflow);
            const lastRun = lastRuns.get(workflow.name);
            return (
              <tr key={workflow.id}>
                <td>
                  <AppLink href={editorHref(workflow.id)} className={classes.link}>
                    {definition.title ?? workflow.name}
                  </AppLink>
                  <code className={classes.name}>workflow:{workflow.name}</code>
                </td>
                <td>
                  <span className={classes.badges}>
                    <WorkflowBadges state={stateOf(workflow)} version={workflow.publishedVersion} />
                  </span>
                </td>
                <td>
                  <WorkflowPicture definition={definition} maxWidth={150} />
                </td>
                <td>
                  {lastRun ? (
                    <LastRunLink run={lastRun} now={now} />
                  ) : (
                    <span className={tableClasses.muted}>never</span>
                  )}
                </td>
                <td className={tableClasses.muted}>
                  {workflow.sourceDetail ?? (workflow.updatedAt ? formatAge(workflow.updatedAt, now) : '')}
                </td>
                <td className={tableClasses.number}>
                  <WorkflowMenu
                    workflow={workflow}
                    mayEdit={actions.mayEdit}
                    mayManage={actions.mayManage}
                    onDuplicate={() => actions.onDuplicate(workflow)}
                    onDelete={() => actions.onDelete(workflow)}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
