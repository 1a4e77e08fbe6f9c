import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure } from '../../user-errors.ts';
import { outcomes } from '../guardrails/outcomes.ts';
import { type DeletedMemberData, deleteMemberData } from './member-data.ts';

const DeleteMemberDataInput = builder.inputType('DeleteMemberDataInput', {
  description: 'A member to be removed and forgotten.',
  fields: (t) => ({
    memberId: t.id({ required: true, description: 'The member.' }),
    deletesPrompts: t.boolean({
      description: 'Whether comparisons and ended runs that they started are deleted as well; they stay when absent.',
    }),
  }),
});

const DeleteMemberDataSuccess = builder.objectRef<DeletedMemberData>('DeleteMemberDataSuccess').implement({
  description: 'The member is out of the team, and nothing in it names them but the audit log.',
  fields: (t) => ({
    isPersonForgotten: t.exposeBoolean('isPersonForgotten', {
      description:
        'Whether name, e-mail and ways to sign in are gone from the installation; false while they belong to another team.',
    }),
    deletedComparisons: t.exposeInt('deletedComparisons', { description: 'How many comparisons were deleted.' }),
    deletedRuns: t.exposeInt('deletedRuns', { description: 'How many runs were deleted.' }),
  }),
});

builder.mutationFields((t) => ({
  deleteMemberData: t.field({
    type: DeleteMemberDataSuccess,
    description:
      'Takes a member out of the team and deletes what is known of them; `GET /api/members/export` gives it to them before. Cannot be taken back.',
    errors: outcomes('DeleteMemberDataResult', NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: DeleteMemberDataInput, required: true, description: 'Whom.' }) },
    resolve: (_root, { input: { memberId, ...choice } }, { services, identity }) =>
      deleteMemberData(services, identity, decodeId(memberId, 'Member'), choice),
  }),
}));
