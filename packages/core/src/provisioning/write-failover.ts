import { stringify } from 'yaml';
import type { FailoverPlan } from '../failover/index.ts';

/** Plans as the section `failover` of the file; reading it back gives the same plans. */
export function writeFailoverYaml(plans: readonly FailoverPlan[]): string {
  const failover = plans.map(({ name, scope, isEnabled, settings }) => {
    const { primary, chain, when, triggers, returning } = settings;
    const given = {
      error_rate_above: triggers.errorRateAbove,
      first_token_p95_above_ms: triggers.firstTokenP95AboveMs,
      consecutive_failures: triggers.consecutiveFailures,
      status_from: triggers.statusFrom,
      window_ms: triggers.windowMs,
      min_calls: triggers.minCalls,
      return_after_ms: triggers.returnAfterMs,
    };
    const hasTriggers = Object.values(given).some((value) => value !== undefined);
    return {
      name,
      scope,
      primary,
      chain,
      when,
      triggers: hasTriggers ? given : undefined,
      return: returning.kind,
      return_after_answers: returning.kind === 'after-answers' ? returning.answers : undefined,
      enabled: isEnabled ? undefined : false,
    };
  });
  return stringify({ failover }, { lineWidth: 0, keepUndefined: false, aliasDuplicateObjects: false });
}
