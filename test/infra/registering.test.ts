/** Machines that find the Rust queue runner in force at their boot. */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leaveOut, needs } from '../needs.ts';
import type { QueueRunners } from '../../infra/builders/user-data.ts';
import {
  BOTH,
  INSTANCE,
  nixosImage,
  REGISTRATION,
  render,
  startMachineAws,
  TOKEN_ARN,
  unpacked,
} from './builder.ts';
import { ScratchRoot, type ScriptResult } from './scratch-root.ts';
import type { Json } from './synth.ts';

const STORE = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-hydra-builder-0-unstable-2026-09-09';
const OTHER = STORE.replace('0', '1');
const KEYS = 'root/.ssh/authorized_keys';
const UNIT = 'run/systemd/system/hydra-builder.service';

let root: ScratchRoot;
beforeEach((context) => {
  root = new ScratchRoot();
  needs(context, 'curl');
  nixosImage(root);
  root.program('uname', 'echo aarch64');
  root.program('useradd');
  root.program('getent', "echo 'root:x:0:0::/root:/bin/sh'");
  root.program('id', `[ "$1" != -u ] || exit 1; exec /usr/bin/id "$@"`);
  root.program('install', 'for file; do from=$to; to=$file; done; cp "$from" "$to"');
  // systemd says whether the unit runs.
  root.program('systemctl', '[ "$1" != is-active ]');
});
afterEach(() => {
  root.remove();
});

/** What AWS answers, of what a machine asks; undefined is a refusal. */
interface Answers {
  readonly runnerKind?: string | null;
  readonly builders?: string;
  readonly token?: string;
}

