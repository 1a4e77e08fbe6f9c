import { builder } from '../../graphql/builder.ts';
import { decodeId } from '../../graphql/global-id.ts';
import { ConflictFailure, ForbiddenFailure, NotFoundFailure, ValidationFailure } from '../../user-errors.ts';
import { createTeam, renameTeam, switchTeam } from './change-teams.ts';
import { deleteTeam } from './delete-team.ts';
import { TeamSummaryType } from './members.types.ts';

const teamNameFields = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({
      name: t.string({ required: true, description: 'How people call the team, 1 to 80 characters.' }),
    }),
  });

const CreateTeamInput = teamNameFields('CreateTeamInput', 'A team to be made.');
const RenameTeamInput = teamNameFields('RenameTeamInput', 'The new name of the team.');

const SwitchTeamInput = builder.inputType('SwitchTeamInput', {
  description: 'Another team to look at.',
  fields: (t) => ({ teamId: t.id({ required: true, description: 'One of your teams.' }) }),
});

const DeleteTeamInput = builder.inputType('DeleteTeamInput', {
  description: 'The team that you look at, to be deleted for good.',
  fields: (t) => ({
    confirmName: t.string({ required: true, description: 'The name of the team, typed out.' }),
    stopsRuns: t.boolean({
      defaultValue: false,
      description: 'Stop what is running first; else a team with open runs is not deleted.',
    }),
  }),
});

const success = (name: string, description: string) =>
  builder.objectRef<{ id: string }>(name).implement({
    description,
    fields: (t) => ({
      team: t.field({
        type: TeamSummaryType,
        description: 'The team as it is now.',
        resolve: ({ id }, _args, { services }) =>
          services.prisma.team.findUniqueOrThrow({ where: { id }, select: { id: true, name: true, slug: true } }),
      }),
    }),
  });

const CreateTeamSuccess = success('CreateTeamSuccess', 'The team was made; you are its owner and look at it now.');
const RenameTeamSuccess = success('RenameTeamSuccess', 'The team has the new name.');
const SwitchTeamSuccess = success('SwitchTeamSuccess', 'You look at this team now. Drop what you know of the former.');

const DeleteTeamSuccess = builder.objectRef<{ name: string; stoppedRuns: number }>('DeleteTeamSuccess').implement({
  description: 'The team is gone, with everything in it.',
  fields: (t) => ({
    teamName: t.exposeString('name', { description: 'Which team it was.' }),
    stoppedRuns: t.exposeInt('stoppedRuns', { description: 'How much was running and was stopped.' }),
  }),
});

builder.mutationFields((t) => ({
  createTeam: t.field({
    type: CreateTeamSuccess,
    description: 'Makes a team, with you as its owner, and switches to it.',
    errors: {
      types: [ValidationFailure, ConflictFailure],
      directResult: true,
      union: { name: 'CreateTeamResult', description: 'The team, or why it was not made.' },
    },
    args: { input: t.arg({ type: CreateTeamInput, required: true, description: 'What to make.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({ id: await createTeam(services, identity, input) }),
  }),
  renameTeam: t.field({
    type: RenameTeamSuccess,
    description: 'Gives the team another name.',
    errors: {
      types: [ValidationFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'RenameTeamResult', description: 'The team, or why it keeps its name.' },
    },
    args: { input: t.arg({ type: RenameTeamInput, required: true, description: 'The new name.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({ id: await renameTeam(services, identity, input) }),
  }),
  switchTeam: t.field({
    type: SwitchTeamSuccess,
    description: 'Looks at another of your teams, in this session. Streams of the former team end.',
    errors: {
      types: [NotFoundFailure],
      directResult: true,
      union: { name: 'SwitchTeamResult', description: 'The team, or why you still look at the former one.' },
    },
    args: { input: t.arg({ type: SwitchTeamInput, required: true, description: 'Where to.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await switchTeam(services, identity, decodeId(input.teamId, 'Team')),
    }),
  }),
  deleteTeam: t.field({
    type: DeleteTeamSuccess,
    description: 'Deletes the team that you look at, for good. Export what you want to keep before.',
    errors: {
      types: [ValidationFailure, ForbiddenFailure, ConflictFailure],
      directResult: true,
      union: { name: 'DeleteTeamResult', description: 'That it is gone, or why it is not.' },
    },
    args: { input: t.arg({ type: DeleteTeamInput, required: true, description: 'Your word for it.' }) },
    resolve: (_root, { input }, { services, identity }) => deleteTeam(services, identity, input),
  }),
}));
