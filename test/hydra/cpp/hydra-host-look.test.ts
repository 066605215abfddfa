import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { distrust, HOST_KEY, HYDRA, HydraHostBench, probeOf, trying } from './hydra-host-bench.ts';

const CAPTURE = readFileSync(
  new URL('../../fixtures/hydra-status/running-3-machines.json', import.meta.url),
  'utf8',
);
const CAPTURED_AT = /"time":(\d+)/.exec(CAPTURE)?.[1] ?? '';
/** The capture, of a runner that started long ago. */
const STATUS = CAPTURE.replace(/"uptime":\d+/, '"uptime":3600');

let bench: HydraHostBench;
beforeEach(async () => {
  bench = await HydraHostBench.start();
});
afterEach(() => bench.stop());

function longStatus(): string {
  const machines = Array.from({ length: 3000 }, (_, index) => {
    const noise = createHash('sha256').update(String(index)).digest('hex');
    return [`ssh://root@${noise}`, { enabled: true, currentJobs: index % 3 }];
  });
  return JSON.stringify({ ...JSON.parse(STATUS), machines: Object.fromEntries(machines) });
}

describe('a look at the Hydra host', () => {
  it('sees queue, machines file and waiting machines in one command', async () => {
    bench.machine.program('date', `echo ${CAPTURED_AT}`);
    bench.machine.program(
      'ssh',
      `case $* in *\\ 10.0.0.1\\ *) printf '\\313\\356\\122\\124' ;; *) echo no >&2; exit 255 ;; esac`,
    );
    bench.runnerPrints(STATUS);
    bench.file = '# Written by hydra-autoscaler.\n';
    const view = await bench.host.look(trying(probeOf(1), probeOf(2)));
    expect(view.queue).toMatchObject({
      trusted: true,
      at: Number(CAPTURED_AT),
      hostSystem: expect.any(String),
    });
    expect(view.offer).toEqual({
      digest: createHash('sha256').update(bench.file).digest('hex'),
      seen: { at: bench.clock.now(), hostAt: Number(CAPTURED_AT) },
    });
    expect(view.readiness).toEqual([
      { instanceId: 'i-00000001', reached: true, detail: '' },
      { instanceId: 'i-00000002', reached: false, detail: 'no' },
    ]);
    expect(bench.sent).toEqual(['observe']);
  });

  it('passes command, user and environment on', async () => {
    bench.machine.program('runuser', 'shift 3; exec "$@"');
    bench.machine.program('id', 'echo root');
    bench.machine.program('show', `printf '{"status":"%s %s %s"}' "$1" "$LOGNAME" "$HYDRA_DBI" >&2; exit 3`);
    const host = bench.hostWith({
      statusCommand: ['show', 'a  b'],
      user: 'hydra',
      environment: { HYDRA_DBI: 'dbi:Pg:dbname=x;' },
    });
    expect(distrust((await host.look(trying())).queue)).toContain(
      'a b hydra dbi:Pg:dbname=x;'.replace(' ', '  '),
    );
  });

  it('brings a long status over in parts', async () => {
    bench.machine.program('date', `echo ${CAPTURED_AT}`);
    bench.runnerPrints(longStatus());
    const { queue } = await bench.host.look(trying());
    expect(queue.trusted && queue.machines.size).toBe(3000);
    expect(bench.sent.filter((name) => name === 'fetch').length).toBeGreaterThan(1);
  });

  it('has no machines file where there is none', async () => {
    expect(await bench.host.look(trying())).not.toHaveProperty('file');
  });

  it('is the same when the agent gets the command twice', async () => {
    bench.ssm.deliverTwice = true;
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(/^down: /);
  });
});