async function withAws<Result>(
  {
    runnerKind = 'rust',
    builders = `x86_64-linux=${OTHER} aarch64-linux=${STORE}`,
    token = 'sesame',
  }: Answers,
  use: (environment: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  const aws = await startMachineAws((target, body) => {
    if (target === 'secretsmanager.GetSecretValue') return JSON.stringify({ ARN: body, SecretString: token });
    if (target === 'AmazonSSM.GetParameter') return JSON.stringify({ Parameter: { Value: builders } });
    if (runnerKind === null) return undefined;
    const kind = runnerKind === '' ? {} : { runnerKind: { S: runnerKind } };
    return JSON.stringify({ Item: { pk: { S: 'f#heard' }, at: { N: '1' }, ...kind, sk: { S: 'tick' } } });
  });
  try {
    return await use(aws.environment);
  } finally {
    await aws.stop();
  }
}

const boot = (
  answers: Answers = {},
  queueRunners: QueueRunners = BOTH,
  type: Record<string, Json> = {},
): Promise<ScriptResult> =>
  withAws(answers, (environment) => root.run(render({}, type, queueRunners), environment));

const startsUnit = (): number =>
  root.calls.filter((call) => call === 'systemctl start --no-block hydra-builder.service').length;

describe('a machine that finds the Rust queue runner in force', () => {
  it('registers there, and lets nobody in', async () => {
    expect(await boot()).toEqual({ code: 0, stdout: 'hydra-builder: ready\n', stderr: '' });
    expect(root.has(KEYS)).toBe(false);
    const unit = root.read(UNIT).split('\n');
    expect(unit).toEqual(
      expect.arrayContaining([
        `ExecStart=${STORE}/bin/hydra-builder --gateway-endpoint http://10.0.0.5:50051 --config-path /etc/hydra/builder.toml --authorization-file /run/hydra-builder/token`,
        'Environment=NIX_REMOTE=daemon HOME=/run/hydra-builder "NIX_CONFIG=build-dir = /run/hydra-drain"',
        'User=hydra-builder',
        'Restart=always',
        'RestartSec=5s',
      ]),
    );
    expect(root.mode(UNIT)).toBe('644');
    expect(root.calls).toEqual(
      expect.arrayContaining([
        `nix-store --realise ${STORE} --add-root ${root.path}/run/hydra-autoscaler/builder`,
        'useradd --system --user-group hydra-builder',
      ]),
    );
    // Nix reads anew what was written for it, before anything is built.
    expect(root.calls.slice(-2)).toEqual([
      'systemctl try-restart nix-daemon.service',
      'systemctl start --no-block hydra-builder.service',
    ]);
  });

  it('is closed before it starts, and is trusted by Nix', async () => {
    await boot();
    const gauge = `${root.path}/run/hydra-drain`;
    expect(root.calls).toContain(`mount -t tmpfs -o size=64k,mode=0755 tmpfs ${gauge}`);
    expect(root.read('run/hydra-drain/full')).toHaveLength(65_536);
    expect(root.calls.findIndex((call) => call.includes(gauge))).toBeLessThan(root.calls.length - 2);
    expect(root.read('etc/nix/nix.conf')).toContain('extra-trusted-users = hydra-builder\n');
  });

  it('says what its type says, but features: those are what Nix offers', async () => {
    await boot({}, BOTH, { maxJobs: 3, speedFactor: 1.5, supportedFeatures: ['big-parallel'] });
    expect(root.read('etc/hydra/builder.toml').split('\n')).toEqual([
      'pingInterval = 5',
      'useSubstitutes = true',
      'maxJobs = 3',
      'buildCores = 3',
      'speedFactor = 1.5',
      'systems = ["x86_64-linux","i686-linux"]',
      'mandatoryFeatures = []',
      '',
    ]);
    expect(root.mode('etc/hydra/builder.toml')).toBe('644');
    expect(root.read('etc/nix/nix.conf')).toContain('system-features = big-parallel\n');
  });

  it('no longer lets in whom it let in at an earlier boot', async () => {
    root.write(KEYS, 'restrict,command="/x/nix-store --serve --write" ssh-ed25519 AAAA\n');
    await boot();
    expect(root.has(KEYS)).toBe(false);
    root.write(KEYS, 'ssh-ed25519 AAAA somebody’s own\n');
    await boot();
    expect(root.has(KEYS)).toBe(true);
  });

  it('stays as it is when this runs again: open if it was opened, at work, and with the same queue runner', async () => {
    await boot();
    root.write('proc/mounts', `tmpfs ${root.path}/run/hydra-drain tmpfs rw 0 0\n`);
    root.write('run/hydra-drain/full', '');
    root.program('systemctl');
    const before = root.calls.length;
    expect(await boot({ runnerKind: 'cpp' })).toMatchObject({ code: 0 });
    expect(root.read('run/hydra-drain/full')).toBe('');
    expect(root.has(KEYS)).toBe(false);
    expect(root.calls.slice(before).filter((call) => /mount|start .*(daemon|builder)/.test(call))).toEqual(
      [],
    );
    expect(startsUnit()).toBe(1);
  });
});

describe('a machine of a farm whose queue runner is found out', () => {
  it.each([
    ['nobody has said which', ''],
    ['it is the C++ one', 'cpp'],
    ['it is one nobody knows', 'haskell'],
  ])('serves the C++ one where %s', async (_what, runnerKind) => {
    expect(await boot({ runnerKind })).toMatchObject({ code: 0, stderr: '' });
    expect(root.has(KEYS)).toBe(true);
    expect(root.has(UNIT)).toBe(false);
    expect(root.has('run/hydra-drain')).toBe(false);
  });

  it('does so as well where it cannot be read, and says that', async () => {
    const { code, stderr } = await boot({ runnerKind: null });
    expect(code).toBe(0);
    expect(stderr).toContain('could not be read, so this machine serves the C++ one');
    expect(root.has(KEYS)).toBe(true);
  });

  it('need not ask where it is named', async () => {
    await boot({ runnerKind: null }, { registration: REGISTRATION });
    expect([root.has(KEYS), root.has(UNIT)]).toEqual([false, true]);
    // Else its dead-man switch would take steps for nothing.
    expect(root.read('run/hydra-autoscaler/serves')).toBe('rust\n');
  });
});

describe('a machine that could not work for the Rust queue runner', () => {
  it.each<[string, () => void, Answers]>([
    ['could have the role of this machine, which may read the token', () => root.program('setpriv'), {}],
    ['its gauge could not be closed', () => root.program('mount', 'exit 1'), {}],
    ['the-builder names no hydra-builder for aarch64-linux', () => undefined, { builders: 'not said yet' }],
    ['names no hydra-builder', () => undefined, { builders: `x86_64-linux=${STORE}` }],
    ['names no hydra-builder', () => undefined, { builders: `aarch64-linux=${STORE};reboot` }],
    ['names no hydra-builder', () => undefined, { builders: 'aarch64-linux=/tmp/evil' }],
    [`${STORE} could not be fetched`, () => root.program('nix-store', 'exit 1'), {}],
    ['the user hydra-builder could not be made', () => root.program('useradd', 'exit 1'), {}],
  ])('takes no builds, and says why: %s', async (says, breakIt, answers) => {
    breakIt();
    const { code, stderr } = await boot(answers);
    expect(code).toBe(74);
    expect(stderr).toContain('hydra-builder: takes no builds: ');
    expect(stderr).toContain(says);
    expect(startsUnit()).toBe(0);
    expect(root.has(KEYS)).toBe(false);
  });
});

describe('before each start of hydra-builder', () => {
  const start = (answers: Answers = {}) =>
    withAws(answers, (environment) => root.run(root.read('run/hydra-autoscaler/before-start'), environment));
  beforeEach(async () => {
    await boot();
    root.write('proc/sys/kernel/hostname', 'nixos\n');
    root.write('run/hydra-builder/nothing', '');
  });

  it('the machine has the name of its instance, and the token of now', async () => {
    expect(await start()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(root.read('proc/sys/kernel/hostname')).toBe(`${INSTANCE}\n`);
    expect(root.read('run/hydra-builder/token').trim()).toBe('sesame');
    expect(root.calls.at(-1)).toMatch(/^install -m 0400 -o hydra-builder /);
    await start({ token: 'another' });
    expect(root.read('run/hydra-builder/token').trim()).toBe('another');
  });

  it('it keeps the token it has where there is none to be read, and does not start without any', async () => {
    expect(await start({ token: '{"token":"sesame"}' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`no token to register with: ${TOKEN_ARN} `) as string,
    });
    await start();
    expect(await start({ token: '' })).toMatchObject({ code: 0 });
    expect(root.read('run/hydra-builder/token').trim()).toBe('sesame');
  });

  it('it is the unit that runs this, as root', () => {
    expect(root.read(UNIT)).toContain('ExecStartPre=+/bin/sh /run/hydra-autoscaler/before-start\n');
  });
});

it('a closed gauge has no room left, and an opened one has', (context) => {
  needs(context, 'unshare');
  if (process.getuid?.() !== 0) leaveOut(context, 'needs root, who may mount');
  const { path } = root;
  const fill = /^head -c 65536 .*gauge.*$/m.exec(unpacked(render({}, {}, BOTH)))?.[0] ?? '';
  const script = `gauge=${path}/gauge; mkdir "$gauge"; mount -t tmpfs -o size=64k,mode=0755 tmpfs "$gauge"
    ${fill}; stat -f -c %a "$gauge"; rm "$gauge/full"; stat -f -c %a "$gauge"`;
  const [closed, open] = execFileSync('unshare', ['-m', 'sh', '-ec', script], { encoding: 'utf8' }).split(
    '\n',
  );
  expect({ closed, open: Number(open) > 0 }).toEqual({ closed: '0', open: true });
});
