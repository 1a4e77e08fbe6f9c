export {
  type Alert,
  type AlertFact,
  type AlertKind,
  type AlertSeverity,
  alertKinds,
  alertSeverities,
  clip,
  clipAlert,
  maxFacts,
  maxMessageCharacters,
  maxTitleCharacters,
  optionalAlertKinds,
} from './alert.ts';
export { crossedThresholds, thresholdAmount } from './crossed-thresholds.ts';
export {
  type AlertDecision,
  type AlertPolicy,
  type AlertState,
  decideAlert,
  defaultAlertPolicy,
  muteAlert,
} from './decide-alert.ts';
export {
  type BudgetAlertContext,
  describeBudgetForecast,
  describeBudgetRefusal,
  describeBudgetWarning,
} from './describe-budget-alert.ts';
export { describeForecastFinding, type ForeseenUse } from './describe-forecast-alert.ts';
export { formatSlack } from './format-slack.ts';
export { formatTeams } from './format-teams.ts';
export { formatWebhook, type WebhookBody } from './format-webhook.ts';
export {
  disableChannelAfterMs,
  maxDeliveryAttempts,
  planRedelivery,
  readRetryAfterMs,
} from './plan-redelivery.ts';
export {
  formatWebhookSecret,
  readWebhookSecret,
  signWebhook,
  verifyWebhook,
  type WebhookHeaders,
} from './sign-webhook.ts';
