import { areaNames } from './check-permission.ts';
import { type AccessRole, accessRoles, mayDo, permissionAreas, permissionLevels, scopesOf } from './identity.ts';
import {
  httpPermissions,
  keyPermissions,
  mutationPermissions,
  nodePermissions,
  type Permission,
  queryPermissions,
  subscriptionPermissions,
} from './permission-table.ts';

/** `docs/permissions.md`, written from the table that the server enforces. */
export function printPermissions(): string {
  const rows = permissionAreas.flatMap((area) =>
    permissionLevels.map((level) => [
      areaNames[area],
      `\`${level}\``,
      `\`${level}\` or \`${level}_${area}\``,
      ...accessRoles.map((role) => (mayDo({ scopes: scopesOf(role) }, level, area) ? 'yes' : 'no')),
    ]),
  );
  return `# Who may do what

Written by \`node scripts/write-permissions.ts\` from the table that the server enforces (\`packages/api/src/auth/permission-table.ts\`). A test
compares this file with it, and another one walks through every field as every access role and with every scope. A field without an entry
stops the server from starting.

People have an access role in each of their teams; API keys have scopes. Rights have a level and an area. The levels do not include each
other: a key that shall look and call needs both scopes.

- \`READ\`: look.
- \`RUN\`: call models, which costs money, and write drafts.
- \`MANAGE\`: decide for everybody: rules, limits, keys, deletion.

What is refused is a \`ForbiddenError\` where the result can be one, else an error with the code \`FORBIDDEN\`; the message says what is missing
and who can help. \`viewer { permissions { area level isAllowed reason } }\` tells it beforehand. Another team's things answer like things that
do not exist, whatever one may do.

## Access roles and scopes

${table(['area', 'level', 'scopes of a key', ...accessRoles.map(roleTitle)], rows)}

Beyond these, some things are for people and not for keys: \`PERSON\` in the lists below is whoever is signed in, about the own account;
\`OWNER\` is a signed-in owner of the team. \`ANYONE\` is every credential that is good. Only an owner makes and unmakes owners. People change
and end the keys that they made; what others made needs \`MANAGE\` in ${areaNames.TEAM}. Nobody gives a key, or gets by rotating one, more than they may
do themselves. A key with limits of its own (models, roles, rate, budget, origin) makes and changes no keys.

## Queries

${lists(queryPermissions, new Set(['node', 'nodes']))}

\`node\` and \`nodes\` need what the types of their ids need:

${lists(nodePermissions)}

The same holds wherever a field of one thing leads to another: a key with \`READ_WORK\` alone sees a run, and not the budget that stopped it.

## Mutations

${lists(mutationPermissions)}

API keys need \`MANAGE TEAM\` in addition for ${sentence([...keyPermissions.keys()])}: a stolen key must not make one that outlives it.

## Subscriptions

When they begin and as long as they go on: a stream ends within a second when its credential ends, the access role is lowered, a scope is
taken away or the person goes to another team.

${lists(subscriptionPermissions)}

## Beside the graph

${table(
  ['entrance', 'needs'],
  [...httpPermissions].map(([way, permission]) => [`\`${way.replace(':', ' ')}\``, `\`${permission}\``]),
)}

\`/metrics\` is open without a key to the networks of \`SWITCHYARD_METRICS_ALLOW\`. \`/v1\`, \`/api/feedback\` and \`/api/models/rebalance\` take API keys
only.
`;
}

const roleTitle = (role: AccessRole) => role.toLowerCase();

const sentence = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

function lists(permissions: ReadonlyMap<string, Permission>, except: ReadonlySet<string> = new Set()): string {
  const byPermission = Map.groupBy(permissions, ([, permission]) => permission);
  const rows = [...byPermission].map(([permission, entries]) => {
    const names = entries.map(([name]) => name).filter((name) => !except.has(name));
    return [`\`${permission}\``, sentence(names.sort())];
  });
  return table(['needs', 'what'], rows);
}

/** With its columns aligned, as the formatter leaves it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
