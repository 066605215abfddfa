import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeAnswer } from '../../../lambdas/hydra/cpp/host-answer.ts';
import { isRustAnswer } from '../../../lambdas/hydra/rust/host-answer.ts';
import { SHELLS, realProgram } from '../../fakes/scratch-host.ts';
import { answerIn, captured, QUEUES, RustHost } from './rust-host.ts';

const RUNNING = '05-running-saturated';
const UNIT = 'hydra-queue-runner-rest.socket';
/** Nobody listens there. */
const CLOSED = 'http://127.0.0.1:1';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe.each(SHELLS)('observe of a Hydra host with the Rust queue runner, run by %s', (shell) => {
  let host: RustHost;
  beforeEach(async () => {
    host = new RustHost(shell);
    await host.start();
    host.answersAs(RUNNING);
  });
  afterEach(() => host.stop());

  it('tells status, demand, database and unit', async () => {
    host.hasUnit(UNIT);
    host.program('date', 'echo 1795825666');
    host.program('uname', 'case $1 in -m) echo x86_64 ;; *) echo Linux ;; esac');
    host.databaseSays(
      `unfinished 34\nbusy ${base64('i-0b1')} 2\nbusy - 1\nspoilt ${base64('i-0b2')} 3 1795825600`,
    );
    const { statusText, kinds, ...answer } = await host.answer();
    expect(answer).toEqual({
      hostNow: 1_795_825_666,
      hostSystem: 'x86_64-linux',
      rest: host.restUrl,
      curl: { exit: 0, http: 200 },
      unit: UNIT,
      activeHttp: 200,
      unfinished: 34,
      demand: [
        { system: 'aarch64-linux', runnable: 4, running: 0 },
        { system: 'x86_64-linux', runnable: 28, running: 2 },
      ],
      busy: new Map([
        ['i-0b1', 2],
        ['', 1],
      ]),
      spoilt: new Map([['i-0b2', { steps: 3, lastAt: 1_795_825_600 }]]),
      held: new Map(),
    });
    expect(kinds).toMatchObject({
      by: 'systems',
      why: expect.stringMatching(/none of the queued derivations can be read/) as string,
    });
    expect(JSON.parse(statusText)).toMatchObject({ queueRunner: { status: 'up' } });
    expect(host.asked.toSorted()).toEqual(['/status', '/status/build/1/active', '/status/queues']);
  });

  it('is asked for where the configuration names this queue runner, whatever answers', async () => {
    const answer = await host.answer({ runner: 'rust', restUrl: CLOSED });
    expect(answer).toMatchObject({
      curl: { exit: 7, http: 0 },
      activeHttp: 0,
      unfinished: 0,
      demand: [],
      kinds: { by: 'systems', why: 'the queue runner does not answer (HTTP 000, curl 7)' },
      statusText: '',
    });
    expect(answer).not.toHaveProperty('unit');
  });

  it('is the other form where the configuration names the C++ one, and nothing is asked over HTTP', async () => {
    host.program('curl', `echo called >>'${host.path('calls')}'`);
    host.program('hydra-queue-runner', `printf '{"status":"up"}'`);
    const result = await host.look({ runner: 'cpp' });
    expect(decodeAnswer(result.stdout)).toMatchObject({ ok: true, value: { exitCode: 0 } });
    expect(host.exists('calls')).toBe(false);
    expect(host.asked).toEqual([]);
  });

  it('is the other form where something else answers, or nothing, and the status command does', async () => {
    host.hasUnit(UNIT);
    host.program('hydra-queue-runner', `printf '{"status":"up"}'`);
    host.pages.set('/status', '{"status":"up"}');
    for (const farm of [{}, { restUrl: CLOSED }]) {
      const result = await host.look(farm);
      expect(decodeAnswer(result.stdout)).toMatchObject({ ok: true, value: { exitCode: 0 } });
    }
    expect(host.asked).toEqual(['/status']);
  });

  it.each([UNIT, 'hydra-queue-runner-dev-rest.socket'])(
    'is told by the unit %s where nothing answers',
    async (unit) => {
      host.hasUnit(unit);
      expect(await host.answer({ restUrl: CLOSED })).toMatchObject({ curl: { exit: 7 }, unit });
    },
  );

  it('is not assumed where nothing answers and there is no such unit', async () => {
    host.hasUnit('hydra-queue-runner.service');
    const result = await host.look({ restUrl: CLOSED });
    expect(isRustAnswer(result.stdout)).toBe(false);
    expect(decodeAnswer(result.stdout)).toMatchObject({ ok: true, value: { exitCode: 2 } });
  });

  it('does not wait without end for a queue runner that is down behind its socket', async () => {
    const listener = createServer();
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    host.program('curl', `shift 5; exec ${realProgram('curl')} -m 0.2 "$@"`);
    host.hasUnit(UNIT);
    const address = listener.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await host.answer({ restUrl: `http://127.0.0.1:${port}` })).toMatchObject({
      curl: { exit: 28, http: 0 },
      unit: UNIT,
    });
    listener.close();
  });

  it('brings what came instead of a status, but not all of a long page', async () => {
    host.pages.set('/status', [502, `<html>${'x'.repeat(5000)}</html>`]);
    const { curl, statusText, demand } = await host.answer({ runner: 'rust' });
    expect([curl, demand]).toEqual([{ exit: 0, http: 502 }, []]);
    expect(statusText).toMatch(/^<html>x+$/);
    expect(statusText).toHaveLength(2000);
  });

  it.each([
    ['with an error', [500, 'no'] as const, /^no answer to \/status\/queues \(HTTP 500, curl 0\)$/],
    ['in another form', '{"queues":{"a-b":[{"drvPath":"x"}]}}', /another form than is known$/],
  ])('takes demand from the status where the queues come %s', async (_, page, why) => {
    host.pages.set(QUEUES, page);
    const { kinds, demand } = await host.answer();
    expect(kinds).toMatchObject({ by: 'systems', why: expect.stringMatching(why) as string });
    expect(demand).toEqual([
      { system: 'aarch64-linux', runnable: 4, running: 0 },
      { system: 'x86_64-linux', runnable: 28, running: 2 },
    ]);
  });

  it('tells slots that are held by steps which are over, once they are seen twice', async () => {
    host.answersAs('26-slots-held-after-database');
    const held = new Map([
      ['i-008c5a1bd816c1bda', 2],
      ['i-08b89e9a2a639afb9', 3],
      ['i-0c470a209be43738b', 3],
      ['i-0d3d8c0c3a150cda0', 2],
    ]);
    expect((await host.answer()).held).toEqual(held);
    expect(host.asked.filter((path) => path === '/status')).toHaveLength(2);
  });

  it('takes no step for over that ended while the queue runner was asked', async () => {
    host.answersAs('26-slots-held-after-database');
    const [first, later] = ['26-slots-held-after-database', RUNNING].map((name) =>
      captured(`${name}.status.json`),
    );
    host.pages.set('/status', [first ?? '', later ?? '']);
    expect((await host.answer()).held).toEqual(new Map());
  });

  it('knows of none where the queue cannot be read, or the second time nothing comes', async () => {
    host.answersAs('26-slots-held-after-database');
    host.pages.set('/status', [captured('26-slots-held-after-database.status.json'), [500, '']]);
    expect((await host.answer()).held).toEqual(new Map());
    host.answersAs('26-slots-held-after-database');
    host.pages.set(QUEUES, '{"queues":{"a-b":[{"drvPath":"x"}]}}');
    expect((await host.answer()).held).toEqual(new Map());
  });

  it('makes nothing of what a machine calls itself', async () => {
    host.answersAs('26-slots-held-after-database');
    const odd = captured('26-slots-held-after-database.status.json').replaceAll(
      '"hostname":"i-08b89e9a2a639afb9"',
      '"hostname":"x\\",\\"jobs\\":[\\"y\\"] z"',
    );
    host.pages.set('/status', odd);
    expect([...(await host.answer()).held.keys()].toSorted()).toEqual([
      'i-008c5a1bd816c1bda',
      'i-0c470a209be43738b',
      'i-0d3d8c0c3a150cda0',
    ]);
  });

  it('tells the HTTP code of the question that asks the database', async () => {
    host.pages.set('/status/build/1/active', [500, 'db']);
    expect(await host.answer()).toMatchObject({ activeHttp: 500 });
  });

  it('uses no proxy, and no configuration that lies about', async () => {
    const curl = realProgram('curl') ?? '';
    host.file('.curlrc', 'url = file:///etc/passwd\n');
    host.program(
      'curl',
      `HOME='${host.root}' http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 exec ${curl} "$@"`,
    );
    expect(await host.answer()).toMatchObject({ curl: { exit: 0, http: 200 } });
  });

  it('does not let an answer without end fill the disk', async () => {
    host.program('curl', 'while [ "$1" != -o ]; do shift; done; trap "" XFSZ; exec cat /dev/zero >"$2"');
    const { curl, statusText } = await host.answer({ runner: 'rust' });
    expect(curl.exit).not.toBe(0);
    expect(statusText.length).toBeLessThanOrEqual(2000);
  });

  it('says what is missing on a host without awk', async () => {
    rmSync(host.path('usr/bin/awk'));
    const result = await host.look();
    expect(result).toMatchObject({ exitCode: 69, stdout: '' });
    expect(result.stderr).toContain('needs awk');
  });

  it('is whole for a queue without anything', async () => {
    host.answersAs('01-idle-no-machines');
    const result = await host.look();
    expect(answerIn(result.stdout)).toMatchObject({ kinds: { by: 'features' }, demand: [], busy: new Map() });
  });
});
