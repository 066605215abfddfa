import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScratchHost } from '../../fakes/scratch-host.ts';
import { realProgram, SHELLS } from '../../fakes/scratch-host.ts';
import { RustHost } from './rust-host.ts';

/** A process of the queue runner with this environment. */
function runs(host: ScratchHost, variables: Readonly<Record<string, string>>, ...words: string[]): void {
  const zeros = (texts: readonly string[]): string => texts.map((text) => `${text}\0`).join('');
  host.file('proc/77/cmdline', zeros(['/bin/hydra-queue-runner', ...words]));
  host.file('proc/77/environ', zeros(Object.entries(variables).map(([name, value]) => `${name}=${value}`)));
}

describe.each(SHELLS)('the database, asked by %s', (shell) => {
  let host: RustHost;
  beforeEach(async () => {
    host = new RustHost(shell);
    await host.start();
    host.answersAs('01-idle-no-machines');
    // What psql is called with, and what only its environment has.
    host.program(
      'psql',
      `while [ "$1" != -d ]; do shift; done; printf '%s|%s|%s|%s' "$2" "\${PGPASSWORD:-}" "\${PGPASSFILE:-}" "$PGCONNECT_TIMEOUT" >'${host.path('called')}'; echo unfinished 7`,
    );
  });
  afterEach(() => host.stop());

  it.each([
    [{}, 'postgres://hydra@%2Frun%2Fpostgresql:5432/hydra', ''],
    [{ HYDRA_DATABASE_URL: 'postgres:///hydra' }, 'postgres:///hydra', ''],
    [{ HYDRA_DATABASE_URL: 'postgres://h@db:1/x?a=b' }, 'postgres://h@db:1/x?a=b', ''],
    [
      { HYDRA_DATABASE_URL: "postgres://h:a%20b%3a$(id)'@db/x", PGPASSFILE: '/p' },
      'postgres://h@db/x',
      "a b:$(id)'",
    ],
    [
      { HYDRA_DBI: 'dbi:Pg:dbname=hydra;user=hydra;application_name=x' },
      'dbname=hydra user=hydra application_name=x',
      '',
    ],
    [{ HYDRA_DBI: 'dbi:Pg:dbname=hydra;password=secret;host=db' }, 'dbname=hydra  host=db', 'secret'],
  ])('is where the queue runner has it: %j', async (variables, connection, password) => {
    runs(host, variables);
    expect(await host.answer()).toMatchObject({ unfinished: 7 });
    const passFile = 'PGPASSFILE' in variables ? '/p' : '';
    expect(host.read('called')).toBe(`${connection}|${password}|${passFile}|3`);
  });

  it.each([['--config-path', '/a/q.toml'], ['--config-path=/a/q.toml'], ['-c', '/a/q.toml'], []])(
    'is where its settings have it: %s %s',
    async (...words) => {
      runs(host, {}, '--rest-bind', '-', ...words);
      host.file(
        words.length === 0 ? 'etc/hydra/queue-runner.toml' : 'a/q.toml',
        'x = 1\n  dbUrl = "postgres://h@db/toml"\n',
      );
      await host.answer();
      expect(host.read('called')).toMatch(/^postgres:\/\/h@db\/toml\|/);
    },
  );

  it('is asked as the user of the queue runner, with its PATH', async () => {
    runs(host, { PATH: host.path('its/bin') });
    host.program('stat', 'case $2 in %u | %g) echo 4711 ;; *) echo 1:2 ;; esac');
    host.program(
      'id',
      `case "$*" in '-un 4711') echo hydra-queue-runner ;; '-un') echo root ;; *) echo 4711 ;; esac`,
    );
    host.program('runuser', `echo "$2" >'${host.path('user')}'; shift 3; exec "$@"`);
    mkdirSync(host.path('its/bin'), { recursive: true });
    symlinkSync(host.path('usr/bin/psql'), host.path('its/bin/psql-there'));
    host.program('psql', 'command -v psql-there >/dev/null && echo unfinished 8');
    expect(await host.answer()).toMatchObject({ unfinished: 8 });
    expect(host.read('user')).toBe('hydra-queue-runner\n');
  });

  it('is found by the PATH of a unit, where nobody else knows psql', async () => {
    host.file('elsewhere/psql', host.read('usr/bin/psql'));
    host.program('psql', '');
    const { restUrl } = host;
    spawnSync('/bin/sh', [
      '-c',
      'chmod 755 "$1"; rm "$2"',
      'sh',
      host.path('elsewhere/psql'),
      host.path('usr/bin/psql'),
    ]);
    expect(await host.answer()).toMatchObject({ databaseProblem: expect.stringMatching(/psql/) as string });
    host.program(
      'systemctl',
      `case "$*" in *Environment*) echo 'A=b PATH=/nowhere:${host.path('elsewhere')} C=d' ;; esac`,
    );
    expect(await host.answer({ restUrl })).toMatchObject({ unfinished: 7 });
  });

  it.each([
    [
      'printf "psql: error: connection refused\\n\\tIs it running?\\n" >&2; exit 2',
      /^psql: error: connection refused Is it running\?$/,
    ],
    ['exit 2', /^psql said nothing$/],
    ['echo unfinished 3; echo gone >&2; exit 1', /^gone$/],
    ['echo "WARNING: odd"; echo unfinished 3', /^WARNING: odd/],
    ['echo unfinished; exit 0', /^unfinished$/],
    ['echo unfinished 3; echo unfinished 4', /^unfinished 3/],
    ['echo unfinished 3; echo busy a b 4', /^unfinished 3/],
  ])('that does not answer as it should is told: %s', async (script, problem) => {
    host.program('psql', script);
    const answer = await host.answer();
    expect(answer).toMatchObject({
      databaseProblem: expect.stringMatching(problem) as string,
      busy: new Map(),
    });
    expect(answer).not.toHaveProperty('unfinished');
  });

  it('that hangs is given up', async () => {
    host.program('psql', `exec ${realProgram('sleep')} 60`);
    host.program(
      'timeout',
      `[ "$3" = 6 ] && shift 3 && set -- -k 1 0.2 "$@"; exec ${realProgram('timeout')} "$@"`,
    );
    expect(await host.answer()).toMatchObject({ databaseProblem: 'no answer within 6 s' });
  });
});

