import type { CallParametersInput, SetRoleInput } from '../../gql/roles.ts';
import type { CallParameters, RoleView } from './role-view.ts';

/** One row of the list; `key` tells rows apart while they move. */
export interface RoleModelDraft {
  readonly key: string;
  readonly model: string;
  readonly parameters: CallParametersInput;
}

/** A role as it stands in the editor. */
export interface RoleForm {
  readonly name: string;
  readonly description: string;
  readonly models: readonly RoleModelDraft[];
  readonly parameters: CallParametersInput;
  readonly isStrict: boolean;
}

/** The most that a role can ask. */
export const mostModels = 16;

const namePattern = /^[a-z][a-z0-9-]{0,63}$/;

let lastKey = 0;
export const newModel = (model: string, parameters: CallParametersInput = {}): RoleModelDraft => {
  lastKey += 1;
  return { key: `m${lastKey}`, model, parameters };
};

/** Only what is set, without what the cache adds. */
export function withoutEmpty(parameters: CallParameters | CallParametersInput): CallParametersInput {
  return Object.fromEntries(
    Object.entries(parameters).filter(
      ([name, value]) =>
        name !== '__typename' && value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

export function formOfRole(role: RoleView | undefined): RoleForm {
  if (!role) return { name: '', description: '', models: [], parameters: {}, isStrict: false };
  return {
    name: role.name,
    description: role.description ?? '',
    models: role.models.map(({ model, parameters }) => newModel(model, withoutEmpty(parameters))),
    parameters: withoutEmpty(role.parameters),
    isStrict: role.isStrict,
  };
}

/** What the server is told. */
export function inputOfForm(form: RoleForm, revision: number): SetRoleInput {
  return {
    name: form.name.trim(),
    ...(form.description.trim() === '' ? {} : { description: form.description.trim() }),
    models: form.models.map(({ model, parameters }) => ({ model, parameters: withoutEmpty(parameters) })),
    parameters: withoutEmpty(form.parameters),
    isStrict: form.isStrict,
    revision,
  };
}

/** Whether saving would change something. */
export function isChanged(form: RoleForm, role: RoleView | undefined): boolean {
  return JSON.stringify(inputOfForm(form, 0)) !== JSON.stringify(inputOfForm(formOfRole(role), 0));
}

/** What is wrong with a new name; undefined when nothing is. */
export function nameProblem(name: string, taken: readonly string[]): string | undefined {
  const text = name.trim();
  if (text === '') return 'Give it a name.';
  if (!namePattern.test(text)) return 'Use lower-case letters, digits and dashes, beginning with a letter.';
  return taken.includes(text) ? 'There is a role of this name.' : undefined;
}

/** The list with one row at another place. */
export function withMoved<Row>(rows: readonly Row[], from: number, to: number): readonly Row[] {
  const rest = rows.filter((_, index) => index !== from);
  const row = rows[from];
  return row === undefined ? rows : [...rest.slice(0, to), row, ...rest.slice(to)];
}
