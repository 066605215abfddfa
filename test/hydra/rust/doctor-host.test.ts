/** What the doctor says of a host with the Rust queue runner. */
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Examined, Finding } from '../../../lambdas/core/doctor/finding.ts';
import type { QueueStatus } from '../../../lambdas/core/model/index.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import { examineRustHost } from '../../../lambdas/hydra/rust/doctor/host.ts';
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

function findings(queue: QueueStatus, host: Partial<Config['host']> = REACHABLE): readonly Finding[] {
  const config = aConfig([aType(LINUX)]);
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
  return examineRustHost(examined);
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

  it('counts builders that have dialled in, those of others, and machines of the former queue runner', () => {
    expect(said('builders', statusOf('15-copying-back-big-outputs'))).toMatch(
      /^good: 3 builders dialled in, 3 of them not ours; \ndoubtful: 1 machine of the C\+\+ queue runner there was is left/,
    );
  });
});