describe('a look that fails', () => {
  it.each([
    ['InvalidInstanceId', 'unreachable: the SSM agent on i-0aaaaaaaaaaaaaaaa is not reachable'],
    ['AccessDeniedException', 'unreachable: the function may not run'],
    ['InvalidDocument', 'unreachable: there is no SSM document stack-observe'],
  ])('because of %s is no status', async (code, reason) => {
    bench.ssm.failNext('SendCommand', { code });
    const view = await bench.host.look(trying(probeOf(1)));
    expect(distrust(view.queue)).toContain(reason);
    expect(view).toEqual({ queue: view.queue, readiness: [] });
  });

  it('because the agent is off is no status', async () => {
    bench.ssm.node(HYDRA);
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(/^unreachable: .*SSM agent/);
  });

  it.each([
    ['ExecutionTimedOut', /^failed: .*killed/],
    ['InProgress', /^unreachable: .*no result/],
  ])('because the command stays %s is no status', async (word, reason) => {
    bench.ssm.instead.set(HYDRA, word);
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(reason);
  });

  it('because SSM cannot be reached is no status', async () => {
    bench.ssm.failNext('SendCommand', 'lost');
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(/^unreachable: /);
  });

  it('because a tool is missing on the host says which', async () => {
    bench.machine.program('gzip', 'exit 1');
    bench.machine.program('base64', `case \${1:-} in -*) exec /usr/bin/base64 "$@" ;; *) exit 1 ;; esac`);
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(/^failed: .*needs gzip and base64/);
  });

  it('because the status command fails is judged by its exit code, whatever it printed', async () => {
    bench.machine.program('date', `echo ${CAPTURED_AT}`);
    bench.runnerPrints(STATUS);
    const script = bench.machine.read('usr/bin/hydra-queue-runner').replace('#!/bin/sh\nexec ', '');
    bench.machine.program(
      'hydra-queue-runner',
      `${script}\necho 'error: queue runner did not respond' >&2; exit 1`,
    );
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(/^stale: .*did not respond/);
  });

  const packed = (bytes: Buffer): string => {
    const text = gzipSync(bytes).toString('base64');
    return `payload ${createHash('sha256').update(text).digest('hex')} ${text.length}\n${text}\n`;
  };
  it.each<[string, (stdout: string) => string]>([
    ['nothing', () => ''],
    ['half of it', (stdout) => stdout.slice(0, 200)],
    ['all but the last character', (stdout) => stdout.trimEnd().slice(0, -1)],
    ['a cut with SSM’s mark', (stdout) => `${stdout.slice(0, -20)}\n--output truncated--`],
    [
      'another status',
      (stdout) => stdout.replace(/H4s.*/, 'H4sIAAAAAAAAA6tWKi5JLClWslJKyS/PU6oFADbNlvQRAAAA'),
    ],
    [
      'a status that unpacks to gigabytes',
      (stdout) => stdout.replace(/payload [^]*/, packed(Buffer.alloc(65 << 20))),
    ],
    ['something else', () => 'Welcome to NixOS!\n'],
  ])('because %s arrived is no status', async (_, mangle) => {
    bench.ssm.mangle = mangle;
    const view = await bench.host.look(trying());
    expect(distrust(view.queue)).toMatch(/^unreadable: /);
  });

  it('because a part of a long status is missing is no status', async () => {
    bench.runnerPrints(longStatus());
    bench.machine.program('tail', 'case $2 in +*) exit 1 ;; esac; exec /usr/bin/tail "$@"');
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(/^unreadable: .*part/);
  });

  it('because its snapshot went away is no status', async () => {
    bench.runnerPrints(longStatus());
    bench.machine.program('cp', 'case $2 in */projected) exec /usr/bin/cp "$@" ;; esac; : >"$2"');
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(/^unreadable: .*gone/);
  });

  it('because the status is endless is no status, and the parts stop', async () => {
    bench.ssm.mangle = (stdout) => stdout.replace(/(payload \w+) \d+/, '$1 99999999');
    expect(distrust((await bench.host.look(trying())).queue)).toMatch(/^unreadable: /);
    expect(bench.sent.length).toBeLessThan(25);
  });

  it('never throws, whatever comes back', async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constant('hydra-autoscaler 1 observe\nexit 0\n'),
    );
    const { ssm, host } = bench;
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        ssm.mangle = () => text;
        expect((await host.look(trying(probeOf(1)))).queue.trusted).toBe(false);
      }),
      { numRuns: 15 },
    );
  });
});

describe('the machines to reach', () => {
  it('are fifty at most in one look', async () => {
    bench.machine.program('ssh', 'exit 255');
    const { readiness: probes } = await bench.host.look(
      trying(...Array.from({ length: 60 }, (_, index) => probeOf(index))),
    );
    expect(new Set(probes.map(({ instanceId }) => instanceId)).size).toBe(50);
  });

  it('are no others than those asked for', async () => {
    bench.ssm.mangle = (stdout) => stdout.replace('payload', 'probe i-0ffffffff reached\npayload');
    expect((await bench.host.look(trying())).readiness).toEqual([]);
  });

  it('that cannot be asked for are told, and spoil no other', async () => {
    bench.machine.program('ssh', `printf '\\313\\356\\122\\124'`);
    const { readiness: probes } = await bench.host.look(
      trying(
        { ...probeOf(1), address: '-oProxyCommand=reboot' },
        { ...probeOf(2), hostKey: `${HOST_KEY}\n* ssh-ed25519 AAAA` },
        { ...probeOf(3), sshKey: '/key with spaces' },
        { ...probeOf(4), instanceId: 'i-1 x' },
        { ...probeOf(5), sshKey: '/var/lib/hydra/key' },
      ),
    );
    expect(probes.map(({ instanceId, reached }) => [instanceId, reached])).toEqual([
      ['i-00000001', false],
      ['i-00000002', false],
      ['i-00000003', false],
      ['i-1 x', false],
      ['i-00000005', true],
    ]);
    expect(probes[0]?.detail).toContain('address');
  });
});
