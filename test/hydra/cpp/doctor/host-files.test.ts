import { describe, expect, it } from 'vitest';
import type { Config } from '../../../../lambdas/core/config/config.ts';
import { examineHost } from '../../../../lambdas/hydra/cpp/doctor/host.ts';
import type { Finding } from '../../../../lambdas/core/doctor/finding.ts';
import type {
  FileState,
  HostInspection,
  StaticSpeed,
} from '../../../../lambdas/hydra/cpp/doctor/inspection.ts';
import type { Observation } from '../../../../lambdas/core/model/index.ts';
import { makePlan } from '../../../../lambdas/core/plan/plan.ts';
import { cppLife } from '../../../../lambdas/hydra/cpp/life/life.ts';
import { LINUX, NOW, aConfig, aStatus, aType, anObservation, untrusted } from '../../../core/given.ts';

const KEY = '/var/lib/hydra/keys/builders';
const CONFIG = aConfig([aType(LINUX, { sshKey: KEY })]);
const OURS = CONFIG.host.machinesFile;

const WELL: HostInspection = {
  source: 'process',
  user: 'hydra-queue-runner',
  program: '/nix/store/ab8qgcyz9acmnlp9hkb3xj2vyi8rs5ph-hydra-0-unstable-2026-03-16/bin/hydra-queue-runner',
  told: 'files',
  files: [
    { path: '/etc/nix/machines', isOurs: false, state: 'readable' },
    { path: OURS, isOurs: true, state: 'readable' },
  ],
  staticMachines: { count: 3, systems: ['aarch64-linux'], refused: [] },
  directory: { state: 'writable', access: 'readable', freeKibibytes: 1_000_000 },
  sshKeys: [{ path: KEY, access: 'readable' }],
  unsupportedSeconds: 86_400,
  settingsFile: '/var/lib/hydra/hydra.conf',
};

const STATIC = { path: '/etc/nix/machines', isOurs: false, state: 'readable' } as const;

const stateOf = (state: FileState): Partial<HostInspection> => ({
  files: [{ ...STATIC, state }, ...WELL.files.slice(1)],
});

function examine(
  changes: Partial<HostInspection>,
  {
    config = CONFIG,
    queue = aStatus(),
    hasFile = false,
  }: { config?: Config; queue?: Observation['queue']; hasFile?: boolean } = {},
): readonly Finding[] {
  const file = { digest: 'f'.repeat(64), seen: { at: NOW, hostAt: NOW } };
  const observation = anObservation({ queue, ...(hasFile && { offer: file }) });
  const plan = makePlan(cppLife, config, observation, (n) => `new-${n}`);
  return examineHost({
    config,
    observation,
    plan,
    inspection: { ok: true, value: { ...WELL, ...changes } },
    prerequisites: new Map(),
    vcpuQuotas: new Map(),
  });
}

const of = (check: string, findings: readonly Finding[]): Finding | undefined =>
  findings.find((finding) => finding.check === check);

