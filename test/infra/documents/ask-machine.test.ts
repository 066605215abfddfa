import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKTzQCl4mKjSnMGuJoxzSjDKPJVKQzFzeqTzVe4Qe3Qu root@builder';

describe.each(SHELLS)('ask-machine, run by %s', (shell) => {
  let machine: ScratchHost;
  beforeEach(() => {
    machine = new ScratchHost({ shell });
    machine.file('proc/self/comm', 'sh\n');
  });
  afterEach(() => machine.remove());

  function runs(pid: number, name: string, ...words: readonly string[]): void {
    machine.file(`proc/${pid}/comm`, `${name}\n`);
    machine.file(`proc/${pid}/cmdline`, words.map((word) => `${word}\0`).join(''));
  }

  const ask = async (): Promise<string> => (await machine.run('askMachine')).stdout;

  it('is quiet when nothing serves the store', async () => {
    runs(1, 'systemd', '/run/current-system/systemd/lib/systemd/systemd');
    runs(2, 'kthreadd');
    runs(300, 'nix-daemon', 'nix-daemon', '--daemon');
    runs(301, 'sh', '/bin/sh', '/var/lib/amazon/ssm/_script.sh');
    runs(302, 'bash', 'bash', '-c', 'grep nix-store --serve');
    expect(await ask()).toBe('v1 0 -\n');
  });

  it.each([
    ['the queue runner’s connection', 'nix-store', ['nix-store', '--serve', '--write']],
    ['a forced command', 'nix-store', ['/nix/store/abc-nix-2.30/bin/nix-store', '--serve', '--write']],
    ['a wrapped program', '.nix-store-wrap', ['/nix/store/abc/bin/.nix-store-wrapped', '--serve']],
    ['a connection by ssh-ng', 'nix-daemon', ['nix-daemon', '--stdio']],
    ['the new command line', 'nix', ['nix', 'daemon', '--stdio']],
    ['a script of that name', 'nix-store', ['/bin/sh', '/usr/bin/nix-store', '--serve', '--write']],
  ])('counts %s', async (_, name, words) => {
    runs(7, name, ...words);
    runs(8, name, ...words);
    expect(await ask()).toBe('v1 2 -\n');
  });

  it('bears processes that end while it looks', async () => {
    machine.file('proc/9/cmdline', '');
    runs(10, 'nix-store', 'nix-store', '--serve', '--write');
    machine.file('proc/11/comm', 'nix-store\n');
    expect(await machine.run('askMachine')).toEqual({ exitCode: 0, stdout: 'v1 1 -\n', stderr: '' });
  });

  it('tells the first line of its public host key', async () => {
    machine.file('etc/ssh/ssh_host_ed25519_key.pub', `${KEY}\nsecond line\n`);
    const [, , key = ''] = (await ask()).trim().split(' ');
    expect(Buffer.from(key, 'base64').toString('utf8')).toBe(`${KEY}\n`);
  });

  it('claims no quiet where processes cannot be seen', async () => {
    machine.remove();
    machine = new ScratchHost({ shell });
    expect(await ask()).toBe('v1 - -\n');
  });

  it.runIf(process.platform === 'linux')('reads what a real Linux shows of a process', async () => {
    machine.program('nix-store', 'read -r line');
    const child = spawn(machine.path('usr/bin/nix-store'), ['--serve', '--write'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    symlinkSync(`/proc/${child.pid}`, machine.path(`proc/${child.pid}`));
    const whileServing = await ask();
    child.stdin?.end();
    await once(child, 'exit');
    expect([whileServing, await ask()]).toEqual(['v1 1 -\n', 'v1 0 -\n']);
  });
});
