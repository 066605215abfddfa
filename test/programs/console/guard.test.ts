/** Who is let in. */
import { describe, expect, it } from 'vitest';
import { Guard } from '../../../local/programs/console/guard.ts';
import type { Knock, Verdict } from '../../../local/programs/console/guard.ts';

const PORT = 4711;
const HOST = `127.0.0.1:${PORT}`;

let made = 0;
const guard = (): Guard => new Guard(PORT, () => `secret-${(made += 1)}`);
const knock = (path: string, headers: Knock['headers'] = {}, method = 'GET'): Knock => ({
  ...{ method, url: new URL(path, `http://${HOST}`) },
  headers: { host: HOST, ...headers },
});
/** The cookie of somebody who came in. */
function entered(by: Guard): string {
  const verdict = by.judge(knock(`/?token=${by.newToken()}`));
  if (verdict.kind !== 'enter') throw new Error('was not let in');
  return verdict.cookie;
}
const statusOf = (verdict: Verdict): unknown => (verdict.kind === 'refused' ? verdict.status : verdict.kind);

describe('the guard', () => {
  it('lets in with an address once, by a cookie that no script and no other site can use', () => {
    const one = guard();
    const token = one.newToken();
    const verdict = one.judge(knock(`/?token=${token}`));
    expect(verdict).toMatchObject({
      kind: 'enter',
      cookie: expect.stringMatching(/^console-4711=.*; HttpOnly; SameSite=Strict; Path=\/$/) as unknown,
    });
    expect(JSON.stringify(verdict)).not.toContain(token);
    expect(statusOf(one.judge(knock(`/?token=${token}`)))).toBe(403);
    expect(statusOf(one.judge(knock('/?token=secret-0')))).toBe(403);
    expect(statusOf(one.judge(knock('/events?token=' + one.newToken())))).toBe(403);
  });

  it('knows its own afterwards, among other cookies, and nobody else', () => {
    const one = guard();
    const cookie = entered(one).split(';', 1).join();
    expect(statusOf(one.judge(knock('/', { cookie: `a=b; ${cookie}` })))).toBe('welcome');
    for (const wrong of ['', 'console-4711=', `${cookie}x`, cookie.replace('4711', '4712')])
      expect(statusOf(one.judge(knock('/', { cookie: wrong })))).toBe(403);
    expect(statusOf(guard().judge(knock('/', { cookie })))).toBe(403);
  });

  it.each([
    ['under a name that has come to mean this machine', { host: 'evil.example:4711' }, 'GET', 421],
    ['under no name', { host: '' }, 'GET', 421],
    ['on another port', { host: '127.0.0.1:80' }, 'GET', 421],
    ['from another page', { origin: 'http://evil.example' }, 'POST', 403],
    ['from a page of another program here', { origin: 'http://127.0.0.1:80' }, 'POST', 403],
    ['from a page without a name', { origin: 'null' }, 'POST', 403],
    ['to change something, from nowhere', {}, 'POST', 403],
    ['as a part of another page', { 'sec-fetch-site': 'same-site' }, 'GET', 403],
    ['as a part of a page elsewhere', { 'sec-fetch-site': 'cross-site' }, 'GET', 403],
    ['from its own page', { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }, 'POST', 'welcome'],
    ['by its other name', { host: 'localhost:4711', origin: 'http://localhost:4711' }, 'POST', 'welcome'],
  ])('judges a request with the right cookie %s', (_how, headers, method, result) => {
    const one = guard();
    const cookie = entered(one).split(';', 1).join();
    expect(statusOf(one.judge(knock('/order', { cookie, ...headers }, method)))).toBe(result);
  });
});
