import { areaNames, findMissingPermission } from '../../../auth/check-permission.ts';
import {
  type Identity,
  type PermissionArea,
  type PermissionLevel,
  permissionAreas,
  permissionLevels,
} from '../../../auth/identity.ts';
import { builder } from '../../../graphql/builder.ts';

const PermissionAreaEnum = builder.enumType('PermissionArea', {
  description: 'What the product is divided into where rights are.',
  values: Object.fromEntries(
    permissionAreas.map((area) => [area, { description: `Rights in ${areaNames[area]}.` }]),
  ) as Record<PermissionArea, { description: string }>,
});

const PermissionLevelEnum = builder.enumType('PermissionLevel', {
  description: 'How far a right goes. Levels do not include each other.',
  values: {
    READ: { description: 'Look.' },
    RUN: { description: 'Call models, which costs money, and write drafts.' },
    MANAGE: { description: 'Decide for everybody.' },
  } satisfies Record<PermissionLevel, { description: string }>,
});

interface ViewerPermission {
  readonly level: PermissionLevel;
  readonly area: PermissionArea;
  readonly missing: string | undefined;
}

export const ViewerPermissionType = builder.objectRef<ViewerPermission>('ViewerPermission').implement({
  description: 'Whether whoever asks has one level in one area, and if not, why and who can help.',
  fields: (t) => ({
    area: t.expose('area', { type: PermissionAreaEnum, description: 'Where.' }),
    areaName: t.string({ description: 'The area in words.', resolve: ({ area }) => areaNames[area] }),
    level: t.expose('level', { type: PermissionLevelEnum, description: 'How far.' }),
    isAllowed: t.boolean({ description: 'Whether you may.', resolve: ({ missing }) => missing === undefined }),
    reason: t.string({
      nullable: true,
      description: 'Why you may not and who can help; null when you may.',
      resolve: ({ missing }) => missing ?? null,
    }),
  }),
});

/** Every level in every area, as it is for `identity`. */
export function permissionsOf(identity: Identity): readonly ViewerPermission[] {
  return permissionAreas.flatMap((area) =>
    permissionLevels.map((level) => ({ area, level, missing: findMissingPermission(identity, `${level} ${area}`) })),
  );
}
