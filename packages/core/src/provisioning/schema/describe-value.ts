import type { SourcePath } from '../source/source-path.ts';

/** Fields whose values are never repeated. */
const sensitiveFields = new Set(['api_key', 'headers', 'env', 'base_url', 'url', 'secret']);

/** Says what stands in the file, without repeating what may be a secret. */
export function describeValue(value: unknown, path: SourcePath): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'a map';
  if (typeof value === 'string') {
    const mayShow =
      value.length <= 40 && !path.some((step) => sensitiveFields.has(String(step))) && !looksSecret(value);
    return mayShow ? `the text ${JSON.stringify(value)}` : 'another text';
  }
  return String(value);
}

/** Whether a text has the looks of a key or token: a known prefix, or long and mixed without a space. */
export function looksSecret(text: string): boolean {
  if (
    /(?:sk|pk|rk|hf|gsk|xai|ghp|AIza|AKIA|eyJ)[-_A-Za-z0-9]{6,}/.test(text) &&
    /\d|[A-Z].*[a-z]|[a-z].*[A-Z]/.test(text)
  )
    return true;
  return /^[A-Za-z0-9+/=_-]{24,}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text);
}
