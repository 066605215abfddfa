import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeInspection } from '../../../../lambdas/hydra/cpp/doctor/decode-inspection.ts';
import { HydraHostBench } from '../hydra-host-bench.ts';

let bench: HydraHostBench;
beforeEach(async () => {
  bench = await HydraHostBench.start();
  bench.machine.tools('df', 'readlink', 'sed', 'test');
});
afterEach(() => bench.stop());

describe('an inspection of the Hydra host', () => {
  it('comes by one command and tells of the files, settings and keys there', async () => {
    const settings = bench.machine.file('hydra.conf', 'max_unsupported_time = 3600\n');
    const file = bench.machine.path('var/lib/hydra/provisioner/machines');
    bench.machine.file('proc/5/cmdline', 'hydra-queue-runner\0-v\0');
    bench.machine.file('proc/5/environ', `HYDRA_CONFIG=${settings}\0NIX_REMOTE_SYSTEMS=${file}\0`);
    const host = bench.hostWith({ sshKeys: ['/no/such key', settings] });
    expect(await host.inspection()).toMatchObject({
      value: {
        source: 'process',
        files: [{ path: file, isOurs: true }],
        sshKeys: [
          { path: '/no/such key', access: 'missing' },
          { path: settings, access: 'readable' },
        ],
        unsupportedSeconds: 3600,
      },
    });
    expect(bench.sent).toEqual(['inspect']);
  });

  it('says why there is none, and never throws', async () => {
    bench.machine.program('mktemp', 'exit 1');
    expect(await bench.host.inspection()).toEqual({
      ok: false,
      problem: { outcome: 'failed', says: expect.stringContaining('cannot write in') as unknown },
    });
  });
});

const text = (words: string): string => Buffer.from(words).toString('base64');
const packed = (words: string): string => gzipSync(words).toString('base64');
const ANSWER = [
  'hydra-autoscaler 1 inspect',
  `runner unit ${text('hydra')} `,
  'told files',
  `reads ${text('/etc/nix/machines')}`,
  `file no readable ${text('/etc/nix/machines')} ${packed('localhost x86_64-linux,builtin\n')}`,
  'directory read-only unreadable 12',
  `key unknown ${text('/key')}`,
  `own-key ${text('/home/.ssh/id_rsa')}`,
  `settings yes ${text('/hydra.conf')} ${text('max_unsupported_time = 24h # a day\n')}`,
  'end',
];

describe('the answer of an inspection', () => {
  it('is taken apart', () => {
    expect(decodeInspection(`${ANSWER.join('\n')}\n`)).toEqual({
      ok: true,
      value: {
        source: 'unit',
        user: 'hydra',
        told: 'files',
        files: [{ path: '/etc/nix/machines', isOurs: false, state: 'readable' }],
        staticMachines: {
          count: 1,
          systems: ['builtin', 'x86_64-linux'],
          refused: [],
          speeds: [{ address: 'localhost', systems: ['builtin', 'x86_64-linux'], speedFactor: 1 }],
        },
        directory: { state: 'read-only', access: 'unreadable', freeKibibytes: 12 },
        sshKeys: [{ path: '/key', access: 'unknown' }],
        ownSshKey: '/home/.ssh/id_rsa',
        unsupportedSeconds: 24,
        settingsFile: '/hydra.conf',
      },
    });
  });
  it.each(ANSWER.map((_, index) => index).filter((index) => ![3, 4, 6, 7].includes(index)))(
    'is refused without line %i',
    (index) => {
      expect(decodeInspection(ANSWER.toSpliced(index, 1).join('\n')).ok).toBe(false);
    },
  );
  it.each([
    [1, 'runner unit'],
    [1, `runner perhaps ${text('hydra')} `],
    [2, 'told files files'],
    [2, 'told perhaps'],
    [3, `reads ${text('/a\n/b')}`],
    [3, 'reads /a'],
    [4, `file no fine ${text('/a')} -`],
    [4, `file no readable ${text('/a')} ${text('not gzip')}`],
    [5, 'directory read-only unreadable 9999999999999999'],
    [6, `key ${text('/key')}`],
    [7, 'something else'],
    [8, `settings perhaps ${text('/hydra.conf')} `],
  ])('is refused with line %i as %j', (index, line) => {
    expect(decodeInspection(ANSWER.with(index, line).join('\n')).ok).toBe(false);
  });
});
