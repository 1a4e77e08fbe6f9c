import type { CallWarning, ModelCall } from '../spec/index.ts';
import { isRecord } from './json-shape.ts';

/** A call that cannot be expressed in the vendor's format; becomes `invalid-request`. */
export class UnsupportedCallError extends Error {
  override readonly name = 'UnsupportedCallError';
}

/** Collects what a vendor cannot take while a call is encoded. */
export class WarningList {
  readonly items: CallWarning[] = [];

  unsupported(setting: keyof ModelCall, reason: string): void {
    this.items.push({ type: 'unsupported-setting', setting, message: reason });
  }

  adjusted(setting: keyof ModelCall, reason: string): void {
    this.items.push({ type: 'adjusted-setting', setting, message: reason });
  }

  other(message: string): void {
    this.items.push({ type: 'other', message });
  }
}

/** A request body with what must be told to the caller. */
export interface EncodedCall {
  readonly body: Readonly<Record<string, unknown>>;
  readonly warnings: readonly CallWarning[];
}

/** Lays `providerOptions` over a body; objects that both have are merged one level deep, everything else is replaced. */
export function mergeProviderOptions(
  body: Record<string, unknown>,
  options: ModelCall['providerOptions'],
): Record<string, unknown> {
  if (!options) return body;
  const merged = { ...body };
  for (const [key, value] of Object.entries(options)) {
    const present = merged[key];
    merged[key] = isRecord(present) && isRecord(value) ? { ...present, ...value } : value;
  }
  return merged;
}

/** The entries whose value is not undefined. */
export function definedOnly(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The tool input a model wrote, parsed; vendors want an object, so anything else is wrapped. */
export function parseToolInput(input: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(input === '' ? '{}' : input);
    return isRecord(parsed) ? { ...parsed } : { value: parsed };
  } catch {
    return { text: input };
  }
}

/** Splits a `data:` URL in base64 form; undefined for any other address. */
export function parseDataUrl(url: string): { mediaType: string; dataBase64: string } | undefined {
  const match = /^data:([\w.+-]+\/[\w.+-]+);base64,([A-Za-z0-9+/=\s]+)$/.exec(url);
  return match ? { mediaType: match[1] as string, dataBase64: (match[2] as string).replaceAll(/\s/g, '') } : undefined;
}
