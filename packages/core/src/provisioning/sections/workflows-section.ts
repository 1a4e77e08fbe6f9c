import { z } from 'zod';
import {
  callSpecOf,
  type ProblemPath,
  readDefinition,
  validateWorkflow,
  type WorkflowEnvironment,
  type WorkflowProblem,
  type WorkflowProblemCode,
} from '../../workflows/index.ts';
import type { Configuration, ConfiguredWorkflow } from '../configuration.ts';
import { checkName } from '../names/check-name.ts';
import type { ConfigurationProblemCode } from '../problem-code.ts';
import { expected, named } from '../schema/fields.ts';
import { defineSection, type SectionContext } from '../section.ts';

type Given = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const workflowsSection = defineSection<Given>({
  key: 'workflows',
  schema: named(
    z.record(z.string(), z.unknown(), expected('a map with fields such as steps')),
    'names and their workflows',
  ).describe('Workflows that every team has, each as its exported YAML; name and format may be left out.'),
  read(given, context) {
    const workflows = Object.entries(given).flatMap(([name, value]): ConfiguredWorkflow[] => {
      const { definition } = readDefinition(complete(name, value));
      return definition ? [{ definition, position: context.positionOf(['workflows', name], 'key') }] : [];
    });
    return { workflows };
  },
  check(given, context, configuration) {
    for (const [name, value] of Object.entries(given)) {
      const path = ['workflows', name];
      if (value.name !== undefined && value.name !== name) {
        context.report('CONTRADICTION', [...path, 'name'], `This workflow stands under the name "${name}".`, {
          suggestion: `Write "${name}", or leave the name out.`,
        });
      }
      for (const problem of validateWorkflow(complete(name, value), nothingKnown).problems) {
        if (!ofTeams.has(problem.code)) reportProblem(problem, path, context);
      }
      checkModelNames(name, value, context, configuration);
    }
  },
});

const complete = (name: string, value: Readonly<Record<string, unknown>>) => ({ format: 1, ...value, name });

/** Which roles and models there are, each team knows for itself. */
const nothingKnown: WorkflowEnvironment = { models: [], providers: [], aliases: {}, roles: { roles: [] } };
const ofTeams: ReadonlySet<WorkflowProblemCode> = new Set([
  'UNKNOWN_MODEL',
  'UNKNOWN_ROLE',
  'EMPTY_ROLE',
  'MISSING_CREDENTIALS',
  'MISSING_CAPABILITY',
  'CONTEXT_TOO_SMALL',
]);

const codes: Readonly<Partial<Record<WorkflowProblemCode, ConfigurationProblemCode>>> = {
  UNKNOWN_FIELD: 'UNKNOWN_FIELD',
  MISSING_FIELD: 'MISSING_FIELD',
  CONTRADICTION: 'CONTRADICTION',
  DUPLICATE_STEP: 'DUPLICATE_ID',
  DUPLICATE_MODEL: 'DUPLICATE_ENTRY',
  UNKNOWN_STEP: 'UNKNOWN_NAME',
  UNKNOWN_VARIABLE: 'UNKNOWN_NAME',
};

function reportProblem(problem: WorkflowProblem, base: ProblemPath, context: SectionContext): void {
  const { severity, code, path, message, suggestion, position } = problem;
  const place = position ? ` (line ${position.line}, column ${position.column} of this text)` : '';
  context.report(codes[code] ?? 'INVALID_VALUE', [...base, ...path], `${message}${place}`, { severity, suggestion });
}

/** Names that the file itself should know. */
function checkModelNames(
  name: string,
  given: Readonly<Record<string, unknown>>,
  context: SectionContext,
  configuration: Configuration,
): void {
  // Steps that are wrong are left out: the others keep the places that they have in the file.
  const { definition, stepIndexes } = readDefinition(complete(name, given));
  definition?.steps.forEach((step, place) => {
    const index = stepIndexes[place] ?? place;
    const inner = step.type === 'map' ? ['do'] : [];
    callSpecOf(step)?.models?.forEach(({ model }, modelIndex) => {
      if (model === 'auto' || model.startsWith('role:')) return;
      const path = ['workflows', name, 'steps', index, ...inner, 'models', modelIndex, 'model'];
      checkName(model, path, context, configuration);
    });
  });
}
