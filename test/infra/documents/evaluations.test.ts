import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../../lambdas/core/model/index.ts';
import type { FarmChanges } from '../../fakes/scratch-host.ts';
import { realProgram, ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';
import { observe } from './observing.ts';
import { RustHost } from './rust-host.ts';

const TOOLS = ['awk', 'xargs', 'split', 'sed', 'sort', 'grep'];

/** A host with the C++ queue runner. */
class CppHost extends ScratchHost {
  constructor(shell: string) {
    super({ shell });
    this.tools(...TOOLS.filter((tool) => !this.exists(`usr/bin/${tool}`)));
    this.program('hydra-queue-runner', `printf '{"status":"up"}\\n'`);
  }

  async notice(farm: FarmChanges = { launchAhead: true }): Promise<Notice | undefined> {
    return (await observe(this, { runner: 'cpp', ...farm })).notice;
  }
}

/** psql answers the question about evaluations so, and any other as a database without builds. */
const answersBoth = (host: ScratchHost, lines: readonly string[]): void => {
  host.program(
    'psql',
    `case "$*" in *jobsetevals*) cat <<'END'\n${lines.join('\n')}\nEND\n;; *) echo unfinished 0 ;; esac`,
  );
};

const DRV = `${'a'.repeat(32)}-one.drv`;
const KVM = `${'b'.repeat(32)}-two.drv`;
const ODD = `${'c'.repeat(32)}-three.drv`;
const TOLD = [
  'evaluation p:j 1000 900',
  'evaluation p:over - 990',
  'eval 7 p:j 880 120',
  'eval 6 p:j 500 60',
  `build 7 x86_64-linux ${DRV}`,
  `build 7 x86_64-linux ${KVM}`,
  `build 7 x86_64-linux ${ODD}`,
  'build 7 x86_64-linux ../../../etc/passwd',
  'build 7 $(id) x.drv',
  'nonsense',
];
const EVALUATIONS = [
  {
    jobset: 'p:j',
    since: 1000,
    endedAt: 900,
    harvests: [
      {
        at: 880,
        seconds: 120,
        kinds: [
          { system: 'x86_64-linux', features: [], builds: 3 },
          { system: 'x86_64-linux', features: ['kvm'], builds: 1 },
        ],
      },
      { at: 500, seconds: 60, kinds: [] },
    ],
  },
  { jobset: 'p:over', endedAt: 990, harvests: [] },
];

const storesBoth = (host: ScratchHost): void => {
  host.file(`nix/store/${DRV}`, 'Derive([],[],[],"x86_64-linux","sh",[],[("name","one")])');
  host.file(`nix/store/${KVM}`, 'Derive([],[],[],"x86_64-linux","sh",[],[("requiredSystemFeatures","kvm")])');
};

describe.each(SHELLS)('evaluations on a host with the C++ queue runner, asked for by %s', (shell) => {
  let host: CppHost;
  beforeEach(() => {
    host = new CppHost(shell);
  });
  afterEach(() => host.remove());

  it('are told with what the last ones brought, by kind', async () => {
    answersBoth(host, TOLD);
    storesBoth(host);
    const notice = await host.notice();
    expect(notice?.evaluations).toEqual(EVALUATIONS);
  });

  it('are not asked for where nobody launches ahead', async () => {
    host.program('psql', `touch '${host.path('asked')}'`);
    expect(await host.notice({})).toBeUndefined();
    expect(host.exists('asked')).toBe(false);
  });

  it('are asked for where the queue runner has its database', async () => {
    host.program('psql', `while [ "$1" != -d ]; do shift; done; echo "$2" >'${host.path('called')}'`);
    await host.notice({ launchAhead: true, environment: { HYDRA_DBI: 'dbi:Pg:dbname=h;host=db' } });
    expect(host.read('called')).toBe('dbname=h host=db\n');
  });

  it.each([
    ['fails', 'echo "evaluation p:j 1 1"; exit 2'],
    ['hangs', `exec ${realProgram('sleep')} 60`],
    ['says something else', 'echo hello'],
  ])('cost nothing but themselves when psql %s', async (_, script) => {
    host.program('psql', script);
    host.program(
      'timeout',
      `[ "$3" = 4 ] && shift 3 && set -- -k 1 0.2 "$@"; exec ${realProgram('timeout')} "$@"`,
    );
    const answer = await observe(host, { runner: 'cpp', launchAhead: true });
    expect(answer).toMatchObject({ exitCode: 0 });
    expect(answer).not.toHaveProperty('notice');
  });

  it('stay short, however many builds there are', async () => {
    const kinds = Array.from({ length: 40 }, (_, n) => `build 7 system-${n} ${DRV}`);
    answersBoth(host, ['evaluation p:j 1000 900', 'eval 7 p:j 880 120', ...kinds]);
    expect((await host.notice())?.evaluations[0]?.harvests[0]?.kinds).toHaveLength(10);
  });
});

it('are told of the Rust queue runner, beside what is asked for anyway', async () => {
  const host = new RustHost();
  await host.start();
  host.answersAs('01-idle-no-machines');
  answersBoth(host, TOLD);
  storesBoth(host);
  const answer = await host.answer({ launchAhead: true });
  host.stop();
  expect(answer.unfinished).toBe(0);
  expect(answer.notice?.evaluations).toEqual(EVALUATIONS);
});

const SERVER = globSync('/usr/lib/postgresql/*/bin/initdb')[0];
const CLOCK = '(select extract(epoch from now())::integer as now) clock';

describe.runIf(SERVER !== undefined && process.getuid?.() === 0)('a real database', () => {
  it('knows them', async () => {
    const host = new CppHost('/bin/sh');
    const bin = dirname(SERVER ?? '');
    const script = `set -e; chmod 711 "$HOST"; mkdir "$HOST/pg"; chown nobody "$HOST/pg"; cd "$HOST/pg"
      as() { setpriv --reuid nobody --clear-groups "$@"; }
      as ${bin}/initdb -D data -A trust >/dev/null
      as ${bin}/pg_ctl -D data -w -o "-k $HOST/pg -c listen_addresses= -c fsync=off" -l "$HOST/pg/log" start >/dev/null
      as ${bin}/psql -q -h "$HOST/pg" -U nobody postgres <<'END'
        create table Jobsets (id integer, project text, name text, startTime integer, lastCheckedTime integer);
        create table JobsetEvals (id integer, jobset_id integer, timestamp integer, checkoutTime integer, evalTime integer, hasNewBuilds integer);
        create table JobsetEvalMembers (eval integer, build integer, isNew integer);
        create table Builds (id integer, drvPath text, system text, isCachedBuild integer);
        insert into Jobsets select id, 'p', name, now - since, now - checked
          from (values (1, 'running', 30, 400), (2, 'first', 5, null), (3, 'over', null, 20), (4, 'long-over', null, 500), (5, 'odd name', 5, null)) j (id, name, since, checked), ${CLOCK};
        insert into JobsetEvals select id, jobset, now - ago, 7, 50, new
          from (values (10, 1, 9000, 1), (11, 1, 8000, 1), (12, 1, 7000, 0), (13, 1, 6000, 1), (14, 1, 5000, 1), (15, 3, 21, 1)) e (id, jobset, ago, new), ${CLOCK};
        insert into Builds select n, '/nix/store/' || repeat('d', 32) || '-b' || n || '.drv', 'x86_64-linux', case when n % 10 = 0 then 1 end from generate_series(1, 700) n;
        insert into JobsetEvalMembers select 14, n, (n % 2)::integer from generate_series(1, 20) n;
        insert into JobsetEvalMembers select 13, n, 1 from generate_series(1, 700) n;
        insert into JobsetEvalMembers select 15, n, 1 from generate_series(1, 9) n;
END`;
    const made = spawnSync('/bin/sh', ['-c', script], {
      env: { HOST: host.root, PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect(made).toMatchObject({ status: 0, stderr: '' });
    host.program('psql', `exec ${bin}/psql "$@"`);
    const notice = await host.notice({
      launchAhead: true,
      environment: {
        HYDRA_DATABASE_URL: `postgres://nobody@${encodeURIComponent(host.path('pg'))}/postgres`,
      },
    });
    const stop = ['--reuid', 'nobody', '--clear-groups', `${bin}/pg_ctl`];
    spawnSync('setpriv', [...stop, '-D', 'data', '-m', 'immediate', 'stop'], { cwd: host.path('pg') });
    host.remove();
    const told = notice?.evaluations.map(({ jobset, since, harvests }) => [
      jobset,
      since !== undefined,
      harvests.map(({ seconds, kinds }) => [seconds, ...kinds.map(({ builds }) => builds)]),
    ]);
    expect(told).toEqual([
      ['p:first', true, []],
      ['p:running', true, [[57, 10], [57, 500], [57]]],
      ['p:over', false, [[57, 9]]],
    ]);
    expect((notice?.at ?? 0) - (notice?.evaluations[1]?.since ?? 0)).toBeCloseTo(30, -1.5);
  }, 30_000);
});
