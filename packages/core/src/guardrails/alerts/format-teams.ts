import type { Alert } from './alert.ts';
import { describeAlert, factText } from './describe-alert.ts';

const colors = { info: 'Accent', warning: 'Warning', critical: 'Attention' } as const;

/**
 * The body for a Microsoft Teams workflow "When a Teams webhook request is received": one Adaptive Card. `url` is where
 * the button leads; undefined: no button. All texts are text runs, which know no Markdown, so that none can name a
 * link of its own.
 * Source: Microsoft Learn, "Create incoming webhooks with Workflows for Microsoft Teams"; Adaptive Cards 1.4.
 */
export function formatTeams(alert: Alert, url: string | undefined): Record<string, unknown> {
  const { heading, footer } = describeAlert(alert);
  const color = alert.status === 'resolved' ? 'Good' : colors[alert.severity];
  const lines = (text: string, style: object, block: object = {}) =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => ({ type: 'RichTextBlock', ...block, inlines: [{ type: 'TextRun', text: line, ...style }] }));
  const facts = alert.facts.map((fact, index) => ({
    type: 'RichTextBlock',
    spacing: index === 0 ? 'Medium' : 'None',
    inlines: [
      { type: 'TextRun', text: `${fact.label}: `, weight: 'Bolder' },
      { type: 'TextRun', text: factText(fact) },
    ],
  }));
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          fallbackText: heading,
          msteams: { width: 'Full' },
          body: [
            ...lines(heading, { size: 'Large', weight: 'Bolder', color }),
            ...lines(alert.message, {}),
            ...facts,
            ...lines(footer, { size: 'Small', isSubtle: true }, { spacing: 'Medium' }),
          ],
          ...(url !== undefined && { actions: [{ type: 'Action.OpenUrl', title: 'Open in Switchyard', url }] }),
        },
      },
    ],
  };
}
