/** Removes secrets from a text. */
export type Redact = (text: string) => string;

const mask = '[redacted]';

/** Shapes of vendors' keys, whosever they are. */
const keyShapes =
  /\b(?:sk|pk|rk|xai|gsk|hf|csk|pplx|nvapi|r8)[-_][A-Za-z0-9_-]{10,}|\bAIza[A-Za-z0-9_-]{20,}|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g;

/** A word that a vendor shortened by stars or dots: `sk-abc********wxyz`, `sk-…wxyz`, `sk-ab...yz`. */
const maskedWord = /[A-Za-z0-9_\-./+=]*(?:\*{2,}|…|•{2,}|\.{3,}|x{6,})[A-Za-z0-9_\-./+=*…•]*/g;

const windowLength = 8;

/**
 * Makes a redactor for `secrets`. It removes each secret, its base64 and URL-encoded forms, every run of eight or more
 * of its characters, the shortened echoes that vendors put into their error texts, and anything shaped like a key.
 */
export function createRedactor(secrets: readonly (string | undefined)[]): Redact {
  const known = secrets.filter((secret): secret is string => secret !== undefined && secret.length > 0);
  const forms = known
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
      [...secret].reverse().join(''),
    ])
    .filter((form) => form.length >= 4)
    .sort((a, b) => b.length - a.length);
  return (text) => {
    // Shortened echoes first: taking a fragment out of one would leave its other end behind.
    let clean = text.replace(maskedWord, (word) => (sharesEdge(word, known) ? mask : word));
    for (const form of forms) clean = clean.replaceAll(form, mask);
    for (const secret of known) clean = removeFragments(clean, secret);
    return clean.replace(keyShapes, mask);
  };
}

/** Removes every stretch of `text` that holds at least eight consecutive characters of `secret`. */
function removeFragments(text: string, secret: string): string {
  if (secret.length < windowLength) return text;
  let clean = text;
  for (let start = 0; start + windowLength <= secret.length; start += 1) {
    const piece = secret.slice(start, start + windowLength);
    for (let at = clean.indexOf(piece); at >= 0; at = clean.indexOf(piece)) {
      let length = windowLength;
      while (start + length < secret.length && clean[at + length] === secret[start + length]) length += 1;
      clean = clean.slice(0, at) + mask + clean.slice(at + length);
    }
  }
  return clean;
}

function sharesEdge(word: string, secrets: readonly string[]): boolean {
  const pieces = word.split(/\*+|…|•+|\.{3,}|x{6,}/).filter((piece) => piece.length >= 2);
  return pieces.some((piece) => secrets.some((secret) => secret.includes(piece)));
}
