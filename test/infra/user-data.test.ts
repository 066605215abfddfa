import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_USER_DATA_BYTES } from '../../infra/user-data-text.ts';
import { needs } from '../needs.ts';
import { BOTH, everything, nixosImage, QUEUE_RUNNER_KEY, render, unpacked } from './builder.ts';
import { ScratchRoot } from './scratch-root.ts';
import type { Json } from './synth.ts';

let root: ScratchRoot;
beforeEach(() => {
  root = new ScratchRoot();
  nixosImage(root);
});
afterEach(() => {
  root.remove();
});

describe('the scripts of a builder', () => {
  it('pass shellcheck, in parts and put together', (context) => {
    needs(context, 'shellcheck');
    const folder = join(import.meta.dirname, '../../infra/builders');
    const parts = readdirSync(folder).filter((file) => file.endsWith('.sh'));
    expect(parts.length).toBeGreaterThan(3);
    execFileSync('shellcheck', parts, { cwd: folder });
    // What is loaded at run time shellcheck cannot follow; the parts were checked with it.
    const options = ['-s', 'sh', '-e', 'SC1091,SC2154', '-'];
    const whole = render(everything, { sshUser: 'nix' }, BOTH);
    for (const input of [whole, `#!/bin/sh\n${unpacked(whole)}`])
      expect(spawnSync('shellcheck', options, { input, encoding: 'utf8' }).stdout).toBe('');
  });

  it('fit into user data with room to spare, and start as NixOS images know a script', () => {
    const text = render(everything, { sshUser: 'nix' }, BOTH);
    expect(text.startsWith('#!')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_USER_DATA_BYTES * 0.75);
  });

  it('are refused when they grow beyond what EC2 takes', () => {
    const long = Array.from({ length: 10 }, (_, n) => `https://${'a'.repeat(1200)}${n}.example.org`);
    expect(() => render({ substituters: long })).toThrow(/EC2 takes 16384/);
  });
});

