import { type GraphQLError, Kind, type OperationDefinitionNode } from 'graphql';
import { graphError } from '../errors.ts';

/** What an ordinary operation may send: a body in bytes, values in its variables, levels of them. */
export const inputLimits = { bytes: 1_000_000, values: 20_000, depth: 64 } as const;

/** Operations that may carry pictures or whole files. What they take is held to limits of their own. */
const bulkFields = new Set([
  'startComparison',
  'complete',
  'dryRunRoute',
  'estimateRun',
  'importDataset',
  'previewDatasetImport',
  'startRun',
  'previewStep',
]);

/** Whether an operation asks for nothing but what may be large. Fragments at its root are not looked into: then it is not. */
export function isBulkOperation({ selectionSet: { selections } }: OperationDefinitionNode): boolean {
  return selections.every(
    (selection) =>
      selection.kind === Kind.FIELD && (bulkFields.has(selection.name.value) || selection.name.value === '__typename'),
  );
}

/** What is too much in an operation's variables, or undefined. Looks at no more values than an operation may have. */
export function findInputProblem(
  variables: Readonly<Record<string, unknown>> | null | undefined,
  isBulk: boolean,
): GraphQLError | undefined {
  const maxValues = isBulk ? Number.POSITIVE_INFINITY : inputLimits.values;
  let level: unknown[] = [variables];
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > inputLimits.depth) {
      return graphError('COST_LIMIT_EXCEEDED', `The variables have more than ${inputLimits.depth} levels.`);
    }
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      const children = Array.isArray(value) ? value : Object.values(value);
      count += children.length;
      if (count > maxValues) {
        return graphError('COST_LIMIT_EXCEEDED', `The variables have more than ${inputLimits.values} values.`);
      }
      for (const child of children) if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return undefined;
}
