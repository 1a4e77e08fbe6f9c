'use client';

import { useQuery } from 'urql';
import { ExperimentWorkflowsDocument } from '../../gql/experiments.ts';
import type { Path } from './definition.ts';
import { useDraftField } from './draft-context.ts';
import { DraftChoice, DraftNumber } from './draft-fields.tsx';
import classes from './editor.module.css';

/** A version of a workflow that answers in place of one call. */
export function WorkflowFields({ path, label }: { path: Path; label: string }) {
  const [{ data }] = useQuery({ query: ExperimentWorkflowsDocument });
  const { message } = useDraftField(path);
  const workflows = (data?.workflows.edges ?? []).map(({ node }) => node);
  return (
    <div className={classes.workflow} data-field={path.join('.')}>
      <DraftChoice
        path={[...path, 'name']}
        label={`Workflow of ${label}`}
        placeholder="Choose one"
        isSearchable
        choices={workflows.map(({ name, publishedVersion }) => ({
          value: name,
          label: publishedVersion ? `${name} (version ${publishedVersion} is published)` : name,
        }))}
      />
      <DraftNumber path={[...path, 'version']} label="Version" min={1} />
      {message ? <p className={classes.error}>{message}</p> : null}
    </div>
  );
}
