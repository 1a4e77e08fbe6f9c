'use client';

import { Alert, Button, Checkbox, Drawer, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { CreateAlertChannelDocument, UpdateAlertChannelDocument } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';
import drawerClasses from '../providers/provider-drawer.module.css';
import { alertKinds, channelTypes, type ListedChannel } from './alert-words.ts';
import {
  type ChannelFormValues,
  channelFormOf,
  channelIssues,
  channelProblems,
  createChannelInput,
  emptyChannelForm,
  updateChannelInput,
} from './channel-form-values.ts';
import classes from './channels.module.css';
import { SigningSecret } from './signing-secret.tsx';

interface Props {
  /** The channel to change; without it a new one is made. */
  channel?: ListedChannel | undefined;
  onClose(): void;
}

type Refusal = {
  message?: string;
  path?: readonly string[] | null;
  issues?: readonly { path: readonly string[]; message: string }[];
};

/** Makes or changes a channel. Its address goes in and never comes out; a new signing secret is shown once. */
export function ChannelDrawer({ channel, onClose }: Props) {
  const form = useForm<ChannelFormValues>({ initialValues: channel ? channelFormOf(channel) : emptyChannelForm });
  const [{ fetching: isCreating }, create] = useMutation(CreateAlertChannelDocument);
  const [{ fetching: isUpdating }, update] = useMutation(UpdateAlertChannelDocument);
  const [problem, setProblem] = useState<string>();
  const [secret, setSecret] = useState<string>();
  const idempotencyKey = useRef(crypto.randomUUID());
  const values = form.values;
  const type = channelTypes.find((each) => each.type === values.type) ?? channelTypes[0];

  const refuse = (refusal: Refusal | undefined, fallback: string) => {
    const issues =
      refusal?.issues ?? (refusal?.path?.length ? [{ path: [...refusal.path], message: refusal.message ?? '' }] : []);
    const { fields, rest } = channelIssues(issues);
    form.setErrors(fields);
    if (rest.length > 0) setProblem(rest.join(' '));
    else if (Object.keys(fields).length === 0) setProblem(refusal?.message ?? fallback);
    idempotencyKey.current = crypto.randomUUID();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setProblem(undefined);
    const problems = channelProblems(values, channel === undefined);
    form.setErrors(problems);
    if (Object.keys(problems).length > 0) return;
    if (channel) {
      const { data, error } = await update({ input: updateChannelInput(values, channel.id) });
      const result = data?.updateAlertChannel;
      if (result?.__typename !== 'UpdateAlertChannelSuccess')
        return refuse(result as Refusal, error ? describeFailure(error).message : 'Nothing was saved. Try again.');
      notifications.show({ message: `${result.channel.name} is saved.` });
      if (result.signingSecret) return setSecret(result.signingSecret);
    } else {
      const { data, error } = await create({ input: createChannelInput(values, idempotencyKey.current) });
      const result = data?.createAlertChannel;
      if (result?.__typename !== 'CreateAlertChannelSuccess')
        return refuse(result as Refusal, error ? describeFailure(error).message : 'It was not made. Try again.');
      notifications.show({ message: `${result.channel.name} is added. Send it a test.` });
      if (result.signingSecret) return setSecret(result.signingSecret);
    }
    onClose();
  };

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={520}
      title={secret ? 'Copy the signing secret now' : channel ? `Edit ${channel.name}` : 'Add a channel'}
      closeOnClickOutside={!secret}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ body: drawerClasses.body }}
    >
      {secret ? (
        <SigningSecret secret={secret} onDone={onClose} />
      ) : (
        <form onSubmit={submit} noValidate className={drawerClasses.form}>
          <Stack gap="md" className={drawerClasses.fields}>
            {channel ? null : (
              <Radio.Group
                label="Where to"
                value={values.type}
                onChange={(value) => form.setFieldValue('type', value as ChannelFormValues['type'])}
              >
                <div className={classes.types}>
                  {channelTypes.map((each) => (
                    <Radio.Card key={each.type} value={each.type} className={classes.type} aria-label={each.label}>
                      <strong>{each.label}</strong>
                      <span>{each.text}</span>
                    </Radio.Card>
                  ))}
                </div>
              </Radio.Group>
            )}
            <TextInput label="Name" placeholder="#llm-budgets" maxLength={100} {...form.getInputProps('name')} />
            <TextInput
              label="Address"
              description={channel ? 'Stored and never shown. Leave it empty to keep it.' : type.help}
              placeholder={channel ? `${channel.targetOrigin}/…` : type.placeholder}
              autoComplete="off"
              spellCheck={false}
              {...form.getInputProps('url')}
            />
            <Radio.Group
              label="What is sent"
              value={values.isEverything ? 'all' : 'some'}
              onChange={(value) => form.setFieldValue('isEverything', value === 'all')}
            >
              <Group gap="md" mt={6}>
                <Radio value="all" label="Everything" />
                <Radio value="some" label="Only these" />
              </Group>
            </Radio.Group>
            {values.isEverything ? null : (
              <Checkbox.Group
                aria-label="Kinds of alerts"
                value={values.kinds}
                error={form.errors.kinds}
                onChange={(kinds) => form.setFieldValue('kinds', kinds as ChannelFormValues['kinds'])}
              >
                <div className={classes.kinds}>
                  {(['Budgets', 'Providers', 'Reports', 'Channels'] as const).map((group) => (
                    <div key={group}>
                      <h4>{group}</h4>
                      <div>
                        {alertKinds
                          .filter((each) => each.group === group)
                          .map(({ kind, label }) => (
                            <Checkbox key={kind} value={kind} label={label} />
                          ))}
                      </div>
                    </div>
                  ))}
                </div>
              </Checkbox.Group>
            )}
            {channel?.type === 'WEBHOOK' ? (
              <Checkbox
                label="Make a new signing secret"
                description="The old one ends at once."
                {...form.getInputProps('isSecretReplaced', { type: 'checkbox' })}
              />
            ) : null}
          </Stack>
          <footer className={drawerClasses.footer}>
            {problem ? <Alert color="red">{problem}</Alert> : null}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={isCreating || isUpdating}>
                {channel ? 'Save' : 'Add channel'}
              </Button>
            </Group>
          </footer>
        </form>
      )}
    </Drawer>
  );
}
