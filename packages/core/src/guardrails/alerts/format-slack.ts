import { type Alert, clip } from './alert.ts';
import { describeAlert, factText } from './describe-alert.ts';

/** Slack takes no more fields in one section. */
const fieldsPerSection = 10;

/**
 * The body of a Slack incoming webhook, in Block Kit. `url` is where the button leads; undefined: no button. All texts
 * are plain, so that none can mention people, name links or format itself.
 * Source: Slack API, "Block Kit reference" (header 150, section 3,000, field 2,000 characters) and "Formatting text for
 * app surfaces" (escapes of the fallback text).
 */
export function formatSlack(alert: Alert, url: string | undefined): Record<string, unknown> {
  const { heading, footer } = describeAlert(alert);
  const sections = [];
  for (let from = 0; from < alert.facts.length; from += fieldsPerSection) {
    const fields = alert.facts.slice(from, from + fieldsPerSection);
    sections.push({ type: 'section', fields: fields.map((fact) => plain(`${fact.label}\n${factText(fact)}`)) });
  }
  const button = { type: 'button', text: plain('Open in Switchyard'), url };
  return {
    text: heading.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    blocks: [
      { type: 'header', text: plain(clip(heading, 150)) },
      { type: 'section', text: plain(alert.message) },
      ...sections,
      { type: 'context', elements: [plain(footer)] },
      ...(url === undefined ? [] : [{ type: 'actions', elements: [button] }]),
    ],
  };
}

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
