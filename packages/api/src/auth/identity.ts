/** What a member may do in a team. "Role" alone means a model role. */
export const accessRoles = ['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const;
export type AccessRole = (typeof accessRoles)[number];

/** READ: look. RUN: spend model money and write drafts. MANAGE: decide for everybody. */
export const permissionLevels = ['READ', 'RUN', 'MANAGE'] as const;
export type PermissionLevel = (typeof permissionLevels)[number];

/** What the product is divided into where somebody's rights are. */
export const permissionAreas = [
  'WORK',
  'TESTS',
  'MODELS',
  'ROUTING',
  'GUARDRAILS',
  'HEALTH',
  'REPORTS',
  'TEAM',
] as const;
export type PermissionArea = (typeof permissionAreas)[number];

/** A level in every area (`READ`) or in one (`READ_REPORTS`). */
export type ApiKeyScope = PermissionLevel | `${PermissionLevel}_${PermissionArea}`;
export const apiKeyScopes: readonly ApiKeyScope[] = permissionLevels.flatMap((level) => [
  level,
  ...permissionAreas.map((area) => `${level}_${area}` as const),
]);

/** Who asks, for which team, with which rights. */
export interface Identity {
  readonly teamId: string;
  readonly accessRole: AccessRole;
  readonly scopes: ReadonlySet<ApiKeyScope>;
  /** The signed-in person, or the person who made the key; undefined for keys made by the installation. */
  readonly userId: string | undefined;
  /** Set when an API key asks instead of a person. */
  readonly apiKeyId: string | undefined;
  /** Of a key that calls providers of one kind only: reads that are asked for an origin are held to it. */
  readonly dataOrigin?: 'LIVE' | 'SIMULATED' | undefined;
  /** Set when the secret that was shown is an old one of a key that was rotated: the record of that secret. */
  readonly oldSecretId?: string | undefined;
  /** Names the credential in limits and logs, never the credential itself; of a person it is the session's id. */
  readonly subject: string;
  /** The person's place in the team; undefined for API keys. */
  readonly memberId?: string | undefined;
  /** Set when the team wants more of the person first: why nothing is allowed, and what to do. There are no scopes then. */
  readonly restriction?: string | undefined;
}

const scopesByRole: Readonly<Record<AccessRole, readonly ApiKeyScope[]>> = {
  OWNER: ['READ', 'RUN', 'MANAGE'],
  ADMIN: ['READ', 'RUN', 'MANAGE'],
  DEVELOPER: ['READ', 'RUN'],
  VIEWER: ['READ'],
};

/** The scopes a person with this access role has. */
export function scopesOf(role: AccessRole): ReadonlySet<ApiKeyScope> {
  return new Set(scopesByRole[role]);
}

/** Whether this level is allowed in this area; levels do not include each other. */
export function mayDo(identity: Pick<Identity, 'scopes'>, level: PermissionLevel, area: PermissionArea): boolean {
  return identity.scopes.has(level) || identity.scopes.has(`${level}_${area}`);
}

/** Whether the identity itself has what a scope gives: a key may not get more than its maker. */
export function hasScope(identity: Pick<Identity, 'scopes'>, scope: ApiKeyScope): boolean {
  const [level, area] = scope.split('_') as [PermissionLevel, PermissionArea | undefined];
  return area === undefined ? identity.scopes.has(level) : mayDo(identity, level, area);
}

/** Whether this level is allowed in any area. */
export function mayAnywhere(identity: Pick<Identity, 'scopes'>, level: PermissionLevel): boolean {
  return permissionAreas.some((area) => mayDo(identity, level, area));
}

/** Reads an access role as it is stored; unknown text is the least role. */
export function parseAccessRole(text: string): AccessRole {
  return accessRoles.find((role) => role === text.toUpperCase()) ?? 'VIEWER';
}
