import type { ApiSettings } from '../settings.ts';

const mask = '[redacted]';
/** Shorter values are ordinary words: they would blot out half the log. */
const shortestSecret = 8;

/** Fields whose value is a secret by their name alone, in a line of JSON. */
const namedFields =
  /("(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|api-?_?key|secret|password|passwd|token|access_?token|refresh_?token|client_?secret)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi;

/** Shapes of keys and credentials, whosever they are. */
const shapes: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(?:sk|pk|rk|xai|gsk|hf|csk|pplx|nvapi|r8)[-_][A-Za-z0-9_-]{10,}/g, mask],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, mask],
  [/\bwhsec_[A-Za-z0-9+/=]{10,}/g, mask],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g, mask],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${mask}`],
  [/(:\/\/)[^\s/:@"]+:[^\s/@"]+@/g, `$1${mask}@`],
  [/(hooks\.slack(?:-gov)?\.com\/services\/)[A-Za-z0-9/_-]+/g, `$1${mask}`],
];

/** Takes out of a log line what is a secret: by its value, by the name of its field, or by its shape. */
export function createLineRedactor(secrets: readonly string[]): (line: string) => string {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= shortestSecret)
    // As it stands inside a JSON text.
    .flatMap((secret) => [JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())])
    .sort((a, b) => b.length - a.length);
  return (line) => {
    let clean = line;
    for (const secret of known) if (clean.includes(secret)) clean = clean.replaceAll(secret, mask);
    clean = clean.replace(namedFields, `$1"${mask}"`);
    for (const [pattern, replacement] of shapes) clean = clean.replace(pattern, replacement);
    return clean;
  };
}

/** Every secret that the settings hold, and what the configuration file may refer to as one. */
export function secretsOf(settings: ApiSettings): readonly string[] {
  const { providers, firstOwner, alertWebhooks, telemetry, configurationFile, databaseUrl } = settings;
  const named = Object.entries(configurationFile.variables).flatMap(([name, value]) =>
    /KEY|SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL/i.test(name) && value !== undefined ? [value.trim()] : [],
  );
  const passwordOf = (url: string | undefined) =>
    url !== undefined && URL.canParse(url) ? [decodeURIComponent(new URL(url).password)] : [];
  const all = [
    ...[settings.secret, settings.alertWebhookSecret, firstOwner?.password, firstOwner?.apiKey],
    ...providers.map(({ apiKey }) => apiKey),
    ...alertWebhooks.map(({ url }) => url),
    ...passwordOf(databaseUrl),
    ...passwordOf(settings.mail?.url),
    settings.singleSignOn?.clientSecret,
    ...[telemetry?.traces, telemetry?.metrics].flatMap((target) => Object.values(target?.headers ?? {})),
    ...named,
  ];
  return all.filter((secret): secret is string => secret !== undefined && secret !== '');
}
