/** The console over HTTP, as its page uses it, on the real function and journal of a farm in one process. */
import { request as httpRequest } from 'node:http';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { News } from '../../../local/programs/console/live-farm.ts';
import type { PastView } from '../../../local/programs/console/past-view.ts';
import { serveConsole } from '../../../local/programs/console/server.ts';
import type { Console } from '../../../local/programs/console/server.ts';
import { TargetError } from '../../../local/programs/operate/target.ts';
import { OperateBench, TYPE } from '../../operate/bench.ts';

const EVIL = `<script>alert(1)</script>"'&`;

const bench = new OperateBench();
let served: Console;
let base: string;
let cookie: string;
let isAway = false;
const asked: unknown[] = [];

beforeAll(async () => {
  await bench.busyFarm({ count: 4, seconds: 4000 }, 2);
  let made = 0;
  served = await serveConsole({
    title: EVIL,
    ask: (event) => {
      asked.push(event);
      return isAway ? Promise.reject(new TargetError(`it sleeps ${EVIL}`)) : bench.ask(event, 300);
    },
    // A farm in virtual time: it is asked when the page is told, and after orders.
    pause: () => new Promise(() => undefined),
    now: () => bench.now,
    past: {
      read: async (_seconds, take) => {
        for (const entry of bench.journal.written) take({ entry });
        await Promise.resolve();
      },
      seconds: 1e6,
    },
    port: 0,
    random: () => `secret-${(made += 1)}`,
    by: EVIL,
  });
  const address = served.newAddress();
  base = new URL(address).origin;
  const entrance = await fetch(address);
  expect(await entrance.text()).toContain('http-equiv="refresh"');
  cookie = (entrance.headers.get('set-cookie') ?? '').split(';', 1).join();
});
afterAll(() => served.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${base}${path}`, { headers: { cookie, ...headers } });
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${base}${path}`, {
    method: 'POST',
    headers: { cookie, origin: base, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const answered = async (path: string, body: unknown): Promise<Record<string, unknown>> =>
  (await (await post(path, body)).json()) as Record<string, unknown>;

/** What a page is told from when it listens until `isEnough`. */
async function told(
  isEnough: (news: News) => boolean,
  meanwhile = async () => Promise.resolve(),
): Promise<News> {
  const response = await get('/events');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (reader === undefined) throw new Error('no events');
  const work = meanwhile();
  let text = '';
  for (;;) {
    const { value = '', done } = await reader.read();
    text += value;
    const events = text
      .split('\n\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line.slice(6)) as News);
    const enough = events.find(isEnough);
    if (enough !== undefined || done) {
      await reader.cancel();
      await work;
      if (enough === undefined) throw new Error('the events ended');
      return enough;
    }
  }
}

describe('the page', () => {
  it('is for who came by the address, and asks for nothing but its own files', async () => {
    expect((await fetch(base)).status).toBe(403);
    const page = await get('/');
    expect(page.headers.get('content-security-policy')).toMatch(
      /default-src 'none'; script-src 'self'; style-src 'self'; .*frame-ancestors 'none'/,
    );
    const text = await page.text();
    expect(text).toContain('<h1>&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).not.toMatch(/<script>|<style|\sstyle=|\son\w+=|https?:/);
    const files = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const response = await get(file);
      expect([file, response.status]).toEqual([file, 200]);
      if (file === '/charts.js') new Script(await response.text());
    }
  });

  it('has modules that ask for nothing that is not there', async () => {
    const seen = new Set<string>();
    const follow = async (file: string): Promise<void> => {
      if (seen.has(file)) return;
      seen.add(file);
      const response = await get(file);
      expect([file, response.status, response.headers.get('content-type')]).toEqual([
        file,
        200,
        'text/javascript',
      ]);
      for (const [, other = ''] of (await response.text()).matchAll(/from '\.(\/[\w-]+\.js)'/g))
        await follow(other);
    };
    await follow('/main.js');
    expect(seen.size).toBeGreaterThan(5);
  });

  it.each(['/../server.ts', '/server.ts', '/%2e%2e/guard.ts', '/nothing', '/past', '/past?seconds=1e9'])(
    'has no %s',
    async (path) => {
      expect((await get(path)).status).toBeGreaterThanOrEqual(400);
    },
  );

  it('is not served under another name, nor to other pages', async () => {
    const status = await new Promise((resolve) => {
      const headers = { host: 'evil.example', cookie };
      httpRequest(base, { headers }, ({ statusCode }) => {
        resolve(statusCode);
      }).end();
    });
    expect(status).toBe(421);
    const before = asked.length;
    expect((await post('/order', { tick: true }, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post('/order', { tick: true }, { cookie: '' })).status).toBe(403);
    expect(asked).toHaveLength(before);
  });
});

describe('now', () => {
  it('is told with what the next tick would do, and told again when it cannot be asked', async () => {
    const news = await told(({ status }) => status !== undefined);
    expect(news.status?.types[0]).toMatchObject({ type: TYPE });
    expect(news.changes.length).toBeGreaterThan(2);
    isAway = true;
    const trouble = await told(
      (one) => one.trouble !== undefined,
      async () => {
        await post('/order', { tick: true });
      },
    );
    isAway = false;
    expect(trouble).toMatchObject({ trouble: `it sleeps ${EVIL}`, status: { result: 'status' } });
  });

  it('is explained in the function’s words', async () => {
    expect(await answered('/explain', { explain: { type: TYPE } })).toMatchObject({
      result: 'explanation',
      because: expect.any(Array) as unknown,
    });
    expect((await post('/explain', { doctor: true })).status).toBe(400);
  });
});

describe('an order', () => {
  it('is foretold before it is given, also what is wrong with it', async () => {
    const machine = await bench.firstMachine();
    const drain = await answered('/foretell', { drain: { machine } });
    expect(drain).toMatchObject({ command: `operate drain ${machine}` });
    expect((drain['says'] as string[]).join(' ')).toMatch(
      /Drains one machine and ends it .* is \w+: .*A tick that acts on it follows at once/s,
    );
    const out = await answered('/foretell', { scaleOut: { type: TYPE, count: 0 } });
    expect(out).toMatchObject({ says: [], problems: [expect.stringMatching(/^count: /)] });
    expect((await bench.store.load(bench.now)).orders ?? []).toEqual([]);
  });

  it('is given in the name of who runs the console', async () => {
    const answer = await answered('/order', { pause: { type: TYPE, minutes: 30 } });
    expect(answer).toMatchObject({
      result: 'recorded',
      message: expect.stringMatching(/is paused for 30/) as unknown,
    });
    expect((await bench.store.load(bench.now)).orders).toMatchObject([
      { kind: 'pause', type: TYPE, by: EVIL },
    ]);
    const wrong = await answered('/order', { drain: { machine: 'i-0123456789abcdef0' } });
    expect(wrong).toMatchObject({
      result: 'invalid',
      problems: [expect.stringMatching(/^machine: must be one of/)],
    });
  });

  it.each([
    ['another request', { doctor: true }],
    ['two at once', { pause: { everything: true }, tick: true }],
    ['a list', ['tick']],
    ['a text', 'tick'],
    ['something without an end', { text: 'x'.repeat(70_000) }],
  ])('is not %s', async (_what, body) => {
    const before = asked.length;
    expect((await post('/order', body)).status).toBe(400);
    expect((await post('/order', { tick: true }, { 'content-type': 'text/plain' })).status).toBe(400);
    expect(asked).toHaveLength(before);
  });
});

describe('the past', () => {
  it('has machines with why they came, charts with their words, and what people ordered', async () => {
    const view = (await (await get('/past?seconds=86400')).json()) as PastView;
    expect(view.lives).toHaveLength(2);
    expect(view.lives[0]).toMatchObject({ type: TYPE, came: expect.stringContaining('runnable') as unknown });
    expect(view.lives[0]?.parts.map(({ phase }) => phase)).toContain('ready');
    expect(view.colours[TYPE]).toMatch(/^#/);
    expect(view.plots.map(({ id }) => id)).toEqual(['queue', 'machines', 'work', 'cost']);
    expect(view.figures).toContain('id="plot-queue" tabindex="0" role="img" aria-label="Queue');
    expect(view.marks.map(({ text }) => text).join()).toContain(EVIL);
    expect(view.figures).not.toContain('<script>');
  });
});
