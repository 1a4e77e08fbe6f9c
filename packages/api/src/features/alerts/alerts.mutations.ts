import { builder } from '../../graphql/builder.ts';
import { decodeId, encodeId } from '../../graphql/global-id.ts';
import {
  ConflictFailure,
  ForbiddenFailure,
  IdempotencyFailure,
  NotFoundFailure,
  ValidationFailure,
} from '../../user-errors.ts';
import { idempotencyKeyDescription } from '../comparisons/generation.inputs.ts';
import { AlertChannelObject, AlertChannelTypeEnum, AlertKindEnum, AlertType } from './alert.types.ts';
import { type ChangedChannel, createChannel, deleteChannel, updateChannel } from './change-channel.ts';
import { countUnread, markRead, muteLike } from './notifications.ts';
import { type ChannelReport, testChannel } from './test-channel.ts';

const urlDescription = 'The whole address of the webhook. Kept sealed and never shown again.';
const secretDescription =
  'For plain webhooks: `whsec_` and the base64 form of 24 to 64 bytes. Kept sealed and never shown again.';

const CreateAlertChannelInput = builder.inputType('CreateAlertChannelInput', {
  description: 'Where alerts are to be sent.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'For people, 1 to 100 characters.' }),
    type: t.field({
      type: AlertChannelTypeEnum,
      required: true,
      description: 'What the target understands. It stays.',
    }),
    url: t.string({ required: true, description: urlDescription }),
    kinds: t.field({ type: [AlertKindEnum], description: 'What to send; everything when absent or empty.' }),
    isEnabled: t.boolean({ description: 'Whether it is switched on; true when absent.' }),
    signingSecret: t.string({ description: `${secretDescription} Made for you when absent.` }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const UpdateAlertChannelInput = builder.inputType('UpdateAlertChannelInput', {
  description: 'What to change of a channel. Absent or null: stays.',
  fields: (t) => ({
    channelId: t.id({ required: true, description: 'The channel.' }),
    name: t.string({ description: 'For people, 1 to 100 characters.' }),
    url: t.string({ description: `${urlDescription} Another host gets a new signing secret.` }),
    kinds: t.field({ type: [AlertKindEnum], description: 'What to send; everything when empty.' }),
    isEnabled: t.boolean({ description: 'Whether it is to be on.' }),
    signingSecret: t.string({ description: secretDescription }),
    replaceSigningSecret: t.boolean({ description: 'True makes a new signing secret.' }),
  }),
});

const channelInput = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: (t) => ({ channelId: t.id({ required: true, description: 'The channel.' }) }),
  });
const DeleteAlertChannelInput = channelInput('DeleteAlertChannelInput', 'A channel to be deleted.');
const TestAlertChannelInput = channelInput('TestAlertChannelInput', 'A channel to be tried.');

const MarkNotificationsReadInput = builder.inputType('MarkNotificationsReadInput', {
  description: 'What you have read: give one of the two.',
  fields: (t) => ({
    alertIds: t.idList({ description: 'These, at most 200. Ids that your team has not are passed over.' }),
    until: t.field({ type: 'DateTime', description: 'Everything that happened until then.' }),
  }),
});

const MuteAlertInput = builder.inputType('MuteAlertInput', {
  description: 'An alert whose like nobody wants to hear of for a while.',
  fields: (t) => ({
    alertId: t.id({ required: true, description: 'The alert.' }),
    until: t.field({ type: 'DateTime', description: 'Until when; null ends the mute.' }),
  }),
});

const changedChannel = (name: string, description: string) =>
  builder.objectRef<ChangedChannel>(name).implement({
    description,
    fields: (t) => ({
      channel: t.expose('channel', { type: AlertChannelObject, description: 'The channel as it now is.' }),
      signingSecret: t.string({
        nullable: true,
        description: 'A signing secret that is new: note it now, it is never shown again, also not to a repeated call.',
        resolve: ({ signingSecret }) => signingSecret ?? null,
      }),
    }),
  });
const CreateAlertChannelSuccess = changedChannel('CreateAlertChannelSuccess', 'The channel was made.');
const UpdateAlertChannelSuccess = changedChannel('UpdateAlertChannelSuccess', 'The channel was changed.');

const DeleteAlertChannelSuccess = builder.objectRef<{ readonly id: string }>('DeleteAlertChannelSuccess').implement({
  description: 'The channel is gone, with its address and secret. What it was sent stays in the log.',
  fields: (t) => ({
    channelId: t.id({ description: 'What its id was.', resolve: ({ id }) => encodeId('AlertChannel', id) }),
  }),
});

const TestAlertChannelSuccess = builder.objectRef<ChannelReport>('TestAlertChannelSuccess').implement({
  description: 'A test message was sent; `isOk` tells how it went.',
  fields: (t) => ({
    isOk: t.exposeBoolean('isOk', { description: 'Whether the target took it.' }),
    message: t.exposeString('message', { description: 'How it went, for people.' }),
    httpStatus: t.int({
      nullable: true,
      description: 'What the target answered; null: nothing.',
      resolve: ({ httpStatus }) => httpStatus ?? null,
    }),
    latencyMs: t.exposeInt('latencyMs', { description: 'How long it took.' }),
    responseExcerpt: t.exposeString('responseExcerpt', {
      description: 'The first 500 characters of the answer, without secrets.',
    }),
  }),
});

const MarkNotificationsReadSuccess = builder.objectRef<object>('MarkNotificationsReadSuccess').implement({
  description: 'They are marked, for you alone.',
  fields: (t) => ({
    unreadNotificationCount: t.int({
      description: 'How many you have not read.',
      resolve: (_done, _args, { services, identity }) => countUnread(services, identity),
    }),
  }),
});

const MuteAlertSuccess = builder.objectRef<{ readonly alertId: string }>('MuteAlertSuccess').implement({
  description: 'The mute holds, or is ended.',
  fields: (t) => ({
    alert: t.prismaField({
      type: AlertType,
      description: 'The alert.',
      resolve: (query, { alertId }, _args, { services, identity }) =>
        services.prisma.alert.findUniqueOrThrow({
          ...query,
          where: { id_teamId: { id: alertId, teamId: identity.teamId } },
        }),
    }),
  }),
});

/** Names and describes the union of a mutation's outcomes. */
const outcomes = (name: string, ...types: (new (...args: never[]) => Error)[]) => ({
  types,
  directResult: true as const,
  union: { name, description: 'How it went, or why it was not done.' },
});

builder.mutationFields((t) => ({
  createAlertChannel: t.field({
    type: CreateAlertChannelSuccess,
    description: 'Makes a channel that alerts of your team are sent through. Needs the scope MANAGE.',
    errors: outcomes(
      'CreateAlertChannelResult',
      ValidationFailure,
      ConflictFailure,
      ForbiddenFailure,
      IdempotencyFailure,
    ),
    args: { input: t.arg({ type: CreateAlertChannelInput, required: true, description: 'What to make.' }) },
    resolve: (_root, { input }, { services, identity }) => createChannel(services, identity, input),
  }),
  updateAlertChannel: t.field({
    type: UpdateAlertChannelSuccess,
    description: 'Changes a channel of your team. Needs the scope MANAGE.',
    errors: outcomes('UpdateAlertChannelResult', ValidationFailure, NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: UpdateAlertChannelInput, required: true, description: 'What to change.' }) },
    resolve: (_root, { input: { channelId, ...changes } }, { services, identity }) =>
      updateChannel(services, identity, decodeId(channelId, 'AlertChannel'), changes),
  }),
  deleteAlertChannel: t.field({
    type: DeleteAlertChannelSuccess,
    description: 'Deletes a channel of your team. What was not sent yet is not sent. Needs the scope MANAGE.',
    errors: outcomes('DeleteAlertChannelResult', NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: DeleteAlertChannelInput, required: true, description: 'What to delete.' }) },
    resolve: async (_root, { input }, { services, identity }) => ({
      id: await deleteChannel(services, identity, decodeId(input.channelId, 'AlertChannel')),
    }),
  }),
  testAlertChannel: t.field({
    type: TestAlertChannelSuccess,
    description: 'Sends a test message through a channel now, once. Needs the scope MANAGE.',
    errors: outcomes('TestAlertChannelResult', NotFoundFailure, ConflictFailure, ForbiddenFailure),
    args: { input: t.arg({ type: TestAlertChannelInput, required: true, description: 'What to try.' }) },
    resolve: (_root, { input }, { services, identity }) =>
      testChannel(services, identity, decodeId(input.channelId, 'AlertChannel')),
  }),
  markNotificationsRead: t.field({
    type: MarkNotificationsReadSuccess,
    description: 'Marks notifications as read, for you alone.',
    errors: outcomes('MarkNotificationsReadResult', ValidationFailure, ForbiddenFailure),
    args: { input: t.arg({ type: MarkNotificationsReadInput, required: true, description: 'What you have read.' }) },
    resolve: async (_root, { input: { alertIds, until } }, { services, identity }) => {
      const ids = alertIds?.map((id) => decodeId(id, 'Alert')).filter((id) => id !== undefined);
      await markRead(services, identity, { alertIds: ids, until });
      return {};
    },
  }),
  muteAlert: t.field({
    type: MuteAlertSuccess,
    description: 'Keeps silent about everything like an alert for a while, for the whole team. Needs the scope MANAGE.',
    errors: outcomes('MuteAlertResult', ValidationFailure, NotFoundFailure, ForbiddenFailure),
    args: { input: t.arg({ type: MuteAlertInput, required: true, description: 'What to mute.' }) },
    resolve: async (_root, { input: { alertId, until } }, { services, identity }) => ({
      alertId: await muteLike(services, identity, decodeId(alertId, 'Alert'), { until }),
    }),
  }),
}));
