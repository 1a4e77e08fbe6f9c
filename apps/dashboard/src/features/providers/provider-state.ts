import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconKey,
  IconPlayerPauseFilled,
  IconStack2,
  IconXboxXFilled,
} from '@tabler/icons-react';
import type { ProviderSource, ProviderState } from '../../gql/providers.ts';

/** Word, sign and tone of each state of a provider. */
export const providerStates = {
  READY: { word: 'Ready', tone: 'good', icon: IconCircleCheckFilled },
  KEY_MISSING: { word: 'Key missing', tone: 'neutral', icon: IconKey },
  KEY_REJECTED: { word: 'Key rejected', tone: 'bad', icon: IconXboxXFilled },
  UNREACHABLE: { word: 'Unreachable', tone: 'warn', icon: IconAlertTriangleFilled },
  UNTESTED: { word: 'Not tested yet', tone: 'neutral', icon: IconCircleDashed },
  DISABLED: { word: 'Switched off', tone: 'neutral', icon: IconPlayerPauseFilled },
  SHADOWED: { word: 'Not in use', tone: 'warn', icon: IconStack2 },
} as const satisfies Record<ProviderState, unknown>;

/** Where a provider was described; the simulator's own badge says enough. */
export function sourceWord(source: ProviderSource, detail: string | null): string | null {
  switch (source) {
    case 'ENVIRONMENT':
      return 'environment';
    case 'FILE':
      return detail ?? 'configuration file';
    case 'TEAM':
      return 'team';
    case 'SIMULATOR':
      return null;
  }
}
