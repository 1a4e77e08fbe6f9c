import type { LooseJson } from './graph-client.ts';

/** What a browser would do for a person: keeps cookies, names its origin, speaks JSON. */
export class TestBrowser {
  readonly #url: string;
  readonly #jar = new Map<string, string>();

  constructor(server: { readonly url: string }) {
    this.#url = server.url;
  }

  get cookie(): string {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  set cookie(text: string) {
    this.#jar.clear();
    for (const each of text.split('; ')) this.#set(each);
  }

  /** Forgets everything. */
  clear(): void {
    this.#jar.clear();
  }

  /** Asks a path below `/api/auth/`; GET without a body. */
  async auth(
    path: string,
    body?: object,
  ): Promise<{ status: number; headers: Headers; body: LooseJson; text: string }> {
    const response = await this.fetch(`${this.#url}/api/auth/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { origin: this.#url, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status, headers } = response;
    return { status, headers, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
  }

  /** Sends an operation to the graph; the whole answer. */
  async graph(query: string, variables: object = {}): Promise<LooseJson> {
    const response = await this.fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: { origin: this.#url, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  /** Carries out a mutation with an `input` and answers its result, with what `fields` names besides the errors. */
  async change(name: string, input: object, fields = ''): Promise<LooseJson> {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const answer = await this.graph(
      `mutation($input: ${type}!) { ${name}(input: $input) { __typename ${fields} ... on UserError { code message } } }`,
      { input },
    );
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data[name];
  }

  async signIn(email: string, password: string) {
    return this.auth('sign-in/email', { email, password });
  }

  /** Follows no redirects: the caller looks at each. */
  async fetch(url: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    const response = await fetch(url, {
      redirect: 'manual',
      ...init,
      headers: { ...init.headers, ...(this.#jar.size > 0 && { cookie: this.cookie }) },
    });
    for (const cookie of response.headers.getSetCookie()) this.#set(cookie);
    return response;
  }

  #set(setCookie: string): void {
    const [pair = '', ...flags] = setCookie.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1)];
    if (value === '' || flags.some((flag) => /max-age=0\b/i.test(flag))) this.#jar.delete(name);
    else this.#jar.set(name, value);
  }
}
