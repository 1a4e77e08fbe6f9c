import type { AnySection } from './section.ts';
import { alertChannelsSection } from './sections/alert-channels-section.ts';
import { aliasesSection } from './sections/aliases-section.ts';
import { allowedProvidersSection } from './sections/allowed-providers-section.ts';
import { budgetsSection } from './sections/budgets-section.ts';
import { chainsSection } from './sections/chains-section.ts';
import { costControlsSection } from './sections/cost-controls-section.ts';
import { defaultsSection } from './sections/defaults-section.ts';
import { failoverSection } from './sections/failover-section.ts';
import { featuresSection } from './sections/features-section.ts';
import { healthSection } from './sections/health-section.ts';
import { pricesSection } from './sections/prices-section.ts';
import { providersSection } from './sections/providers-section.ts';
import { rolesSection } from './sections/roles-section.ts';
import { routingSection } from './sections/routing-section.ts';
import { taskPreferencesSection } from './sections/task-preferences-section.ts';
import { workflowsSection } from './sections/workflows-section.ts';

/** Every section of the file, in the order in which they are read: later ones may look at what earlier ones gave. */
export const configurationSections: readonly AnySection[] = [
  allowedProvidersSection,
  defaultsSection,
  providersSection,
  aliasesSection,
  chainsSection,
  pricesSection,
  costControlsSection,
  budgetsSection,
  alertChannelsSection,
  routingSection,
  taskPreferencesSection,
  rolesSection,
  workflowsSection,
  failoverSection,
  healthSection,
  featuresSection,
];
