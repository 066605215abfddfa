import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { documentContent } from '../../../infra/documents/documents.ts';
import { SHELLS } from '../../fakes/scratch-host.ts';
import { questionParameters } from './observing.ts';
import { answerIn, captured, FIXTURES, QUEUES, RustHost } from './rust-host.ts';

const CACHE = 'var/cache/hydra-autoscaler';
const KNOWN = `${CACHE}/features-1`;

/** The name of a derivation in the store. */
const nameOf = (name: string): string =>
  `${createHash('sha1').update(name).digest('hex').slice(0, 32)}-${name}.drv`;

const step = (drvPath: string, changes: object = {}): object => ({
  drvPath,
  ...{ alreadyScheduled: false, runnable: true, finished: false, cancelled: false },
  ...{ runnableSince: '2026-11-28T00:25:00.808300157Z', tries: 0, lowestBuildId: 3 },
  ...changes,
});

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  none: [],
  kvm: ['kvm', 'nixos-test'],
  string: ['benchmark', 'big-parallel'],
  odd: ['??n??', 'a:b', 'c?d??e?'],
  quoted: [],
  structured: ['big-parallel', 'kvm'],
  'structured-none': [],
  'structured-odd': ['a?b', 'c?d', 'e?f'],
  'structured-quoted': [],
  nested: [],
  'not-a-list': [],
};

