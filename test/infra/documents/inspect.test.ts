import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, rmSync, symlinkSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeInspection } from '../../../lambdas/hydra/cpp/doctor/decode-inspection.ts';
import type { HostInspection } from '../../../lambdas/hydra/cpp/doctor/inspection.ts';
import { realProgram, ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';

const FILE = 'var/lib/hydra/provisioner/machines';
const PROGRAM =
  '/nix/store/ab8qgcyz9acmnlp9hkb3xj2vyi8rs5ph-hydra-0-unstable-2026-03-16/bin/hydra-queue-runner';

describe.each(SHELLS)('inspect, run by %s', (shell) => {
  let host: ScratchHost;
  beforeEach(() => {
    host = new ScratchHost({ shell });
    host.tools('df', 'readlink', 'sed', 'test');
  });
  afterEach(() => host.remove());

  function runs(words: readonly string[], variables: Readonly<Record<string, string>> = {}): void {
    host.file('proc/77/cmdline', words.map((word) => `${word}\0`).join(''));
    host.file(
      'proc/77/environ',
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\0`)
        .join(''),
    );
  }

  async function inspect(...sshKeys: readonly string[]): Promise<HostInspection> {
    const result = await host.run('inspect', {}, { sshKeys });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const decoded = decodeInspection(result.stdout);
    if (!decoded.ok) throw new Error(decoded.problem.says);
    return decoded.value;
  }

  it('tells of the process: who, which program, which files with how many machines, and its patience', async () => {
    const fixed = host.file('etc/nix/machines', '# ours\n\nlocalhost x86_64-linux\n  ssh://a x86_64-linux\n');
    host.file(FILE, '# Written by hydra-autoscaler\nssh://b x86_64-linux\n');
    const settings = host.file(
      'hydra.conf',
      'store_uri = x\n max_unsupported_time = 1\nmax_unsupported_time=7200\n',
    );
    runs([PROGRAM, '-v'], {
      NIX_REMOTE_SYSTEMS: `${fixed}:${host.path(FILE)}:${host.path('not-there')}`,
      HYDRA_CONFIG: settings,
      HOME: host.path('home'),
    });
    symlinkSync(PROGRAM, host.path('proc/77/exe'));
    expect(await inspect()).toEqual({
      source: 'process',
      user: userInfo().username,
      program: PROGRAM,
      told: 'files',
      files: [
        { path: fixed, isOurs: false, state: 'readable' },
        { path: host.path(FILE), isOurs: true, state: 'readable' },
        { path: host.path('not-there'), isOurs: false, state: 'missing' },
      ],
      staticMachines: expect.objectContaining({ count: 2, refused: [] }) as unknown,
      directory: { state: 'writable', access: 'readable', freeKibibytes: expect.any(Number) as unknown },
      sshKeys: [],
      unsupportedSeconds: 7200,
      settingsFile: settings,
    });
  });

  it('takes a status command or another program of a similar name for no queue runner', async () => {
    for (const words of [
      ['hydra-queue-runner', '--status'],
      ['/bin/hydra-queue-runner', '--unlock'],
      ['grep', 'hydra-queue-runner'],
      ['hydra-queue-runner-helper'],
    ]) {
      runs(words);
      expect((await inspect()).source).toBe('none');
    }
    runs(['/nix/store/x/bin/.hydra-queue-runner-wrapped', '-v']);
    expect((await inspect()).source).toBe('process');
  });

  it('reads the unit where nothing runs', async () => {
    host.program(
      'systemctl',
      `case $2$4 in *LoadState*-runner.service) echo loaded ;; *User*) id -un ;; *Environment*) echo NIX_REMOTE_SYSTEMS=${host.path(FILE)} A=b ;;
       *ExecStart*) echo '{ path=${PROGRAM} ; argv[]=x ; }' ;; esac`,
    );
    expect(await inspect()).toMatchObject({
      source: 'unit',
      program: PROGRAM,
      files: [{ path: host.path(FILE), isOurs: true }],
      unsupportedSeconds: 'unknown',
    });
  });

  it('knows nothing of a queue runner that is not there, but of our directory', async () => {
    expect(await inspect('/key')).toMatchObject({
      source: 'none',
      told: 'unset',
      directory: { state: 'writable', access: 'unknown' },
      sshKeys: [{ path: '/key', access: 'missing' }],
      unsupportedSeconds: 'unknown',
    });
    rmSync(host.path('var/lib/hydra/provisioner'), { recursive: true });
    expect((await inspect()).directory).toEqual({ state: 'missing', access: 'missing' });
  });

  it('finds our file in a container, whatever its path there', async () => {
    host.file(FILE, 'ssh://b x86_64-linux\n');
    host.file('inside/hydra.conf', '# nothing\n');
    host.file('inside/keys/id', 'secret');
    symlinkSync(host.path('var/lib/hydra/provisioner'), host.path('inside/mounted'));
    runs(['hydra-queue-runner'], { NIX_REMOTE_SYSTEMS: '/mounted/machines', HYDRA_CONFIG: '/hydra.conf' });
    symlinkSync(host.path('inside'), host.path('proc/77/root'));
    expect(await inspect('/keys/id')).toMatchObject({
      files: [{ path: '/mounted/machines', isOurs: true, state: 'readable' }],
      directory: { access: 'readable' },
      sshKeys: [{ path: '/keys/id', access: 'readable' }],
      unsupportedSeconds: 'unset',
      settingsFile: '/hydra.conf',
    });
  });

  it('says which files are read without being told, and which key ssh would take', async () => {
    host.file('home/.ssh/id_rsa', 'secret');
    runs(['hydra-queue-runner'], { HOME: host.path('home') });
    expect(await inspect()).toMatchObject({
      told: 'unset',
      files: [{ path: '/etc/nix/machines', isOurs: false }],
      ownSshKey: host.path('home/.ssh/id_rsa'),
      unsupportedSeconds: 'unset',
    });
  });

  it('is our file by its name in the same directory before it is written', async () => {
    symlinkSync(host.path('var/lib/hydra'), host.path('alias'));
    runs(['hydra-queue-runner'], { NIX_REMOTE_SYSTEMS: host.path('alias/provisioner/machines') });
    expect((await inspect()).files).toEqual([
      { path: host.path('alias/provisioner/machines'), isOurs: true, state: 'missing' },
    ]);
    runs(['hydra-queue-runner'], { NIX_REMOTE_SYSTEMS: host.path('alias/provisioner/machines-too') });
    expect((await inspect()).files[0]?.isOurs).toBe(false);
  });

  it('tells a variable that is set to nothing from one that is not set', async () => {
    for (const nothing of ['', ':']) {
      runs(['hydra-queue-runner'], { NIX_REMOTE_SYSTEMS: nothing });
      expect(await inspect()).toMatchObject({ told: 'nothing', files: [] });
    }
  });

  it('counts each machine once, with what files include, and names the line for which all are refused', async () => {
    const more = host.file('etc/nix/more', 'ssh://c aarch64-linux - 0 # no slots\n');
    const fixed = host.file(
      'etc/nix/machines',
      `# all ; of it\nroot@a x86_64-linux;ssh://b armv7l-linux\n@ ${more} # more\n@/not/there\nroot@a i686-linux`,
    );
    runs(['hydra-queue-runner'], { NIX_REMOTE_SYSTEMS: `${fixed}:${fixed}` });
    expect(await inspect()).toMatchObject({
      files: [fixed, more, '/not/there'].map((path) => ({ path, isOurs: false })),
      staticMachines: { count: 3, systems: ['armv7l-linux', 'i686-linux'], refused: [] },
    });
    host.file('etc/nix/more', 'root@d x86_64-linux - four\n');
    expect((await inspect()).staticMachines.refused).toEqual([
      expect.stringContaining(`${fixed}: bad machine specification`) as unknown,
    ]);
  });

  it('tells what is no file where one is read', async () => {
    host.file('etc/nix/machines/in-a-directory', '');
    symlinkSync('/nowhere/at/all', host.path('dangling'));
    host.file('file', '');
    const paths = ['etc/nix/machines', 'dangling', 'file/below'].map((name) => host.path(name));
    runs(['hydra-queue-runner'], { NIX_REMOTE_SYSTEMS: paths.join(':') });
    expect((await inspect()).files.map(({ state }) => state)).toEqual([
      'directory',
      'dangling',
      'unreadable',
    ]);
  });

  it.each([
    ['max_unsupported_time = 86400\nmax_unsupported_time = 0 # off', 0],
    ['max_unsupported_time = 24h', 24],
  ])('reads %j as the queue runner does', async (line, seconds) => {
    const settings = host.file('hydra.conf', `store_uri = x\n${line}\n`);
    runs(['hydra-queue-runner'], { HYDRA_CONFIG: settings });
    expect((await inspect()).unsupportedSeconds).toBe(seconds);
  });

  it('asks ssh itself which key it would take', async () => {
    const named = host.file('keys/from-config', 'secret');
    host.file('home/.ssh/id_rsa', 'secret');
    host.program('ssh', `echo 'identityfile ~/.ssh/missing'; echo 'identityfile ${named}'`);
    runs(['hydra-queue-runner'], { HOME: host.path('home') });
    expect((await inspect()).ownSshKey).toBe(named);
  });

  const canBecomeOthers = process.getuid?.() === 0 && ['runuser', 'setpriv'].every(realProgram);
  it.runIf(canBecomeOthers)('tries keys and directory as the user the process has', async () => {
    host.tools('runuser', 'setpriv');
    chmodSync(host.root, 0o755);
    const mine = host.file('keys/mine', 'secret');
    const theirs = host.file('keys/theirs', 'secret');
    for (const key of [mine, theirs]) chmodSync(key, 0o400);
    for (const [uid, name] of [
      [65534, 'nobody'],
      [987654, '987654'],
    ] as const) {
      chownSync(theirs, uid, uid);
      runs(['hydra-queue-runner']);
      chownSync(host.path('proc/77'), uid, uid);
      chmodSync(host.path('var/lib/hydra/provisioner'), 0o755);
      expect(await inspect(mine, theirs)).toMatchObject({
        user: name,
        sshKeys: [{ access: 'unreadable' }, { access: 'readable' }],
        directory: { access: 'readable' },
      });
      chmodSync(host.path('var/lib/hydra/provisioner'), 0o700);
      expect((await inspect()).directory.access).toBe('unreadable');
      const secret = host.file('var/lib/hydra/provisioner/secret', '');
      const missing = host.path('var/lib/hydra/provisioner/missing');
      runs(['hydra-queue-runner'], { NIX_REMOTE_SYSTEMS: `${mine}:${secret}:${missing}` });
      chownSync(host.path('proc/77'), uid, uid);
      expect((await inspect()).files.map(({ state }) => state)).toEqual(Array(3).fill('unreadable'));
    }
  });

  it.runIf(process.platform === 'linux')('reads what a real Linux shows of a process', async () => {
    const child = spawn(realProgram('cat') ?? 'cat', ['-'], {
      argv0: 'hydra-queue-runner',
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { NIX_REMOTE_SYSTEMS: host.path(FILE) },
    });
    await once(child, 'spawn');
    symlinkSync(`/proc/${child.pid}`, host.path(`proc/${child.pid}`));
    const whileItRuns = await inspect();
    child.stdin.end();
    await once(child, 'exit');
    expect(whileItRuns).toMatchObject({
      source: 'process',
      program: expect.stringMatching(/\/cat$/) as unknown,
      files: [{ path: host.path(FILE), isOurs: true }],
    });
    expect((await inspect()).source).toBe('none');
  });
});
