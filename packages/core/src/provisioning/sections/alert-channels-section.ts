import { z } from 'zod';
import { alertKinds, readWebhookSecret } from '../../guardrails/index.ts';
import { AddressRefusedError, checkEndpoint } from '../../providers/index.ts';
import type { ConfiguredAlertChannel } from '../configuration.ts';
import { defined } from '../schema/defined.ts';
import { expected, fields, flag, list, oneOf, text } from '../schema/fields.ts';
import { defineSection, type SectionContext } from '../section.ts';
import type { SourcePath } from '../source/source-path.ts';
import { inventVariable, referencedVariable, sayReference } from './references.ts';

/** `${NAME}` or `{env: NAME}`. */
function reference(what: string) {
  const wanted = `a reference to an environment variable: \${NAME} or {env: NAME}`;
  return z
    .union(
      [
        z.string(expected(wanted)).min(1, expected(wanted)).max(2_000, expected(wanted)),
        fields({ env: text('the name of an environment variable').describe('Name of the environment variable.') }),
      ],
      expected(wanted),
    )
    .describe(what);
}

const channelSchema = fields({
  name: text('the name of a channel', { max: 100 }).describe('For people.'),
  type: oneOf(['slack', 'teams', 'webhook']).describe('What the target understands: Slack, Microsoft Teams, or JSON.'),
  url: reference('The address of the webhook, by reference: whoever knows it can write to the channel.'),
  secret: reference(
    'Signs what a webhook is sent, by reference: whsec_ and the base64 form of 24 to 64 bytes.',
  ).optional(),
  events: list(oneOf(alertKinds), 'kinds of alert', { max: 50 })
    .optional()
    .describe('What is sent; everything when absent.'),
  enabled: flag().optional().describe('false: nothing is sent.'),
}).describe('Where the alerts of every team are sent.');

/** Stands in for an address that could not be read, so that the rest of its channel is checked. */
const unreadable = `\${UNREADABLE}`;

type GivenReference = z.output<ReturnType<typeof reference>>;

export const alertChannelsSection = defineSection({
  key: 'alert_channels',
  schema: list(channelSchema, 'alert channels', { max: 50 }).describe(
    "Where every team's alerts are sent. They are shown to the teams, and changed only here.",
  ),
  // The rest can be checked without these.
  placeholderAt: ([, index, field, ...deeper]) => {
    if (deeper.length > 0 || typeof index !== 'number') return undefined;
    return { name: `channel-${index + 1}`, type: 'webhook', url: unreadable }[String(field)];
  },
  read(given, context) {
    const first = new Map<string, number>();
    const alertChannels = given.map((channel, index): ConfiguredAlertChannel => {
      const path = ['alert_channels', index];
      const name = channel.name.trim();
      const other = first.get(name);
      if (other !== undefined && !context.isBroken([...path, 'name'])) {
        const { line } = context.positionOf(['alert_channels', other]);
        context.report('DUPLICATE_ID', [...path, 'name'], `A channel in line ${line} has this name already.`, {
          suggestion: 'Give this one another name.',
        });
      } else first.set(name, index);
      if (channel.secret !== undefined && channel.type !== 'webhook' && !context.isBroken([...path, 'type'])) {
        context.report('CONTRADICTION', [...path, 'secret'], 'Only what plain webhooks are sent is signed.', {
          severity: 'warning',
          spot: 'key',
          suggestion: 'Remove the secret.',
        });
      }
      return {
        name,
        type: channel.type,
        ...defined({
          url: readUrl(channel.url, name, [...path, 'url'], context),
          secret: readSecret(channel.secret, name, [...path, 'secret'], context),
        }),
        kinds: [...new Set(channel.events ?? [])],
        isEnabled: channel.enabled ?? true,
        position: context.positionOf(path),
      };
    });
    return { alertChannels };
  },
});

function readUrl(given: GivenReference, name: string, path: SourcePath, context: SectionContext): string | undefined {
  if (context.isBroken(path)) return undefined;
  const url = resolve(given, inventVariable(name, 'WEBHOOK_URL'), 'The channel is not used.', path, context)?.trim();
  if (url === undefined) return undefined;
  // The address is a secret: nothing of it is repeated.
  try {
    return checkEndpoint(url, 'allow-private').href;
  } catch (error) {
    if (!(error instanceof AddressRefusedError)) throw error;
    const isForbidden = /never allowed/.test(error.message);
    context.report(
      isForbidden ? 'ADDRESS_REFUSED' : 'INVALID_ENDPOINT',
      path,
      isForbidden
        ? 'The variable holds an address that is never called.'
        : 'The variable does not hold an address that alerts can be sent to.',
      { suggestion: 'It must be the whole address of the webhook, beginning with https://.' },
    );
    return undefined;
  }
}

function readSecret(
  given: GivenReference | undefined,
  name: string,
  path: SourcePath,
  context: SectionContext,
): string | undefined {
  if (given === undefined) return undefined;
  const secret = resolve(given, inventVariable(name, 'WEBHOOK_SECRET'), 'Nothing is signed.', path, context)?.trim();
  if (secret === undefined || readWebhookSecret(secret)) return secret;
  context.report('INVALID_VALUE', path, 'The variable does not hold a signing secret.', {
    suggestion: 'It must be whsec_ and the base64 form of 24 to 64 random bytes.',
  });
  return undefined;
}

/** The value of the variable; what is wrong is reported without repeating what the file says. */
function resolve(
  given: GivenReference,
  invented: string,
  consequence: string,
  path: SourcePath,
  context: SectionContext,
): string | undefined {
  const variable = typeof given === 'string' ? referencedVariable(given) : given.env;
  if (variable === undefined) {
    const isNearReference = typeof given === 'string' && given.trim().startsWith('${') && given.trim().endsWith('}');
    context.report(
      isNearReference ? 'INVALID_REFERENCE' : 'LITERAL_SECRET',
      path,
      isNearReference
        ? 'This is no reference to an environment variable.'
        : 'Addresses and secrets of webhooks must not be written into the file.',
      {
        suggestion: isNearReference ? `Write \${NAME} with letters, digits and underscores.` : sayReference(invented),
      },
    );
    return undefined;
  }
  const value = context.readVariable(variable);
  if (value === undefined) {
    context.report('UNSET_VARIABLE', path, `The environment variable ${variable} is not set. ${consequence}`, {
      severity: 'warning',
      suggestion: `Set ${variable} where Switchyard is started.`,
    });
  }
  return value;
}
