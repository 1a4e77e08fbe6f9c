import type { ExperimentDefinition } from '@switchyard/core/experiments';
import type { Services } from '../../container.ts';
import { ConflictFailure, NotFoundFailure } from '../../user-errors.ts';
import { findRunWorkflow } from '../runs/find-run-workflow.ts';
import { inputsOfItem } from './workflow-inputs.ts';

/** Items that are tried on the inputs of a workflow before a test is started. */
const triedItems = 200;

export interface VariantProblem {
  readonly variant: number;
  readonly message: string;
}

type Variants = ExperimentDefinition['variants'];

/** What keeps versions of workflows from answering the items of a version of a dataset; undefined items are not tried. */
export async function findWorkflowProblems(
  services: Services,
  teamId: string,
  variants: Variants,
  items: { readonly versionId: string; readonly split: string | undefined } | undefined,
): Promise<readonly VariantProblem[]> {
  if (variants.every(({ workflow }) => workflow === undefined)) return [];
  const rows = items
    ? await services.prisma.datasetItem.findMany({
        where: { versionId: items.versionId, teamId, ...(items.split !== undefined && { split: items.split }) },
        select: { key: true, input: true, fields: true },
        orderBy: { position: 'asc' },
        take: triedItems,
      })
    : [];
  const problems: VariantProblem[] = [];
  for (const [variant, { workflow }] of variants.entries()) {
    if (!workflow) continue;
    const tell = (message: string) => problems.push({ variant, message });
    const { name, version } = workflow;
    const found = await findRunWorkflow(services, { teamId }, { name }, version).catch((error: unknown) => {
      if (!(error instanceof NotFoundFailure || error instanceof ConflictFailure)) throw error;
      return undefined;
    });
    if (!found) {
      tell(
        `There is no version ${version} of a workflow "${name}". Only versions that were published here can be tested.`,
      );
      continue;
    }
    const { definition } = found;
    const asking = definition.steps.find(({ type }) => type === 'approval');
    if (asking) tell(`The step "${asking.id}" asks a person, and nobody answers for a test.`);
    const misfits = rows.flatMap(({ key, input, fields }) => {
      const read = inputsOfItem(definition, { input, fields: JSON.parse(fields) as Record<string, unknown> });
      return 'problem' in read ? [`"${key}": ${read.problem}`] : [];
    });
    if (misfits.length > 0) {
      const many = misfits.length === 1 ? 'One item does' : `${misfits.length} of the first ${rows.length} items do`;
      tell(`${many} not fit the inputs of "${name}" version ${version}. ${misfits[0]}`.slice(0, 1_000));
    }
  }
  return problems;
}
