import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutComments } from '../../infra/user-data-text.ts';
import { DebianHost, LOCAL, MACHINES, UNIT } from './debian.ts';
import { infraFile } from './nixos.ts';

const DROP_IN = `etc/systemd/system/${UNIT}.d/zz-hydra-autoscaler.conf`;

let host: DebianHost;
beforeEach(() => {
  host = new DebianHost();
});
afterEach(() => {
  host.remove();
});

const done = async (...words: readonly string[]) => {
  const result = await host.setUp(...words);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
};

/** Refused before anything was done. */
async function refused(says: RegExp, code = 65): Promise<void> {
  expect(await host.setUp()).toMatchObject({ code, stderr: expect.stringMatching(says) as string });
  expect([host.has(DROP_IN), host.has(LOCAL), host.has('var/lib/hydra/provisioner')]).toEqual([
    false,
    false,
    false,
  ]);
  expect(host.calls.filter((call) => /^(curl|dpkg|systemctl enable)/.test(call))).toEqual([]);
}

describe('a Debian host that named no file', () => {
  it('goes on building with the slots and features it had, and has the SSM agent of its architecture', async () => {
    const stdout = await done();
    expect(await host.told()).toEqual([LOCAL, MACHINES]);
    expect(host.read(LOCAL)).toBe('localhost x86_64-linux,i686-linux - 4 1 benchmark,kvm - -\n');
    expect(host.calls.find((call) => call.startsWith('curl'))).toContain(
      '/debian_amd64/amazon-ssm-agent.deb',
    );
    expect(host.calls.join('\n')).not.toContain('restart');
    expect(stdout).toContain(`systemctl restart ${UNIT}`);
    // Nix itself would take a file there for builders of its own.
    expect(host.has('etc/nix/machines')).toBe(false);
  });

  it.each(['Environment=NIX_REMOTE_SYSTEMS=', 'Environment=NIX_REMOTE_SYSTEMS=:'])(
    'nor any by %s',
    async (line) => {
      host.unit(line);
      host.write('etc/nix/machines', 'mine x86_64-linux\n');
      await done();
      expect(await host.told()).toEqual([LOCAL, MACHINES]);
    },
  );

  it('asks Nix as the user of the queue runner', async () => {
    host.unit('User=daemon');
    await done();
    expect(host.calls.find((call) => call.startsWith('runuser'))).toMatch(
      /^runuser -u daemon -- env HOME=\S+ sh -s$/,
    );
  });

  it('is refused where Nix does not answer, and told where there is none', async () => {
    host.program('nix', 'exit 1');
    await refused(/Nix does not say what this host builds/);
  });

  it.each([
    ['aarch64', 'aarch64-linux', 'arm64'],
    ['armv7l', 'armv7l-linux', 'arm'],
    ['armv6l', 'armv6l-linux', 'arm'],
    ['i686', 'i686-linux', '386'],
  ])('is listed by Nix’s name of its processor where no Nix says so: %s', async (cpu, system, agent) => {
    host.program('uname', `echo ${cpu}`);
    host.withoutNix();
    const { code, stderr } = await host.setUp();
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("has Nix's defaults: look at it") as string,
    });
    expect(host.read(LOCAL)).toBe(`localhost ${system} - 1 1 benchmark,big-parallel,nixos-test - -\n`);
    expect(host.calls.find((call) => call.startsWith('curl'))).toContain(`/debian_${agent}/`);
  });
});

describe('a Debian host that named files', () => {
  it.each<[string, string, Record<string, string>, readonly string[]]>([
    ['in the unit', 'Environment=A=b NIX_REMOTE_SYSTEMS=/etc/a:/srv/b%%c C=d', {}, ['/etc/a', '/srv/b%c']],
    ['in a drop-in', 'User=hydra', { 'override.conf': 'Environment=NIX_REMOTE_SYSTEMS=/etc/a' }, ['/etc/a']],
    [
      'in a later drop-in',
      'Environment=NIX_REMOTE_SYSTEMS=/x',
      { 'z.conf': 'Environment=NIX_REMOTE_SYSTEMS=/etc/a' },
      ['/etc/a'],
    ],
    [
      'in a file of variables',
      'Environment=NIX_REMOTE_SYSTEMS=/x\nEnvironmentFile=-/etc/default/hydra',
      {},
      ['/srv/a', '/srv/b'],
    ],
    ['ours among them', `Environment=NIX_REMOTE_SYSTEMS=${MACHINES}:/etc/a`, {}, ['/etc/a']],
  ])('keeps them: %s', async (_, unit, dropIns, files) => {
    host.unit(unit, dropIns);
    host.write('etc/default/hydra', '# NIX_REMOTE_SYSTEMS=/no\nNIX_REMOTE_SYSTEMS="/srv/a:/srv/b"\n');
    await done();
    expect(await host.told()).toEqual([...files, MACHINES]);
    expect(host.has(LOCAL)).toBe(false);
    // Twice is once.
    const before = host.read(DROP_IN);
    await done();
    expect(host.read(DROP_IN)).toBe(before);
  });

  it('keeps Nix’s own, which the queue runner reads where nobody tells it of any', async () => {
    host.write('etc/nix/machines', 'mine x86_64-linux - 1 1 - - -\n');
    host.program('amazon-ssm-agent');
    await done();
    expect(await host.told()).toEqual(['/etc/nix/machines', MACHINES]);
    expect(host.read('etc/nix/machines')).toBe('mine x86_64-linux - 1 1 - - -\n');
    expect(host.calls.some((call) => call.startsWith('curl'))).toBe(false);
  });
});

