import type { Role } from './role.ts';

/**
 * The roles every team begins with. They have no models of their own, because nobody knows which providers will be set
 * up: until the team assigns some, the default role stands in.
 */
export const builtInRoles: readonly Role[] = [
  {
    name: 'clarifier',
    description: 'Finds what is missing or ambiguous in a request and asks for it.',
    models: [],
    parameters: { temperature: 0.3 },
  },
  {
    name: 'planner',
    description: 'Breaks a task into steps before anything is written.',
    models: [],
    parameters: { temperature: 0.3 },
  },
  { name: 'coder', description: 'Writes code and other long answers.', models: [], parameters: { temperature: 0.2 } },
  {
    name: 'reviewer',
    description: 'Judges what another model wrote and names what is wrong.',
    models: [],
    parameters: { temperature: 0 },
  },
];

/** `roles` with every built-in role that the team has not replaced by one of its own of the same name. */
export function withBuiltInRoles(roles: readonly Role[]): readonly Role[] {
  const own = new Set(roles.map(({ name }) => name));
  return [...builtInRoles.filter(({ name }) => !own.has(name)), ...roles];
}
