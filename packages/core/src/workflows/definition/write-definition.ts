import { stringify } from 'yaml';
import { canonicalForm } from './canonical-form.ts';
import type { WorkflowDefinition } from './workflow-definition.ts';

/**
 * `definition` as YAML in canonical order and one style: texts of several lines as blocks, no folding, so that a change
 * of one line is a difference of one line. Reading it back gives the same definition, writing that the same bytes.
 */
export function writeWorkflowYaml(definition: WorkflowDefinition): string {
  return stringify(canonicalForm(definition), {
    version: '1.2',
    indent: 2,
    lineWidth: 0,
    minContentWidth: 0,
    blockQuote: 'literal',
    aliasDuplicateObjects: false,
    defaultStringType: 'PLAIN',
    singleQuote: true,
  });
}

/** `definition` as JSON in canonical order, indented, ending with a newline. */
export function writeWorkflowJson(definition: WorkflowDefinition): string {
  return `${JSON.stringify(canonicalForm(definition), null, 2)}\n`;
}
