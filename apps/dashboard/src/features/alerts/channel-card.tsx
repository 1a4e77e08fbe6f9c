'use client';

import { ActionIcon, Button, Menu, Switch, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconBrandSlack,
  IconBrandTeams,
  IconDots,
  IconListDetails,
  IconLock,
  IconPencil,
  IconSend,
  IconTrash,
  IconWebhook,
} from '@tabler/icons-react';
import { useMutation } from 'urql';
import { formatMoment } from '../../format/date-format.ts';
import { UpdateAlertChannelDocument } from '../../gql/alerts.ts';
import { describeFailure } from '../../graphql/failure.ts';
import { channelTypeLabel, kindsInWords, type ListedChannel } from './alert-words.ts';
import classes from './channels.module.css';
import { useChannelTest } from './use-channel-test.ts';

const icons = { SLACK: IconBrandSlack, TEAMS: IconBrandTeams, WEBHOOK: IconWebhook } as const;

interface Props {
  channel: ListedChannel;
  mayManage: boolean;
  onEdit(): void;
  onDelete(): void;
  onLog(): void;
}

/** One channel: where it leads, what it is sent, whether it works, and the test button. */
export function ChannelCard({ channel, mayManage, onEdit, onDelete, onLog }: Props) {
  const { isTesting, outcome, run } = useChannelTest(channel.id);
  const [{ fetching: isSwitching }, update] = useMutation(UpdateAlertChannelDocument);
  const Icon = icons[channel.type];
  const { name } = channel;

  const switchTo = async (isEnabled: boolean) => {
    const { data, error } = await update({ input: { channelId: channel.id, isEnabled } });
    const result = data?.updateAlertChannel;
    if (result?.__typename === 'UpdateAlertChannelSuccess') return;
    const message = error ? describeFailure(error).message : (result?.message ?? 'It was not switched. Try again.');
    notifications.show({ color: 'red', message });
  };

  return (
    <article className={classes.card} aria-labelledby={`channel-${channel.id}`}>
      <header className={classes.identity}>
        <Icon className={classes.icon} size={20} stroke={1.6} aria-hidden="true" />
        <div className={classes.words}>
          <h3 id={`channel-${channel.id}`}>{name}</h3>
          <p className={classes.muted}>
            {channelTypeLabel(channel.type)} · <code>{channel.targetOrigin}</code>
          </p>
        </div>
        {channel.isReadOnly ? (
          <Tooltip label="The operator set it up for every team; it is changed in the environment." multiline maw={260}>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip must be reachable by keyboard. */}
            <span className={classes.badge} tabIndex={0}>
              <IconLock size={11} aria-hidden="true" /> read-only
            </span>
          </Tooltip>
        ) : (
          <Switch
            size="sm"
            aria-label={`${name} is switched on`}
            checked={channel.isEnabled}
            disabled={!mayManage || isSwitching}
            onChange={(event) => switchTo(event.currentTarget.checked)}
          />
        )}
      </header>
      <p className={classes.muted}>
        Is sent {kindsInWords(channel.kinds)}
        {channel.isSigned ? ', signed' : ''}.
      </p>
      {channel.disabledReason ? <p className={classes.problem}>{channel.disabledReason}</p> : null}
      {channel.failingSince && !channel.disabledReason ? (
        <p className={classes.problem}>Nothing has got through since {formatMoment(channel.failingSince)}.</p>
      ) : null}
      <div role="status">
        {outcome ? (
          <div className={classes.result} data-ok={outcome.isOk}>
            <p>{outcome.text}</p>
            {outcome.excerpt ? <blockquote>{outcome.excerpt}</blockquote> : null}
          </div>
        ) : null}
      </div>
      <footer className={classes.actions}>
        <Button
          variant="default"
          size="xs"
          loading={isTesting}
          disabled={!mayManage}
          leftSection={<IconSend size={14} />}
          onClick={run}
          aria-label={`Send a test to ${name}`}
        >
          Send a test
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconListDetails size={14} />}
          onClick={onLog}
          aria-label={`Delivery log of ${name}`}
        >
          Delivery log
        </Button>
        {channel.isReadOnly ? null : (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon className={classes.more} aria-label={`More about ${name}`} disabled={!mayManage}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={onEdit}>
                Edit
              </Menu.Item>
              <Menu.Item leftSection={<IconTrash size={15} />} color="red" onClick={onDelete}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </footer>
    </article>
  );
}
