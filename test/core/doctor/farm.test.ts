import { describe, expect, it } from 'vitest';
import { examineFarm } from '../../../lambdas/core/doctor/farm.ts';
import type { Finding } from '../../../lambdas/core/doctor/finding.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Observation } from '../../../lambdas/core/model/index.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import { cppLife } from '../../../lambdas/hydra/cpp/life/life.ts';
import { NOW, aConfig, aStatus, anObservation, steps } from '../given.ts';

function examine(observation: Observation, config: Config = aConfig()): readonly Finding[] {
  const plan = makePlan(cppLife, config, observation, (n) => `new-${n}`);
  const nothing = { prerequisites: new Map(), vcpuQuotas: new Map() };
  return examineFarm({ config, observation, plan, ...nothing });
}

const of = (check: string, findings: readonly Finding[]): Finding | undefined =>
  findings.find((finding) => finding.check === check);

describe('the schedule', () => {
  const lastTick = (secondsAgo: number) =>
    anObservation({ farm: { backOffs: [], lastTickAt: NOW - secondsAgo } });
  it.each([
    [899, 'good'],
    [901, 'bad'],
  ])('that ticked %d s ago is %s', (secondsAgo, health) => {
    const config = { ...aConfig(), schedulePeriodSeconds: 300 };
    expect(of('schedule', examine(lastTick(secondsAgo), config))?.health).toBe(health);
  });
  it('is waited for before the first tick, and nobody can tell while ticks only watch', () => {
    expect(of('schedule', examine(anObservation()))?.health).toBe('doubtful');
    const watching = { ...aConfig(), observeOnly: true };
    expect(of('schedule', examine(lastTick(99_999), watching))?.health).toBe('good');
  });
});

describe('steps that no machine type covers', () => {
  const darwin = (stepsUnsupported: number) =>
    anObservation({ queue: aStatus({ demand: [steps('aarch64-darwin', 7)], stepsUnsupported }) });
  it('are told with what to ask', () => {
    expect(of('queue', examine(darwin(7)))).toMatchObject({
      health: 'doubtful',
      says: '7 runnable steps of aarch64-darwin, which no machine type covers',
    });
  });
  it('are nobody’s business where another builder takes them', () => {
    expect(of('queue', examine(darwin(0)))).toBeUndefined();
  });
});
