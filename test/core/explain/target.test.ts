/** `explain TYPE` tells the sum by which a target wait counts. */
import { describe, expect, it } from 'vitest';
import { explainType } from '../../../lambdas/core/explain/type.ts';
import type { WrittenMachineType } from '../../../lambdas/core/config/machine-type.ts';
import type { Farm, QueueMachine } from '../../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  planFor,
  steps,
} from '../given.ts';

interface Given {
  readonly runnable?: number;
  readonly farm?: Partial<Farm>;
  readonly type?: Partial<WrittenMachineType>;
  readonly seen?: Partial<QueueMachine>;
}

function said({ runnable = 0, farm = {}, type = {}, seen = {} }: Given): readonly string[] {
  const written = { targetWait: 600, maxJobs: 4, maxMachines: 6, billing: 'per-second' as const, ...type };
  const config = aConfig([aType(LINUX, written)]);
  const observation = anObservation({
    farm: { backOffs: [], ...farm },
    machines: [aMachine()],
    instances: [anInstance()],
    queue: aStatus({ demand: [steps(LINUX, runnable, 4)], machines: [aQueueMachine(seen)] }),
  });
  const plan = planFor(observation, config);
  const [demand] = plan.demand.types;
  if (demand === undefined) throw new Error('the plan has no demand');
  return explainType({ config, observation, plan }, demand).because;
}

describe('explain a type that works by a target wait', () => {
  it('says what a step takes and how that is known, what is aimed at, and the sum', () => {
    const done = { steps: 90, seconds: 9000 };
    const told = said({
      runnable: 23,
      farm: { waiting: [{ type: LINUX, since: NOW - 360 }] },
      seen: { currentJobs: 4, done },
    });
    expect(told).toEqual(
      expect.arrayContaining([
        'a step takes some 150 s: by 90 steps that its machines have done',
        'targetWait is 600 s; after 6 min of waiting 420 s are aimed at',
        '(23 + half of 4 that run) × 150 s ÷ 4 slots ÷ 420 s want 3 machines; all steps at once would fill 7',
      ]),
    );
  });
  it('says for how long machines of which rank are kept, where seconds are paid for', () => {
    const seen = [{ group: 1, counts: [0, 0, 0, 90, 9, 0, 0, 0, 0, 0, 0] }];
    const told = said({ farm: { gaps: [{ type: LINUX, need: 1, falls: [], seen }] } });
    expect(told.join('\n')).toContain(
      'stay: machine 1 for 60 s, machine 2 for 300 s, machine 4 for 60 s (learnt',
    );
    expect(told).toContain('a step takes some 600 s: remembered, or assumed while nothing is known');
    expect(told).toContain('targetWait is 600 s: so long a step may expect to wait');
    expect(said({ type: { billing: 'hourly' } }).join('\n')).not.toContain('machine 1 for');
  });
  it('is silent of all that where machines are counted as hydra-provisioner did', () => {
    const written = aType(LINUX, { runnablesPerMachine: 2 });
    const observation = anObservation();
    const plan = planFor(observation, aConfig([written]));
    const [demand] = plan.demand.types;
    if (demand === undefined) throw new Error('the plan has no demand');
    const told = explainType({ config: aConfig([written]), observation, plan }, demand).because;
    expect(told.join('\n')).not.toContain('targetWait');
  });
});
