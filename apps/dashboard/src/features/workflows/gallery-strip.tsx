'use client';

import { useQuery } from 'urql';
import { WorkflowGalleryDocument } from '../../gql/workflows.ts';
import { readDraft } from './definition.ts';
import classes from './gallery-strip.module.css';
import { WorkflowPicture } from './workflow-picture.tsx';

/** The gallery under the empty list: each entry one click away from being yours. */
export function GalleryStrip({ onChoose }: { onChoose: (name: string) => void }) {
  const [{ data }] = useQuery({ query: WorkflowGalleryDocument });
  if (!data) return null;
  return (
    <section aria-labelledby="gallery">
      <h2 id="gallery" className={classes.title}>
        Or begin with one that works
      </h2>
      <ul className={classes.entries}>
        {data.workflowGallery.map(({ name, title, description, definition }) => (
          <li key={name}>
            <button type="button" className={classes.entry} onClick={() => onChoose(name)}>
              <strong>{title}</strong>
              <span>{description}</span>
              <WorkflowPicture definition={readDraft(definition, name).definition} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
