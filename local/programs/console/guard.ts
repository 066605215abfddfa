/**
 * Who may use the console. It can spend money, and any page that people visit may send requests to their own machine: so
 * it answers only who came by an address that was printed for them, under its own name, from its own pages.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What is judged of a request. */
export interface Knock {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
}

/** `enter`: the one-time address was right, and the session begins. */
export type Verdict =
  | { readonly kind: 'welcome' }
  | { readonly kind: 'enter'; readonly cookie: string }
  | { readonly kind: 'refused'; readonly status: number; readonly says: string };

const refused = (status: number, says: string): Verdict => ({ kind: 'refused', status, says });
const WELCOME: Verdict = { kind: 'welcome' };
/** Where a browser says that a request comes from: its own pages, or a person. */
const OWN_SITES: ReadonlySet<unknown> = new Set(['same-origin', 'none', undefined]);

export class Guard {
  readonly #random: () => string;
  readonly #hosts: readonly string[];
  readonly #session: string;
  readonly #cookie: string;
  readonly #tokens = new Set<string>();

  /** @param random makes words that nobody guesses. */
  constructor(port: number, random: () => string) {
    this.#random = random;
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    this.#session = random();
    // Cookies do not heed ports: two consoles at once must not take each other's.
    this.#cookie = `console-${port}`;
  }

  /** A word that lets one browser in, once. */
  newToken(): string {
    const token = this.#random();
    this.#tokens.add(token);
    return token;
  }

  judge({ method, url, headers }: Knock): Verdict {
    const { host = '', origin } = headers;
    // A name of somebody else that has come to mean this machine (DNS rebinding).
    if (!this.#hosts.includes(host)) return refused(421, 'this console has another name');
    const isOwn = origin === `http://${host}`;
    if (origin === undefined ? method !== 'GET' : !isOwn)
      return refused(403, 'this request comes from another page');
    const isPage = method === 'GET' && url.pathname === '/';
    if (!isPage && !OWN_SITES.has(headers['sec-fetch-site']))
      return refused(403, 'this request comes from another page');
    const token = url.searchParams.get('token');
    if (isPage && token !== null && this.#tokens.delete(token))
      return { kind: 'enter', cookie: this.#setCookie };
    return this.#isIn(headers.cookie ?? '')
      ? WELCOME
      : refused(
          403,
          'this address lets one browser in, once: press Enter where the console runs, and it prints another',
        );
  }

  get #setCookie(): string {
    return `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }

  #isIn(cookies: string): boolean {
    const given = cookies
      .split('; ')
      .filter((one) => one.startsWith(`${this.#cookie}=`))
      .map((one) => Buffer.from(one.slice(this.#cookie.length + 1)));
    const session = Buffer.from(this.#session);
    return given.some((one) => one.length === session.length && timingSafeEqual(one, session));
  }
}
