import {
  IconColumns3,
  IconHistory,
  IconHome,
  IconKey,
  IconPlugConnected,
  IconRoute,
  IconShieldDollar,
  IconSitemap,
  IconStack2,
  IconTimeline,
  IconUsersGroup,
} from '@tabler/icons-react';

/** The pages of the workspace in the order of the navigation. */
export const pages = [
  { path: '/home', label: 'Overview', hint: 'Spend, alerts and what is running', icon: IconHome, keys: 'g o' },
  { path: '/compare', label: 'Compare', hint: 'Run one prompt on several models', icon: IconColumns3, keys: 'g c' },
  { path: '/comparisons', label: 'History', hint: 'Every comparison of the team', icon: IconHistory, keys: 'g h' },
  {
    path: '/workflows',
    label: 'Workflows',
    hint: 'Chains of models that survive failures',
    icon: IconSitemap,
    keys: 'g w',
  },
  { path: '/runs', label: 'Runs', hint: 'Every execution of a workflow', icon: IconTimeline, keys: 'g u' },
  { path: '/models', label: 'Models', hint: 'Capabilities, prices, measurements', icon: IconStack2, keys: 'g m' },
  { path: '/routing', label: 'Routing', hint: 'Rules, strategies and what was learned', icon: IconRoute, keys: 'g r' },
  {
    path: '/roles',
    label: 'Roles',
    hint: 'Who answers for coder, reviewer and the like',
    icon: IconUsersGroup,
    keys: 'g l',
  },
  {
    path: '/guardrails',
    label: 'Guardrails',
    hint: 'Budgets, breaches and alerts',
    icon: IconShieldDollar,
    keys: 'g b',
  },
  { path: '/providers', label: 'Providers', hint: 'Keys and connections', icon: IconPlugConnected, keys: 'g p' },
  { path: '/keys', label: 'API keys', hint: 'Access for your apps', icon: IconKey, keys: 'g k' },
] as const;
