import { type BudgetUnit, formatAmount } from '@switchyard/core/guardrails';
import type { BudgetApproval as ApprovalRow } from '../../generated/prisma/client.ts';
import type { AlertDraft } from '../alerts/raise-alert.ts';
import { neededGrant } from './approval.ts';

/** The alert for a request that waits, and its end once the request is decided or has lapsed. */
export function describeApproval(row: ApprovalRow, atMs: number): AlertDraft {
  const { state, budgetName, modelId, requested, spent, reserved, limitAmount } = row;
  const unit = row.unit as BudgetUnit;
  const text = (amount: bigint) => formatAmount(unit, amount);
  const isOpen = state === 'pending';
  const end = {
    pending: '',
    approved: `It was approved: ${text(row.grantAmount ?? 0n)} more.`,
    declined: 'It was declined.',
    expired: 'Nobody decided in time.',
  }[state];
  return {
    teamId: row.teamId,
    kind: 'budget.approvalRequested',
    severity: 'warning',
    status: isOpen ? 'firing' : 'resolved',
    origin: row.origin === 'LIVE' ? 'live' : 'simulated',
    title: isOpen ? `A call asks for more than "${budgetName}" has` : `The request to "${budgetName}" is over`,
    message: isOpen
      ? `A call of ${modelId} may use ${text(requested)}, and ${text(spent)} of ${text(limitAmount)} are spent${reserved > 0n ? `, ${text(reserved)} reserved` : ''}. Raise the budget by at least ${text(neededGrant(row))}, or decline.`
      : `A call of ${modelId} asked for ${text(requested)}. ${end}`,
    link: '/guardrails',
    facts: [
      { name: 'budgetName', label: 'Budget', value: budgetName },
      { name: 'modelId', label: 'Model', value: modelId },
      { name: 'requested', label: 'Requested', value: text(requested) },
      { name: 'limit', label: 'Limit', value: text(limitAmount) },
      { name: 'expiresAt', label: 'Lapses', value: row.expiresAt.toISOString() },
    ],
    dedupeKey: `budget-approval:${row.id}`,
    atMs,
  };
}
