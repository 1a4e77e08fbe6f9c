import { IconColumns3, IconHistory, IconKey, IconPlugConnected, IconStack2 } from '@tabler/icons-react';

/** The pages of the workspace in the order of the navigation. */
export const pages = [
  { path: '/compare', label: 'Compare', hint: 'Run one prompt on several models', icon: IconColumns3, keys: 'g c' },
  { path: '/comparisons', label: 'History', hint: 'Every comparison of the team', icon: IconHistory, keys: 'g h' },
  { path: '/models', label: 'Models', hint: 'Capabilities, prices, measurements', icon: IconStack2, keys: 'g m' },
  { path: '/providers', label: 'Providers', hint: 'Keys and connections', icon: IconPlugConnected, keys: 'g p' },
  { path: '/keys', label: 'API keys', hint: 'Access for your apps', icon: IconKey, keys: 'g k' },
] as const;