describe('a machine after its first boot', () => {
  // NixOS runs user data by bash; the machine's own /bin/sh runs what it leaves behind.
  it.each(['/bin/bash', '/bin/sh'])(
    'serves its store to the queue runner’s key and nothing more, by %s',
    async (shell) => {
      const { code, stdout, stderr } = await root.run(render(), {}, shell);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'hydra-builder: ready\n', stderr: '' });
      expect(root.read('root/.ssh/authorized_keys')).toBe(
        `restrict,command="/run/current-system/sw/bin/nix-store --serve --write" ${QUEUE_RUNNER_KEY}
`,
      );
      expect(root.mode('root/.ssh/authorized_keys')).toBe('600');
      expect(root.mode('root/.ssh')).toBe('700');
    },
  );

  it('lets the queue runner in as another user and at another port, where its type says so', async () => {
    root.program('useradd');
    root.program('chown');
    root.program('getent', "echo 'nix:x:990:990::/home/nix:/bin/sh'");
    root.program('id', `[ "$1" != -u ] || exit 1; exec /usr/bin/id "$@"`);
    const { code, stderr } = await root.run(render({}, { sshUser: 'nix', sshPort: 2222 }));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(root.has('root/.ssh/authorized_keys')).toBe(false);
    expect(root.read('home/nix/.ssh/authorized_keys')).toContain(QUEUE_RUNNER_KEY);
    expect(root.read('etc/nix/nix.conf')).toContain('extra-trusted-users = nix\n');
    expect(root.calls).toEqual(
      expect.arrayContaining([
        'useradd --system --user-group --create-home --shell /bin/sh nix',
        'systemctl try-restart nix-daemon.service',
        'iptables -I PREROUTING -t nat -p tcp --dport 2222 -j REDIRECT --to-ports 22',
        `chown -R nix: ${root.path}/home/nix/.ssh`,
      ]),
    );
  });

  it('offers what its type offers, and kvm only if it has it', async () => {
    const type = {
      supportedFeatures: ['big-parallel', 'kvm'],
      maxJobs: 3,
      instanceTypes: ['c7i.metal-24xl'],
    };
    await root.run(render({}, type));
    expect(root.read('etc/nix/nix.conf').split('\n')).toEqual([
      '!include /etc/static/nix/nix.conf',
      'system-features = big-parallel',
      'cores = 3',
      'max-jobs = 3',
      'builders-use-substitutes = true',
      'substituters = https://cache.nixos.org',
      '',
    ]);
    expect(root.mode('etc/nix/nix.conf')).toBe('644');
    root.write('dev/kvm', '');
    await root.run(render({}, type));
    expect(root.read('etc/nix/nix.conf')).toContain('system-features = big-parallel kvm\n');
  });

  it('fetches from cache.nixos.org after its own substituters, once, unless it is told not to', async () => {
    const own = ['file:///nix-cache?trusted=1', 's3://mine?region=eu-central-1'];
    const substituters = async (settings: Record<string, Json>): Promise<string | undefined> => {
      expect((await root.run(render(settings))).code).toBe(0);
      return /^substituters = (.*)$/m.exec(root.read('etc/nix/nix.conf'))?.[1];
    };
    expect(await substituters({ substituters: own })).toBe(`${own.join(' ')} https://cache.nixos.org`);
    const first = ['https://cache.nixos.org', ...own];
    expect(await substituters({ substituters: first })).toBe(first.join(' '));
    expect(await substituters({ substituters: own, nixosCache: false })).toBe(own.join(' '));
  });

  it('has swap, hides its role from builds and runs the dead-man switch', async () => {
    await root.run(render());
    const swap = `${root.path}/var/hydra-builder.swap`;
    expect(root.calls).toEqual(
      expect.arrayContaining([
        `fallocate -l 4G ${swap}`,
        `mkswap ${swap}`,
        `swapon ${swap}`,
        'iptables -I OUTPUT -d 169.254.169.254 -m owner ! --uid-owner 0 -j REJECT',
        'ip6tables -C OUTPUT -d fd00:ec2::254 -m owner ! --uid-owner 0 -j REJECT',
        'systemctl daemon-reload',
        'systemctl start --no-block hydra-dead-man.timer',
      ]),
    );
    expect(root.read('run/systemd/system/hydra-dead-man.service')).toContain(
      '/run/hydra-autoscaler/dead-man',
    );
    expect(root.mode('run/hydra-autoscaler/base')).toBe('700');
  });

  it('comes out the same when it boots again', async () => {
    const script = render();
    await root.run(script);
    root.write('proc/swaps', `Filename\n${root.path}/var/hydra-builder.swap file 4\n`);
    const before = root.calls.length;
    const { code } = await root.run(script);
    expect(code).toBe(0);
    const again = root.calls.slice(before).map((call) => call.split(' ').slice(0, 2).join(' '));
    expect(again).toEqual([
      'iptables -C',
      'ip6tables -C',
      'setpriv --reuid=65534',
      'setpriv --reuid=65534',
      'systemctl daemon-reload',
      'systemctl start',
      'nproc',
    ]);
    expect(root.read('root/.ssh/authorized_keys').split('\n')).toHaveLength(2);
    expect(root.read('etc/nix/nix.conf').match(/!include/g)).toHaveLength(1);
  });

  it('keeps the configuration of an image that is not generated by NixOS', async () => {
    root.write('etc/nix/nix.conf', 'sandbox = relaxed\n');
    root.program('nix-store');
    const elsewhere = render();
    await root.run(`rm -r '${root.path}/etc/static'\n${elsewhere}`);
    await root.run(elsewhere);
    expect(root.read('etc/nix/nix.conf')).toContain('!include /etc/nix/nix.conf.image\n');
    expect(root.read('etc/nix/nix.conf.image')).toBe('sandbox = relaxed\n');
  });

  it('builds in memory or on its local disk where that is asked for', async () => {
    await root.run(render({ buildDirectory: 'memory' }));
    expect(root.calls).toContain(
      `mount -t tmpfs -o size=75%,mode=0755 tmpfs ${root.path}/nix/var/nix/builds`,
    );
    expect(root.read('etc/nix/nix.conf')).toContain('build-dir = /nix/var/nix/builds\n');
    const disk = `${root.path}/dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_AWS1`;
    root.write('dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_AWS1', '');
    root.program('mount', `[ -e '${root.path}/formatted' ]`);
    root.program('mkfs.ext4', `: >'${root.path}/formatted'`);
    await root.run(render({ buildDirectory: 'instance-store' }, { instanceTypes: ['c6id.large'] }));
    expect(root.calls).toContain(`mkfs.ext4 -q -E nodiscard ${disk}`);
    expect(root.calls.at(-1)).not.toBe(`mount ${disk}`);
    expect(root.read('etc/nix/nix.conf')).toContain('build-dir');
  });

  it('becomes reachable even if everything that is only useful fails, and says what did', async () => {
    for (const name of ['fallocate', 'iptables', 'ip6tables', 'systemctl', 'mount'])
      root.program(name, 'exit 1');
    root.program('setpriv', 'exit 0');
    const { code, stderr } = await root.run(render({ buildDirectory: 'memory' }));
    expect(code).toBe(0);
    expect(stderr.split('\n').filter((line) => line.startsWith('hydra-builder:'))).toHaveLength(5);
    expect(root.read('etc/nix/nix.conf')).not.toContain('build-dir');
    expect(root.has('root/.ssh/authorized_keys')).toBe(true);
  });

  it.each([
    ['its user', { sshUser: 'nix' }, 'useradd'],
    ['its port', { sshPort: 2222 }, 'iptables'],
  ])('stays unreachable if %s could not be set up', async (_, type, program) => {
    root.program('id', `[ "$1" != -u ] || exit 1; exec /usr/bin/id "$@"`);
    root.program(program, 'exit 1');
    const { code } = await root.run(render({}, type));
    expect(code).toBe(74);
    expect(root.has('root/.ssh/authorized_keys')).toBe(false);
  });

  it('stays unreachable if Nix could not be set up', async () => {
    root.program('mv', 'exit 1');
    const { code } = await root.run(render());
    expect(code).not.toBe(0);
    expect(root.has('root/.ssh/authorized_keys')).toBe(false);
  });
});
