import { readdirSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inBase64 } from '../../../lambdas/hydra/documents.ts';
import { realProgram, ScratchHost, SHELLS } from '../../fakes/scratch-host.ts';
import { needs } from '../../needs.ts';
import { observe } from './observing.ts';

const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKTzQCl4mKjSnMGuJoxzSjDKPJVKQzFzeqTzVe4Qe3Qu';
const probe = (
  number: number,
  address: string,
  { key = '-', hostKey = HOST_KEY, port = 22, user = 'root' } = {},
): string => `i-${String(number).padStart(8, '0')} ${address} ${port} ${user} ${key} ${inBase64(hostKey)}`;

/** Says the server’s part of Nix’s serve protocol, and remembers how it was called. */
const SERVING_SSH = `
  printf '%s\\n' "$*" >>"$TMPDIR/../calls"
  for word; do case $word in UserKnownHostsFile=*) cat "\${word#*=}" >>"$TMPDIR/../known" ;; esac; done
  cat >/dev/null
  printf '\\313\\356\\122\\124\\000\\000\\000\\000\\007\\002\\000\\000\\000\\000\\000\\000'`;

describe.each(SHELLS)('a probe, run by %s', (shell) => {
  let host: ScratchHost;
  beforeEach(() => {
    host = new ScratchHost({ shell });
    host.program('hydra-queue-runner', 'echo {}');
  });
  afterEach(() => host.remove());

  it('reaches a machine whose Nix store answers, with the host key pinned', async () => {
    host.program('ssh', SERVING_SSH);
    const { probes } = await observe(host, { probes: [probe(1, '10.0.0.5', { key: '/var/lib/hydra/key' })] });
    expect(probes).toEqual([{ instanceId: 'i-00000001', reached: true, detail: '' }]);
    expect(host.read('known')).toBe(`10.0.0.5 ${HOST_KEY}\n`);
    const call = host.read('calls').trim();
    expect(call).toMatch(/^-x -a -o BatchMode=yes -o ConnectTimeout=8 -o StrictHostKeyChecking=yes /);
    expect(call).toMatch(/ -i \/var\/lib\/hydra\/key -l root 10\.0\.0\.5 nix-store --serve --write$/);
  });

  it('goes to the port and the user of the type, under the name that ssh knows that port’s key by', async () => {
    host.program('ssh', SERVING_SSH);
    const { probes } = await observe(host, { probes: [probe(1, '10.0.0.5', { port: 2222, user: 'nix' })] });
    expect(probes).toEqual([{ instanceId: 'i-00000001', reached: true, detail: '' }]);
    expect(host.read('known')).toBe(`[10.0.0.5]:2222 ${HOST_KEY}\n`);
    expect(host.read('calls').trim()).toMatch(/ -p 2222 -l nix 10\.0\.0\.5 nix-store --serve --write$/);
  });

  describe('is made as the queue runner would', () => {
    function runnerHas(variables: Readonly<Record<string, string>>): void {
      host.tools('readlink', 'sed');
      host.file('proc/77/cmdline', 'hydra-queue-runner\0-v\0');
      const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}\0`);
      host.file('proc/77/environ', environment.join(''));
    }

    it('by its user, with its PATH, agent and options', async () => {
      host.program('ssh', 'exit 3');
      host.program('runuser', `echo "$*" >>"$TMPDIR/../calls"; shift 3; exec "$@"`);
      host.program(
        'id',
        `case $* in '-un 0' | '-un '[0-9]*) echo hydra-queue-runner ;; *) echo root ;; esac`,
      );
      runnerHas({
        PATH: '/its/bin',
        HOME: '/its/home',
        SSH_AUTH_SOCK: '/its/agent',
        NIX_SSHOPTS: '-o ServerAliveInterval=20 -F /its/config *',
      });
      await observe(host, { probes: [probe(1, '10.0.0.5')], user: 'hydra-www' });
      const call =
        host
          .read('calls')
          .split('\n')
          .find((line) => line.includes(' ssh ')) ?? '';
      expect(call).toMatch(/^-u hydra-queue-runner -- env PATH=\/its\/bin:/);
      expect(call).toContain(' HOME=/its/home SSH_AUTH_SOCK=/its/agent ssh -x -a -o BatchMode=yes ');
      expect(call).toContain(' -o ServerAliveInterval=20 -F /its/config * -l root 10.0.0.5 nix-store');
    });

    it('in its container, where it can read the host keys as well', async () => {
      host.program('ssh', SERVING_SSH.replaceAll('"${word#*=}"', '"$TMPDIR/../inside${word#*=}"'));
      host.program(
        'nsenter',
        `echo "$*" >>"$TMPDIR/../calls"; while [ "$1" != -- ]; do shift; done; shift; exec "$@"`,
      );
      host.file('inside/tmp/.keep', '');
      runnerHas({});
      symlinkSync(host.path('inside'), host.path('proc/77/root'));
      const { probes } = await observe(host, { probes: [probe(1, '10.0.0.5')] });
      expect(probes).toEqual([{ instanceId: 'i-00000001', reached: true, detail: '' }]);
      expect(host.read('known')).toBe(`10.0.0.5 ${HOST_KEY}\n`);
      expect(host.read('calls')).toMatch(/^-t 77 -m -n -S \d+ -G \d+ -- env PATH=/);
      expect(readdirSync(host.path('inside/tmp'))).toEqual(['.keep']);
    });

    it('as whoever runs the status command, where there is no queue runner to be seen', async () => {
      host.program('ssh', 'exit 3');
      host.tools('sed');
      host.program('runuser', `echo "$*" >>"$TMPDIR/../calls"; shift 3; exec "$@"`);
      host.program('id', `case $* in -un) echo root ;; *) echo 0 ;; esac`);
      await observe(host, { probes: [probe(1, '10.0.0.5')], user: 'hydra' });
      expect(host.read('calls')).toMatch(/^-u hydra -- env .* ssh -x/m);
    });
  });

  it.each(['-oProxyCommand=reboot', '10.0.0.5;reboot', '$(reboot)'])(
    'is not made for an address or a user like %s',
    async (odd) => {
      host.program('ssh', SERVING_SSH);
      const { probes } = await observe(host, {
        probes: [probe(1, odd), probe(2, '10.0.0.5', { user: odd })],
      });
      expect(probes.map(({ detail }) => detail)).toEqual(Array(2).fill('no address, user or port'));
      expect(host.exists('calls')).toBe(false);
    },
  );

  it('says the client’s hello byte for byte', async () => {
    host.program('ssh', `od -An -tx1 | tr -d ' \\n' >&2; echo >&2; exit 1`);
    const { probes } = await observe(host, { probes: [probe(1, '10.0.0.5')] });
    expect(probes[0]?.detail).toBe('eb9d0c39000000000502000000000000');
  });

  it('is understood by a real nix-store', async (context) => {
    needs(context, 'nix-store');
    host.program('ssh', `while [ "$1" != nix-store ]; do shift; done; PATH=${process.env['PATH']} exec "$@"`);
    const { probes } = await observe(host, { probes: [probe(1, '10.0.0.5')] });
    expect(probes).toEqual([{ instanceId: 'i-00000001', reached: true, detail: '' }]);
  });

  it.each([
    [
      'ssh’s last words',
      `echo 'Warning: x' >&2; echo 'ssh: connect to host 10.0.0.5 port 22: Connection refused' >&2; exit 255`,
      'ssh: connect to host 10.0.0.5 port 22: Connection refused',
    ],
    ['only printable characters', `printf 'a\\033[31mb\\r\\n' >&2; exit 255`, 'a[31mb'],
    ['no more than 200 characters', 'head -c 5000 /dev/zero | tr "\\0" x >&2; exit 255', 'x'.repeat(200)],
    [
      'that there is no Nix there',
      `echo 'bash: nix-store: command not found' >&2; exit 127`,
      'bash: nix-store: command not found',
    ],
    [
      'that something else answered',
      'echo Welcome to this machine',
      'something answered that is not a Nix store',
    ],
    ['that nothing was said', 'exit 0', 'something answered that is not a Nix store'],
  ])('that fails tells %s', async (_, ssh, detail) => {
    host.program('ssh', ssh);
    const { probes } = await observe(host, { probes: [probe(1, '10.0.0.5')] });
    expect(probes).toEqual([{ instanceId: 'i-00000001', reached: false, detail }]);
  });

  it.each([
    ['timeout', []],
    ['a watchdog of its own', ['timeout']],
  ])('that hangs is ended by %s and spoils no other', async (_, without) => {
    host.remove();
    host = new ScratchHost({ shell, without });
    host.program('hydra-queue-runner', 'echo {}');
    // Time is up as soon as the other machine has answered.
    const passing = `until [ -e "$TMPDIR/../served" ]; do ${realProgram('sleep')} 0.05; done`;
    if (without.length > 0) host.program('sleep', passing);
    else
      host.program('timeout', `shift 3; case $* in *10.0.0.1\\ *) ${passing}; exit 124 ;; esac; exec "$@"`);
    const hang = `case $* in *10.0.0.1\\ *) exec ${realProgram('sleep')} 60 ;; esac`;
    host.program('ssh', `${hang}${SERVING_SSH}\n: >"$TMPDIR/../served"`);
    const { probes } = await observe(host, { probes: [probe(1, '10.0.0.1'), probe(2, '10.0.0.2')] });
    expect(probes).toEqual([
      { instanceId: 'i-00000001', reached: false, detail: 'no answer within 12 s' },
      { instanceId: 'i-00000002', reached: true, detail: '' },
    ]);
  });

  it('never lets a host key bring a second line', async () => {
    host.program('ssh', SERVING_SSH);
    await observe(host, { probes: [probe(1, '10.0.0.5', { hostKey: `${HOST_KEY}\n* ssh-ed25519 AAAA` })] });
    expect(host.read('known')).toBe(`10.0.0.5 ${HOST_KEY}\n`);
  });

  it('is carried out for fifty machines at once, and all results fit into the answer', async () => {
    host.program('ssh', 'head -c 300 /dev/zero | tr "\\0" x >&2; exit 255');
    const fifty = Array.from({ length: 50 }, (_, index) => probe(index, `10.0.0.${index}`));
    const { probes, payload } = await observe(host, { probes: fifty });
    expect(probes.filter(({ detail }) => detail === 'x'.repeat(200))).toHaveLength(50);
    expect(payload.text).toHaveLength(payload.length);
  });
});