describe('a queue runner that was told by somebody else', () => {
  const TOLD = { NIX_REMOTE_SYSTEMS: '/srv/machines', HOME: '/' };

  it.each([
    ['a program in between', {}, TOLD],
    ['a unit that was changed since', TOLD, undefined],
  ])('is left alone: %s', async (_, first, second) => {
    host.process(second ?? first, second === undefined ? undefined : first);
    await refused(
      /has NIX_REMOTE_SYSTEMS=\/srv\/machines, but hydra-queue-runner\.service would start it with ''/,
    );
  });

  it('is no other where it was started as its unit says, before us or with us', async () => {
    host.unit('Environment=NIX_REMOTE_SYSTEMS=/srv/machines');
    host.process(TOLD);
    await done();
    host.process({ NIX_REMOTE_SYSTEMS: `/srv/machines:${MACHINES}` });
    await done();
    expect(await host.told()).toEqual(['/srv/machines', MACHINES]);
  });

  it('keeps a line of this host that somebody has edited', async () => {
    await done();
    host.write(LOCAL, 'localhost x86_64-linux - 1 1 - - -\n');
    host.process({ NIX_REMOTE_SYSTEMS: `${LOCAL}:${MACHINES}` });
    await done();
    expect(host.read(LOCAL)).toBe('localhost x86_64-linux - 1 1 - - -\n');
    expect(await host.told()).toEqual([LOCAL, MACHINES]);
  });

  it.each([
    ['zzz.conf', 'Environment=NIX_REMOTE_SYSTEMS=/late'],
    ['zzz.conf', 'EnvironmentFile=/etc/default/late'],
  ])('is told, and nothing stays, where that has the last word: %s with %s', async (name, line) => {
    host.unit('User=hydra', { [name]: line });
    host.write('etc/default/late', 'NIX_REMOTE_SYSTEMS=/late\n');
    const { code, stderr } = await host.setUp();
    expect(code).toBe(65);
    expect(stderr).toMatch(
      /NIX_REMOTE_SYSTEMS stays '\/late', .*zzz\.conf.* Set it there: \/late:\/var\/lib\/hydra/s,
    );
    expect([host.has(DROP_IN), host.has('etc/hydra-autoscaler/environment')]).toEqual([false, false]);
    expect(await host.told()).toEqual(['/late']);
  });
});

describe('debian.sh', () => {
  it('makes what others read readable, whatever the umask', async () => {
    const script = readFileSync(infraFile('hydra-host/debian.sh'), 'utf8');
    host.unit('EnvironmentFile=/etc/default/hydra');
    host.write('etc/default/hydra', 'NIX_REMOTE_SYSTEMS=\n');
    expect(await host.run(`umask 077\nset -- eu-central-1\n${script}`)).toMatchObject({ code: 0 });
    for (const directory of [
      'var/lib/hydra',
      'var/lib/hydra/provisioner',
      'etc/hydra-autoscaler',
      `${DROP_IN}/..`,
    ])
      expect(`${directory} ${host.mode(directory)}`).toBe(`${directory} 755`);
    for (const file of [LOCAL, DROP_IN, 'etc/hydra-autoscaler/environment'])
      expect(`${file} ${host.mode(file)}`).toBe(`${file} 644`);
  });

  it('takes a unit without its suffix, and refuses one that is not there or no service', async () => {
    await done('eu-central-1', 'hydra-queue-runner');
    expect(await host.told()).toEqual([LOCAL, MACHINES]);
    for (const [unit, says, code] of [
      ['hydra', 'has no unit hydra.service (LoadState: not-found)', 65],
      ['hydra.timer', 'is no service', 2],
      ['../x', 'is no service', 2],
    ] as const)
      expect(await host.setUp('eu-central-1', unit)).toMatchObject({
        code,
        stderr: expect.stringContaining(says) as string,
      });
  });

  it('refuses what it does not know: a processor, a region, characters', async () => {
    host.program('uname', 'echo riscv64');
    await refused(/the processor riscv64 is not known here/);
    host.program('uname', 'echo x86_64');
    host.unit('Environment=NIX_REMOTE_SYSTEMS=/a$b');
    await refused(/characters that this script does not write: \/a\$b/);
    expect(await host.setUp('https://example.org')).toMatchObject({ code: 2 });
    expect(await host.run(readFileSync(infraFile('hydra-host/debian.sh'), 'utf8'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('usage:') as string,
    });
  });

  it('asks Nix by the very script that NixOS hosts ask it by', () => {
    const [, own] =
      /sh -s <<'END'\n(.*?)^END$/ms.exec(readFileSync(infraFile('hydra-host/debian.sh'), 'utf8')) ?? [];
    expect(own).toBe(withoutComments(readFileSync(infraFile('hydra-host/local-machine.sh'), 'utf8')));
  });
});
