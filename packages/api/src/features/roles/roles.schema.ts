import { builder } from '../../graphql/builder.ts';
import { RoleType } from './role.types.ts';

builder.queryFields((t) => ({
  roles: t.field({
    type: [RoleType],
    description: 'All roles: the built-in ones first, then by name. At most 200 of your own.',
    resolve: (_root, _args, { services, identity }) => [...services.roles.of(identity.teamId).all],
  }),
  role: t.field({
    type: RoleType,
    nullable: true,
    description: 'One role by its name; null when there is none.',
    args: { name: t.arg.string({ required: true, description: 'Without `role:`.' }) },
    resolve: (_root, { name }, { services, identity }) => services.roles.of(identity.teamId).byName.get(name) ?? null,
  }),
}));
