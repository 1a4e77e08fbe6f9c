/** What a member may do in a team. "Role" alone means a model role. */
export const accessRoles = ['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const;
export type AccessRole = (typeof accessRoles)[number];

export const apiKeyScopes = ['READ', 'RUN', 'MANAGE'] as const;
/** READ: look. RUN: spend model money. MANAGE: keys and providers. */
export type ApiKeyScope = (typeof apiKeyScopes)[number];

/** Who asks, for which team, with which rights. */
export interface Identity {
  readonly teamId: string;
  readonly accessRole: AccessRole;
  readonly scopes: ReadonlySet<ApiKeyScope>;
  /** The signed-in person, or the person who made the key; undefined for keys made by the installation. */
  readonly userId: string | undefined;
  /** Set when an API key asks instead of a person. */
  readonly apiKeyId: string | undefined;
  /** Names the credential in limits and logs, never the credential itself. */
  readonly subject: string;
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

/** Reads an access role as it is stored; unknown text is the least role. */
export function parseAccessRole(text: string): AccessRole {
  return accessRoles.find((role) => role === text.toUpperCase()) ?? 'VIEWER';
}