describe.each(SHELLS)('what is queued, told apart by %s', (shell) => {
  let host: RustHost;
  beforeEach(async () => {
    host = new RustHost(shell);
    await host.start();
    host.answersAs('02-queue-no-machines');
  });
  afterEach(() => host.stop());

  const queues = (bySystem: Readonly<Record<string, readonly object[]>>): void =>
    void host.pages.set(QUEUES, JSON.stringify({ queues: bySystem }));

  /** `SYSTEM:FEATURES RUNNABLE RUNNING` */
  async function told(): Promise<readonly string[]> {
    const { demand, kinds } = await host.answer();
    expect(kinds).toEqual({ by: 'features' });
    return demand.map(({ system, features = [], runnable, running }) =>
      [[system, ...features].join(' '), runnable, running].join(' '),
    );
  }

  it.each(Object.entries(REQUIRED))(
    'reads what %s requires, as the queue runner does',
    async (name, features) => {
      host.stores(nameOf(name), name);
      queues({ 'x86_64-linux': [step(nameOf(name))] });
      expect(await told()).toEqual([`${['x86_64-linux', ...features].join(' ')} 1 0`]);
    },
  );

  it('counts steps of a kind, and leaves out those that are over', async () => {
    for (const name of ['plain', 'kvm', 'structured']) host.stores(nameOf(name), name);
    const [plain, kvm, structured] = ['plain', 'kvm', 'structured'].map((name) => nameOf(name)) as [
      string,
      string,
      string,
    ];
    queues({
      'x86_64-linux': [
        ...[step(plain), step(plain, { alreadyScheduled: true }), step(kvm), step(kvm, { tries: 3 })],
        ...[step(kvm, { finished: true }), step(kvm, { cancelled: true, alreadyScheduled: true })],
      ],
      'aarch64-linux': [step(structured), step(`/nix/store/${kvm}`, { alreadyScheduled: true })],
      'armv7l-linux': [],
    });
    expect(await told()).toEqual([
      'aarch64-linux big-parallel kvm 1 0',
      'aarch64-linux kvm nixos-test 0 1',
      'x86_64-linux 1 1',
      'x86_64-linux kvm nixos-test 2 0',
    ]);
  });

  it('counts a derivation that cannot be read with its system alone, and asks for it again', async () => {
    host.stores(nameOf('plain'), 'plain');
    host.file(`nix/store/${nameOf('cut')}`, '');
    queues({ 'x86_64-linux': ['plain', 'cut', 'gone'].map((name) => step(nameOf(name))) });
    expect(await told()).toEqual(['x86_64-linux 3 0']);
    host.stores(nameOf('cut'), 'kvm');
    host.stores(nameOf('gone'), 'structured');
    expect(await told()).toEqual([
      'x86_64-linux 1 0',
      'x86_64-linux big-parallel kvm 1 0',
      'x86_64-linux kvm nixos-test 1 0',
    ]);
  });

  it('makes nothing of odd names but one odd kind', async () => {
    host.stores(nameOf('kvm'), 'kvm');
    host.stores(nameOf('plain'), 'plain');
    const odd = [
      `$(touch ${host.path('broken')})`,
      '../../etc/passwd',
      "a'b.drv",
      'a"b.drv',
      '-x.drv',
      'a\nkind b 1 1',
      '',
    ];
    queues({
      'x86_64-linux': [...odd, nameOf('plain')].map((name) => step(name)),
      'a"x86_64-linux': [step(nameOf('kvm'))],
      'b{c}d': [step(nameOf('plain'))],
      'kind x 1 1\n': [step(nameOf('plain'))],
      '","aarch64-linux': [step(nameOf('plain'))],
    });
    expect(await told()).toEqual(['? 3 0', '? kvm nixos-test 1 0', 'x86_64-linux 8 0']);
    expect(host.exists('broken')).toBe(false);
  });

  it('keeps what it found, where only the agent’s user can write, and forgets what is not queued any more', async () => {
    for (const name of ['plain', 'kvm', 'structured']) host.stores(nameOf(name), name);
    queues({ 'x86_64-linux': [step(nameOf('plain')), step(nameOf('kvm'))] });
    const kinds = ['x86_64-linux 1 0', 'x86_64-linux kvm nixos-test 1 0'];
    expect(await told()).toEqual(kinds);
    rmSync(host.path(`nix/store/${nameOf('kvm')}`));
    expect(await told()).toEqual(kinds);
    expect(readdirSync(host.path(CACHE))).toEqual(['features-1']);
    queues({ 'x86_64-linux': [step(nameOf('kvm')), step(nameOf('structured'))] });
    await told();
    expect(host.read(KNOWN).trim().split('\n').toSorted()).toEqual(
      [`${nameOf('kvm')} kvm,nixos-test`, `${nameOf('structured')} big-parallel,kvm`].toSorted(),
    );
  });

  it.each([
    ['others may write to', () => chmodSync(host.path(CACHE), 0o777)],
    [
      'has lines of somebody',
      () => host.file(KNOWN, `${nameOf('plain')} $(id)\nx y z\n${nameOf('plain')}\n`),
    ],
  ])('believes nothing in a directory that %s', async (_, spoil) => {
    host.stores(nameOf('plain'), 'plain');
    host.file(KNOWN, `${nameOf('plain')} kvm\n`);
    spoil();
    queues({ 'x86_64-linux': [step(nameOf('plain'))] });
    expect(await told()).toEqual(['x86_64-linux 1 0']);
  });

  it('tells systems alone when time is up, keeps what it has, and goes on from there', async () => {
    const names = Array.from({ length: 4100 }, (_, index) => nameOf(`kvm-${index}`));
    for (const name of names) host.stores(name, 'kvm');
    queues({ 'x86_64-linux': names.map((name) => step(name)) });
    // Each question for the time takes a second of the eight, and three are asked for 2,000 derivations.
    const clock = host.file('clock', '1000');
    host.program('date', `read -r now <'${clock}'; echo "$now"; echo $((now + 1)) >'${clock}'`);
    const { kinds, demand } = await host.answer();
    expect(demand).toEqual([{ system: 'x86_64-linux', runnable: 4100, running: 0 }]);
    expect(kinds.why).toBe('100 of 4100 new derivations could not be read within 8 s');
    expect(host.read(KNOWN).trim().split('\n')).toHaveLength(4000);
    host.program('date', 'echo 1000');
    expect(await told()).toEqual(['x86_64-linux kvm nixos-test 4100 0']);
  });

  it.each([
    ['steps_max=5', /^more than 5 steps are queued$/],
    ['kinds_max=2', /^there are more than 2 kinds of steps$/],
  ])('tells systems alone beyond a bound: %s', async (bound, why) => {
    const names = Object.keys(REQUIRED);
    for (const name of names) host.stores(nameOf(name), name);
    queues({ 'x86_64-linux': names.map((name) => step(nameOf(name))) });
    const [variable = ''] = bound.split('=');
    const content = JSON.stringify(documentContent('observe', host.farm({ restUrl: host.restUrl })));
    expect(content).toMatch(new RegExp(`"${variable}=\\d+"`));
    const bounded = JSON.parse(content.replace(new RegExp(`"${variable}=\\d+"`), `"${bound}"`)) as ReturnType<
      typeof documentContent
    >;
    const answer = answerIn((await host.runContent(bounded, questionParameters())).stdout);
    expect(answer.kinds).toMatchObject({ by: 'systems', why: expect.stringMatching(why) as string });
    // Beyond the bound of steps it is the status that tells how many there are.
    expect(answer.demand).toEqual([
      { system: 'x86_64-linux', runnable: variable === 'steps_max' ? 20 : names.length, running: 0 },
    ]);
  });

  it('reads real queues as they were captured', async () => {
    const situation = '06-cordoned-while-building';
    host.answersAs(situation);
    const names = new Set(captured(`${situation}.status-queues.json`).match(/[^"]+\.drv/g));
    for (const name of names)
      host.stores(
        name,
        name.includes('kvm') || name.includes('nixos')
          ? 'kvm'
          : name.includes('big')
            ? 'structured'
            : 'plain',
      );
    expect((await told()).map((kind) => kind.split(' ')[0])).toEqual(
      expect.arrayContaining(['aarch64-linux', 'x86_64-linux']),
    );
    expect(host.read(KNOWN).trim().split('\n')).toHaveLength(names.size);
  });
});

it('has a fixture for every form, and an expectation for every fixture', () => {
  const folder = join(FIXTURES, 'derivations');
  const fixtures = readdirSync(folder).flatMap((name) => (name.endsWith('.drv') ? name.slice(0, -4) : []));
  expect(fixtures.toSorted()).toEqual(Object.keys(REQUIRED).toSorted());
  for (const name of fixtures) {
    expect(existsSync(join(folder, `${name}.drv`))).toBe(true);
    expect(readFileSync(join(folder, `${name}.drv`), 'utf8')).toMatch(/^Derive\(\[.*\]\)$/);
  }
});
