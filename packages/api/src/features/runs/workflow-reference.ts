const prefix = 'workflow:';
const form = /^workflow:([a-z0-9][a-z0-9-]{0,63})(?:\/([A-Za-z][A-Za-z0-9_]{0,63}))?$/;

/** A workflow that is named where a model could be. */
export interface WorkflowReference {
  readonly name: string;
  /** Which of its outputs is the answer; undefined leaves it to the workflow. */
  readonly output?: string;
}

/** Reads `workflow:name` and `workflow:name/output`; undefined for everything that names something else. */
export function parseWorkflowReference(text: string): WorkflowReference | undefined {
  const [, name, output] = form.exec(text) ?? [];
  if (name !== undefined) return { name, ...(output !== undefined && { output }) };
  // Whatever follows the prefix, a workflow is meant; one of that name does not exist.
  return text.startsWith(prefix) ? { name: text.slice(prefix.length) } : undefined;
}

/** How a workflow is named where a model could be. */
export const workflowReference = (name: string): string => `${prefix}${name}`;
