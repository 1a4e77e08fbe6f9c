import { type AlertKind, optionalAlertKinds } from '@switchyard/core/guardrails';
import type { AddressPolicy } from '@switchyard/core/providers';

export const alertChannelTypes = ['slack', 'teams', 'webhook'] as const;
export type AlertChannelType = (typeof alertChannelTypes)[number];

/** Where alerts go, as people see it: without its URL and secret. */
export interface ChannelView {
  readonly id: string;
  readonly name: string;
  readonly type: AlertChannelType;
  /** For example `https://hooks.slack.com`. */
  readonly origin: string;
  /** Kinds that are sent; empty: all. */
  readonly kinds: readonly AlertKind[];
  readonly isEnabled: boolean;
  readonly disabledReason: string | undefined;
  /** Epoch ms; undefined while the last try succeeded. */
  readonly failingSinceMs: number | undefined;
  /** Whether what it is sent is signed. */
  readonly isSigned: boolean;
  /** Set up by the operator for every team, and to be changed only there. */
  readonly isReadOnly: boolean;
  readonly createdAtMs: number | undefined;
}

/** Where to post, opened. Secrets are in here: never log it. */
export interface AlertTarget {
  readonly type: AlertChannelType;
  readonly url: string;
  readonly secret: string | undefined;
  readonly addressPolicy: AddressPolicy;
}

/** Whether a channel with these `kinds` wants `kind`: none named means every kind of trouble, and no reports. */
export function wantsKind(kinds: readonly string[], kind: AlertKind): boolean {
  return kinds.includes(kind) || (kinds.length === 0 && !optionalAlertKinds.includes(kind));
}
