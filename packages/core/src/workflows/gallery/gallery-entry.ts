import type { WorkflowDefinition } from '../definition/workflow-definition.ts';

/** A workflow to begin with. It names roles only, so that it runs wherever a default role has a model. */
export interface GalleryEntry {
  readonly definition: WorkflowDefinition;
  /** What it is good for, for the gallery's card. */
  readonly category: 'coding' | 'writing' | 'customers' | 'data';
  /** Inputs to try it with. */
  readonly sample: Readonly<Record<string, unknown>>;
}
