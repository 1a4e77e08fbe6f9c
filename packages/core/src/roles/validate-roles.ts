import { isRoleName, parseRoleReference, type RoleBook } from './role.ts';

export type RoleProblemCode =
  | 'INVALID_NAME'
  | 'DUPLICATE_ROLE'
  | 'DUPLICATE_MODEL'
  | 'UNKNOWN_MODEL'
  | 'NESTED_ROLE'
  | 'UNKNOWN_DEFAULT'
  | 'EMPTY_DEFAULT'
  | 'NO_MODELS';

export interface RoleProblem {
  readonly severity: 'error' | 'warning';
  readonly code: RoleProblemCode;
  /** From the book: `['roles', 0, 'models', 1, 'model']`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly suggestion: string;
}

/**
 * Everything that is wrong with `book`, at once. `isKnownModel` says whether a model id, alias or chain can be asked.
 * A role that resolves to nothing is a warning here, because it may never be used; a workflow that uses it is refused.
 */
export function validateRoles(book: RoleBook, isKnownModel: (model: string) => boolean): readonly RoleProblem[] {
  const problems: RoleProblem[] = [];
  const report = (
    code: RoleProblemCode,
    path: RoleProblem['path'],
    message: string,
    suggestion: string,
    severity: RoleProblem['severity'] = 'error',
  ) => problems.push({ severity, code, path, message, suggestion });
  const { defaultRole } = book;
  const standIn = book.roles.find(({ name }) => name === defaultRole);
  if (defaultRole !== undefined && !standIn) {
    const names = book.roles.map(({ name }) => name).join(', ');
    report('UNKNOWN_DEFAULT', ['defaultRole'], `There is no role "${shown(defaultRole)}".`, `Roles: ${names}.`);
  }
  const seen = new Set<string>();
  book.roles.forEach((role, index) => {
    const path = ['roles', index];
    if (!isRoleName(role.name)) {
      report(
        'INVALID_NAME',
        [...path, 'name'],
        `"${shown(role.name)}" cannot be the name of a role.`,
        'Use lower-case letters, digits and dashes, beginning with a letter, at most 64.',
      );
    }
    if (seen.has(role.name)) {
      report(
        'DUPLICATE_ROLE',
        [...path, 'name'],
        `There are two roles "${shown(role.name)}".`,
        'Rename one of the two, or put their models into one role.',
      );
    }
    seen.add(role.name);
    const models = role.models.map(({ model }) => model);
    models.forEach((model, place) => {
      const at = [...path, 'models', place, 'model'];
      if (parseRoleReference(model) !== undefined) {
        report('NESTED_ROLE', at, `A role cannot lead to another role ("${shown(model)}").`, 'Name the models.');
      } else if (!isKnownModel(model)) {
        report(
          'UNKNOWN_MODEL',
          at,
          `"${shown(model)}" is not a model that can be asked.`,
          'Set up its provider, or name a model that is listed under Models, as provider/model.',
        );
      }
      if (models.indexOf(model) !== place) {
        report('DUPLICATE_MODEL', at, `"${shown(model)}" stands twice in this role.`, 'Remove one of the two.');
      }
    });
    if (models.length === 0 && (standIn === undefined || (standIn !== role && standIn.models.length === 0))) {
      report(
        'NO_MODELS',
        [...path, 'models'],
        `The role "${shown(role.name)}" has no models and no default role stands in.`,
        'Assign a model to it, or to the default role.',
        'warning',
      );
    }
    if (role === standIn && models.length === 0) {
      report(
        'EMPTY_DEFAULT',
        [...path, 'models'],
        `The default role "${shown(role.name)}" has no models, so it cannot stand in for others.`,
        'Assign a model to it.',
      );
    }
  });
  return problems;
}

const shown = (name: string) => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
