import type { LaneRecord } from './comparison-record.ts';

export interface GuardrailNotice {
  key: string;
  kind: 'breach' | 'approval' | 'latency';
  text: string;
  /** Where something can be done about it. */
  href: string | null;
}

type Facts = Pick<LaneRecord, 'timeline' | 'state' | 'answeredModelId'>;

/** What budgets, limits and targets did to a lane, for people; a request for approval only while it waits. */
export function guardrailNotices(
  { timeline, state, answeredModelId }: Facts,
  nameOf: (modelId: string) => string,
  formatDuration: (ms: number) => string,
): GuardrailNotice[] {
  const notices: GuardrailNotice[] = [];
  const isDecided = timeline.some(({ kind }) => kind === 'APPROVAL_DECIDED');
  timeline.forEach((entry, index) => {
    const key = `${index}`;
    const budget = entry.budgetName ?? 'a budget';
    if (entry.kind === 'BUDGET_REFUSED') {
      const instead =
        state === 'COMPLETED' && answeredModelId
          ? ` ${nameOf(answeredModelId)} answered instead.`
          : entry.decision === 'fail-fast'
            ? ''
            : ' The next model is asked instead.';
      const goesOn = entry.decision === 'ask-approval' ? '' : instead;
      notices.push({
        key,
        kind: 'breach',
        text: `${nameOf(entry.modelId)} was not asked: ${budget}.${goesOn}`,
        href: '/guardrails',
      });
    } else if (entry.kind === 'APPROVAL_REQUESTED' && !isDecided && state === 'RUNNING') {
      notices.push({
        key,
        kind: 'approval',
        text: `Waiting for approval: ${budget}.`,
        href: '/guardrails?tab=approvals',
      });
    } else if (entry.kind === 'LATENCY_TARGET_MISSED') {
      const took = formatDuration(entry.latencyMs ?? 0);
      const target = formatDuration(entry.latencyTargetMs ?? 0);
      notices.push({
        key,
        kind: 'latency',
        text: `${nameOf(entry.modelId)} took ${took}; the target is ${target}.`,
        href: null,
      });
    }
  });
  return notices;
}
