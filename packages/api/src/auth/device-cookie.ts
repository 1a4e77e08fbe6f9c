import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Browsers keep it for a year of not signing in. */
const maxAgeS = 365 * 24 * 60 * 60;

/**
 * Marks a browser in which somebody has signed in, so that tries of strangers are not held against it (OWASP, "device
 * cookies"). It allows nothing: it only says which count of failures is the browser's.
 */
export class DeviceCookie {
  readonly #key: string;
  readonly #name: string;
  readonly #isSecure: boolean;

  constructor(secret: string, isSecure: boolean) {
    this.#key = `device-cookie ${secret}`;
    this.#isSecure = isSecure;
    this.#name = `${isSecure ? '__Secure-' : ''}switchyard.device`;
  }

  /** The device's id when the cookie header shows that `email` has signed in here before. */
  read(cookieHeader: string | undefined, email: string): string | undefined {
    const value = cookieHeader
      ?.split(';')
      .map((each) => each.trim().split('='))
      .find(([name]) => name === this.#name)?.[1];
    const [nonce, mark] = value?.split('.') ?? [];
    if (nonce === undefined || mark === undefined || nonce.length > 64) return undefined;
    const [given, right] = [Buffer.from(mark), Buffer.from(this.#sign(nonce, email))];
    return given.length === right.length && timingSafeEqual(given, right) ? nonce : undefined;
  }

  /** A `Set-Cookie` value for a browser where `email` has just signed in. */
  issue(email: string): string {
    const nonce = randomBytes(16).toString('base64url');
    const flags = `Path=/api/auth; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${this.#isSecure ? '; Secure' : ''}`;
    return `${this.#name}=${nonce}.${this.#sign(nonce, email)}; ${flags}`;
  }

  #sign(nonce: string, email: string): string {
    return createHmac('sha256', this.#key).update(`${nonce} ${email.toLowerCase()}`).digest('base64url');
  }
}