describe('what surrounds the queue runner', () => {
  it('is told where all is well', () => {
    const told = examine({}).map(({ check, health, says }) => `${health}: ${check}: ${says}`);
    expect(told).toEqual(
      expect.arrayContaining([
        'good: queue runner: hydra-0-unstable-2026-03-16 runs as hydra-queue-runner',
        `good: NIX_REMOTE_SYSTEMS: it lists ${OURS}`,
        'good: static machines: 3 in /etc/nix/machines',
        `good: SSH key: hydra-queue-runner can read ${KEY}`,
        'good: max_unsupported_time: a step that no machine supports waits 86400 s',
      ]),
    );
  });

  it.each([
    ['queue runner', { source: 'unit' as const }, 'doubtful', 'does not run', 'systemctl start'],
    [
      'NIX_REMOTE_SYSTEMS',
      { files: [STATIC] },
      'bad',
      'it lists /etc/nix/machines, and not',
      'buildMachinesFiles',
    ],
    [
      'NIX_REMOTE_SYSTEMS',
      { told: 'unset' as const, files: [STATIC] },
      'bad',
      'it is not set',
      'restart it when no build runs',
    ],
    [
      'NIX_REMOTE_SYSTEMS',
      { told: 'nothing' as const, files: [] },
      'bad',
      'set but empty, so the queue runner builds on its own host alone',
      'ssh://localhost',
    ],
    ['machines files', stateOf('unreadable'), 'bad', 'cannot read /etc/nix/machines: ', 'chmod a+r'],
    ['machines files', stateOf('directory'), 'bad', 'refuses all its files, ours too', 'Docker'],
    ['machines files', stateOf('dangling'), 'bad', 'a link to a file that is not there', 'mend the link'],
    ['machines files', stateOf('unknown'), 'doubtful', 'could not be tried', 'test -r'],
    [
      'machines files',
      { files: [{ path: OURS, isOurs: true, state: 'unreadable' as const }] },
      'bad',
      `cannot read ${OURS}`,
      'chmod a+r',
    ],
    [
      'static machines',
      {
        staticMachines: { count: 0, systems: [], refused: ['/etc/nix/machines: bad machine specification'] },
      },
      'bad',
      'bad machine specification: the queue runner then refuses all its files',
      'mend that line',
    ],
    [
      'static machines',
      { staticMachines: { count: 0, systems: [], refused: [], unread: ['/etc/nix/machines'] } },
      'doubtful',
      'too long',
      'every line',
    ],
    [
      'directory of the machines file',
      { directory: { state: 'missing' as const, access: 'missing' as const } },
      'bad',
      'does not exist',
      'systemd.tmpfiles.rules',
    ],
    [
      'directory of the machines file',
      { directory: { state: 'read-only' as const, access: 'readable' as const } },
      'bad',
      'nothing can be written',
      'host.machinesFile',
    ],
    [
      'directory of the machines file',
      { directory: { state: 'writable' as const, access: 'unreadable' as const } },
      'bad',
      'hydra-queue-runner may not look into',
      'chmod a+rx',
    ],
    [
      'directory of the machines file',
      { directory: { state: 'writable' as const, access: 'readable' as const, freeKibibytes: 12 } },
      'bad',
      '12 KiB are free',
      'make room',
    ],
    ['SSH key', { sshKeys: [{ path: KEY, access: 'unreadable' as const }] }, 'bad', 'cannot read', 'chown'],
    ['SSH key', { sshKeys: [{ path: KEY, access: 'missing' as const }] }, 'bad', 'is not there', 'sshKey'],
    [
      'SSH key',
      { sshKeys: [{ path: KEY, access: 'unknown' as const }] },
      'doubtful',
      'could not be tried',
      'test -r',
    ],
    ['max_unsupported_time', { unsupportedSeconds: 0 }, 'doubtful', 'at once', '1800'],
    ['max_unsupported_time', { unsupportedSeconds: 1799 }, 'doubtful', 'it is 1799 s', '1800'],
    ['max_unsupported_time', { unsupportedSeconds: 'unset' as const }, 'doubtful', 'not set', 'hydra.conf'],
    ['max_unsupported_time', { unsupportedSeconds: 'unknown' as const }, 'doubtful', 'not be read', '1800'],
    ['max_unsupported_time', { unsupportedSeconds: 24 }, 'doubtful', 'it is 24 s', '1800'],
    ['max_unsupported_time', { unsupportedSeconds: 'invalid' as const }, 'bad', 'ends at its start', '1800'],
  ])('is found wanting: %s %j', (check, changes, health, says, remedy) => {
    expect(of(check, examine(changes))).toMatchObject({
      health,
      says: expect.stringContaining(says) as unknown,
      remedy: expect.stringContaining(remedy) as unknown,
    });
  });

  it('needs a key of its own where types name none', () => {
    const config = aConfig([aType(LINUX)]);
    expect(of('SSH key', examine({ sshKeys: [] }, { config }))?.health).toBe('bad');
    const own = examine({ sshKeys: [], ownSshKey: '/home/hydra/.ssh/id_ed25519' }, { config });
    expect(of('SSH key', own)).toMatchObject({
      health: 'good',
      says: expect.stringContaining('/home/hydra/.ssh/id_ed25519') as unknown,
    });
  });

  it('is not guessed where no queue runner is to be seen', () => {
    const found = examine({ source: 'none' });
    expect(of('queue runner', found)?.health).toBe('doubtful');
    for (const check of ['NIX_REMOTE_SYSTEMS', 'SSH key', 'max_unsupported_time'])
      expect(of(check, found)).toBeUndefined();
  });

  it('has somebody for fetches, which only machines of the host’s own kind can do', () => {
    const queue = { ...aStatus(), hostSystem: 'aarch64-linux' };
    const alone = { staticMachines: { count: 3, systems: [LINUX], refused: [] } };
    expect(of('fetches', examine(alone, { queue }))?.health).toBe('doubtful');
    expect(of('fetches', examine({}, { queue }))).toBeUndefined();
    expect(of('fetches', examine(alone, { queue: { ...queue, hostSystem: LINUX } }))).toBeUndefined();
  });

  it('tells of static machines that come after ours since those are packed, and only of them', () => {
    const told = (speeds: readonly StaticSpeed[], config: Config = CONFIG): Finding | undefined =>
      of(
        'speed of static machines',
        examine({ staticMachines: { ...WELL.staticMachines, speeds } }, { config }),
      );
    const two = { address: 'old.example', systems: [LINUX], speedFactor: 2 };
    const packed = aConfig([aType(LINUX, { maxJobs: 4 })]);
    expect(told([two], packed)).toMatchObject({
      health: 'doubtful',
      says: expect.stringMatching(/^1 static machine .*old\.example \(2\).* up to 9 of ours/) as unknown,
      remedy: expect.stringMatching(/multiply their speed factors by 10 .*"spread"/) as unknown,
    });
    expect(told([{ ...two, speedFactor: 20 }], packed)?.health).toBe('good');
    expect(told([{ ...two, speedFactor: 0.5 }], packed)?.health).toBe('good');
    expect(told([{ ...two, systems: ['aarch64-linux'] }], packed)).toBeUndefined();
    expect(told([two], aConfig([aType(LINUX, { placement: 'spread' })]))).toBeUndefined();
  });

  it('names the file for which the queue runner refuses ours', () => {
    const queue = { ...aStatus(), machines: new Map() };
    const remedy = (changes: Partial<HostInspection>) =>
      of('machines file', examine(changes, { queue, hasFile: true }))?.remedy;
    expect(remedy(stateOf('directory'))).toContain('/etc/nix/machines is a directory');
    const refused = ['/etc/nix/machines: failed to convert column #3'];
    expect(remedy({ staticMachines: { count: 0, systems: [], refused } })).toContain('column #3');
    expect(remedy({})).toContain('queue runner’s log');
  });

  it('is silent where the host cannot be asked at all, and says so where only this failed', () => {
    const unasked = (queue: Observation['queue']): readonly Finding[] => {
      const observation = anObservation({ queue });
      const plan = makePlan(cppLife, CONFIG, observation, (n) => `new-${n}`);
      const inspection = { ok: false, problem: { says: 'the script failed' } } as const;
      const nothing = { prerequisites: new Map(), vcpuQuotas: new Map() };
      return examineHost({ config: CONFIG, observation, plan, inspection, ...nothing });
    };
    expect(unasked(untrusted()).map(({ check }) => check)).toEqual(['Hydra host over SSM', 'queue status']);
    expect(of('queue runner’s files', unasked(aStatus()))?.says).toContain('the script failed');
  });
});