const SERVER = globSync('/usr/lib/postgresql/*/bin/initdb')[0];

describe.runIf(SERVER !== undefined && process.getuid?.() === 0)('a real database', () => {
  it('counts unfinished builds, and steps by machine, whatever machines are called', async () => {
    const host = new RustHost();
    await host.start();
    host.answersAs('01-idle-no-machines');
    const bin = dirname(SERVER ?? '');
    const script = `set -e; chmod 711 "$HOST"; mkdir "$HOST/pg"; chown nobody "$HOST/pg"; cd "$HOST/pg"
      as() { setpriv --reuid nobody --clear-groups "$@"; }
      as ${bin}/initdb -D data -A trust >/dev/null
      as ${bin}/pg_ctl -D data -w -o "-k $HOST/pg -c listen_addresses= -c fsync=off" -l "$HOST/pg/log" start >/dev/null
      as ${bin}/psql -q -h "$HOST/pg" -U nobody postgres <<'END'
        create table Builds (finished integer not null);
        create table BuildSteps (busy integer not null, machine text not null default '', status integer, startTime integer, stopTime integer);
        insert into Builds select (n > 30)::int from generate_series(1, 100) n;
        insert into BuildSteps values (0, 'i-1'), (30, 'i-1'), (10, 'i-1'), (1, ''), (30, E'o''dd\\nbusy x 1 ünï');
        insert into BuildSteps select 30, repeat('long', 50);
        insert into BuildSteps select 0, machine, status, now - ago, now - ago + took
          from (values ('i-3', 3, 90, 0), ('i-3', 0, 80, 20), ('i-3', 3, 50, 2), ('i-3', 3, 40, 1), ('i-3', 3, 30, 3),
            ('i-4', 3, 50, 0), ('i-4', 1, 40, 1), ('i-5', 3, 5000, 0), ('i-6', 3, 20, 0)) step (machine, status, ago, took),
            (select extract(epoch from now())::integer as now) clock;
END`;
    const made = spawnSync('/bin/sh', ['-c', script], {
      env: { HOST: host.root, PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect(made).toMatchObject({ status: 0, stderr: '' });
    host.program('psql', `exec ${bin}/psql "$@"`);
    runs(host, { HYDRA_DATABASE_URL: `postgres://nobody@${encodeURIComponent(host.path('pg'))}/postgres` });
    const answer = await host.answer();
    spawnSync(
      'setpriv',
      ['--reuid', 'nobody', '--clear-groups', `${bin}/pg_ctl`, '-D', 'data', '-m', 'immediate', 'stop'],
      { cwd: host.path('pg') },
    );
    host.stop();
    expect([...answer.spoilt].map(([name, { steps }]) => [name, steps]).toSorted()).toEqual([
      ['i-3', 2],
      ['i-6', 1],
    ]);
    expect(answer.hostNow - (answer.spoilt.get('i-6')?.lastAt ?? 0)).toBeCloseTo(20, -1.5);
    expect(answer).toMatchObject({
      unfinished: 30,
      busy: new Map([
        ['i-1', 2],
        ['', 1],
        ["o'dd\nbusy x 1 ünï", 1],
        ['long'.repeat(50), 1],
      ]),
    });
  }, 30_000);
});
