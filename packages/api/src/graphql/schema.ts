import '../features/teams/teams.schema.ts';
import '../features/alerts/alerts.schema.ts';
import '../features/alerts/alerts.mutations.ts';
import '../features/catalog/catalog.schema.ts';
import '../features/pricing/pricing.schema.ts';
import '../features/pricing/pricing.mutations.ts';
import '../features/guardrails/spend.schema.ts';
import '../features/guardrails/forecast.schema.ts';
import '../features/guardrails/estimate-run.schema.ts';
import '../features/providers/providers.schema.ts';
import '../features/providers/providers.mutations.ts';
import '../features/providers/simulator.schema.ts';
import '../features/provisioning/configuration.schema.ts';
import '../features/provisioning/model-names.schema.ts';
import '../features/comparisons/comparison.types.ts';
import '../features/comparisons/comparisons.mutations.ts';
import '../features/comparisons/comparisons.subscriptions.ts';
import '../features/completions/completions.schema.ts';
import '../features/guardrails/budgets.schema.ts';
import '../features/guardrails/budgets.mutations.ts';
import '../features/guardrails/budgets.subscriptions.ts';
import '../features/guardrails/breaches.schema.ts';
import '../features/guardrails/approvals.schema.ts';
import '../features/guardrails/budget-exceeded.types.ts';
import '../features/metrics/metrics.schema.ts';
import './installation.schema.ts';
import './scalars.ts';
import './user-error-types.ts';
import { builder } from './builder.ts';
import { describeRelayTypes } from './describe-relay-types.ts';

builder.queryType({ description: 'Everything that can be looked at. All of it belongs to the team of whoever asks.' });
builder.mutationType({ description: 'Everything that can be done. Expected failures are part of the results.' });
builder.subscriptionType({ description: 'Everything that can be followed live.' });

/** The executable schema. Built once: it holds no state. */
export const schema = describeRelayTypes(builder.toSchema());
