/** What the doctor says of a host with the Rust queue runner. */
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Examined, Finding } from '../../../lambdas/core/doctor/finding.ts';
import type { QueueStatus } from '../../../lambdas/core/model/index.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import { examineRustHost } from '../../../lambdas/hydra/rust/doctor/host.ts';
import type { RustInspection } from '../../../lambdas/hydra/rust/doctor/inspection.ts';
import { rustLife } from '../../../lambdas/hydra/rust/life/life.ts';
import { readQueueStatus } from '../../../lambdas/hydra/rust/queue-status.ts';
import {
  LINUX,
  NOW,
  aConfig,
  aMachine,
  aType,
  anInstance,
  anObservation,
  lacking,
} from '../../core/given.ts';
import { answerOf } from './given.ts';

const statusOf = (name: string): QueueStatus => readQueueStatus(answerOf(name)).status;

const REACHABLE = { queueRunnerAddr: 'https://hydra.example.org' };

const WELL_SET_UP: RustInspection = {
  source: 'process',
  units: [],
  listens: { rest: ['[::1]:8080'], grpc: ['[::]:50051'] },
  settings: { path: '/etc/q.toml', access: 'readable', unsupportedSeconds: 86_400, dispatchSeconds: 5 },
  tokens: [{ path: '/run/keys/token', access: 'readable', isFilled: true }],
  tcpRetries: 8,
  web: { path: '/var/lib/hydra/hydra.conf', endpoint: 'http://[::1]:8080' },
  builders: new Map(),
};

function findings(
  queue: QueueStatus,
  host: Partial<Config['host']> = REACHABLE,
  inspected: Partial<RustInspection> = {},
  placement: MachineType['placement'] = 'pack',
): readonly Finding[] {
  const config = aConfig([aType(LINUX, { placement })]);
  const named = { ...config, host: { ...config.host, ...host } };
  const observation = {
    ...anObservation({
      queue,
      machines: [lacking(aMachine(), 'runner')],
      instances: [anInstance()],
      farm: { runner: { kind: 'rust', since: NOW - 600 }, backOffs: [] },
    }),
    runner: 'rust' as const,
  };
  const plan = makePlan(rustLife, named, observation, (n) => `new-${n}`);
  const examined: Examined = {
    ...{ config: named, observation, plan },
    prerequisites: new Map(),
    vcpuQuotas: new Map(),
  };
  return examineRustHost(examined, { ok: true, value: { ...WELL_SET_UP, ...inspected } });
}

const said = (check: string, ...args: Parameters<typeof findings>): string =>
  findings(...args)
    .filter((finding) => finding.check === check)
    .map(({ health, says, remedy = '' }) => `${health}: ${says}; ${remedy}`)
    .join('\n');

describe('the doctor', () => {
  it('says which queue runner answers, and since when it is known', () => {
    expect(said('queue status', statusOf('05-running-saturated'))).toMatch(
      /^good: .*the Rust queue runner, up for 3 min, and known here for 10 min/,
    );
  });

  it('says why it is not believed, with what to do', () => {
    const { says, remedy } = { says: 'it hangs', remedy: 'restart it' };
    const queue = { trusted: false, cause: 'down', says, remedy } as const;
    expect(said('queue status', queue)).toBe('bad: it hangs; restart it');
  });

  it('tells of steps that hang', () => {
    expect(said('queue runner', statusOf('18-unsupported-before-limit'))).toMatch(/^doubtful: 12 steps hang/);
  });

  it('misses the address that builders dial in at', () => {
    expect(said('host.queueRunnerAddr', statusOf('05-running-saturated'))).toContain('good');
    expect(said('host.queueRunnerAddr', statusOf('05-running-saturated'), {})).toMatch(
      /^bad: .*nothing is launched; set it, and deploy$/,
    );
  });

  it('tells that nothing is spread here, where somebody wants that', () => {
    const status = statusOf('05-running-saturated');
    expect(said('placement', status)).toBe('');
    expect(said('placement', status, REACHABLE, {}, 'spread')).toMatch(
      /^doubtful: .*whatever machineSortFn is: "spread" of x86_64-linux has no effect; leave it out/,
    );
  });

  it('counts builders that have dialled in, those of others, and machines of the former queue runner', () => {
    expect(said('builders', statusOf('15-copying-back-big-outputs'))).toMatch(
      /^good: 3 builders dialled in, 3 of them not ours; \ndoubtful: 1 machine of the C\+\+ queue runner there was is left/,
    );
  });
});

describe('of the settings of the queue runner the doctor says', () => {
  const status = statusOf('05-running-saturated');
  const { settings } = WELL_SET_UP;
  const told = (check: string, inspected: Partial<RustInspection>, host = REACHABLE): string =>
    said(check, status, host, inspected);

  it('nothing bad where all is well', () => {
    expect(findings(status).filter(({ health }) => health === 'bad')).toEqual([]);
  });

  it.each([
    [
      'maxUnsupportedTimeInS',
      { settings: { ...settings, unsupportedSeconds: 'unset' } },
      /^bad: .*120 s.*default/,
    ],
    ['maxUnsupportedTimeInS', { settings: { ...settings, unsupportedSeconds: 7200 } }, /^doubtful: .*7200 s/],
    [
      'dispatchTriggerTimerInS',
      { settings: { ...settings, dispatchSeconds: 'unset' } },
      /^doubtful: .*120 s/,
    ],
    ['dispatchTriggerTimerInS', { settings: { ...settings, dispatchSeconds: -1 } }, /^bad: /],
    [
      'who may join',
      { tokens: [{ path: '/k', access: 'unreadable', isFilled: true }] },
      /^bad: .*\/k is unreadable: .*without any token/,
    ],
    ['who may join', { tokens: [{ path: '/k', access: 'readable', isFilled: false }] }, /^bad: .*is empty/],
    ['who may join', { tokens: [] }, /^bad: whoever reaches its port may join/],
    ['who may join', { tokens: [], asksCertificate: true }, /^good: .*certificate/],
    ['REST interface', { listens: { rest: ['0.0.0.0:8080'], grpc: [] } }, /^bad: .*may start builds/],
    ['gRPC interface', { listens: { rest: [], grpc: ['[::1]:50051'] } }, /^$/],
    ['net.ipv4.tcp_retries2', { tcpRetries: 15 }, /^doubtful: .*quarter of an hour/],
    ['queue_runner_endpoint', { web: { path: '/h', endpoint: 'unset' } }, /^doubtful: .*unknown/],
  ] as const)('%s with %j: %s', (check, inspected, words) => {
    expect(told(check, inspected)).toMatch(words);
  });

  it('that builders cannot reach it where they dial it directly', () => {
    const direct = { queueRunnerAddr: 'http://10.0.0.5:50051' };
    expect(told('gRPC interface', { listens: { rest: [], grpc: ['[::1]:50051'] } }, direct)).toMatch(
      /^bad: /,
    );
    expect(told('gRPC interface', {}, direct)).toMatch(/^good: /);
  });
});
