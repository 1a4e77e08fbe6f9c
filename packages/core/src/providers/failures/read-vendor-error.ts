import { isRecord, stringAt } from '../json-shape.ts';

/** The common core of every vendor's error body. */
export interface VendorError {
  readonly message: string | undefined;
  /** Every machine-readable word of the error (code, type, status, reasons), lower case. */
  readonly codes: readonly string[];
  /** The word to show as `providerCode`, as the vendor wrote it. */
  readonly code: string | undefined;
  /** A numeric code that stands for an HTTP status (Gemini, OpenRouter). */
  readonly status: number | undefined;
}

/**
 * Finds message and codes in an error body of any of the known forms: `{error: {message, code, type, status}}`,
 * `{error: "text"}`, `{message}`, `{detail}`, `{type: "error", error: {…}}`, and Gemini's array of one.
 */
export function readVendorError(body: unknown): VendorError {
  const whole = Array.isArray(body) ? body[0] : body;
  const inner = isRecord(whole) && isRecord(whole.error) ? whole.error : whole;
  if (!isRecord(inner)) return { message: undefined, codes: [], code: undefined, status: undefined };
  const words = [
    inner.code,
    inner.type,
    inner.status,
    stringAt(inner.innererror, 'code'),
    stringAt(inner.metadata, 'error_type'),
  ];
  for (const detail of Array.isArray(inner.details) ? inner.details : []) {
    words.push(stringAt(detail, 'reason'));
    for (const violation of isRecord(detail) && Array.isArray(detail.violations) ? detail.violations : [])
      words.push(stringAt(violation, 'quotaId'));
  }
  const named = words.filter((word): word is string => typeof word === 'string' && word !== '' && word !== 'error');
  const numeric = [inner.code, inner.status].find((word) => typeof word === 'number' && word >= 400 && word < 600);
  return {
    message: messageOf(inner, whole),
    codes: named.map((word) => word.toLowerCase()),
    code: named[0],
    status: typeof numeric === 'number' ? numeric : undefined,
  };
}

function messageOf(inner: Readonly<Record<string, unknown>>, whole: unknown): string | undefined {
  const direct = [inner.message, inner.detail, inner.error, isRecord(whole) ? whole.message : undefined].find(
    (text) => typeof text === 'string' && text !== '',
  );
  const text =
    typeof direct === 'string'
      ? direct
      : isRecord(inner.message) || Array.isArray(inner.detail)
        ? JSON.stringify(inner.message ?? inner.detail)
        : undefined;
  // OpenRouter hides the upstream's own words in `metadata.raw`.
  const raw = stringAt(inner.metadata, 'raw');
  return raw === undefined || text === undefined ? text : `${text}: ${raw}`;
}
