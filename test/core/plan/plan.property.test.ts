/** What holds of every plan, whatever is remembered and seen. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { runnerOf } from '../../../lambdas/core/life/runner.ts';
import { dialects } from '../../../lambdas/hydra/dialects.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { Instance, Observation } from '../../../lambdas/core/model/index.ts';
import { makePlan } from '../../../lambdas/core/plan/plan.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import { runs } from '../../needs.ts';
import { arbitraryFarm } from '../arbitrary/farm.ts';

const RUNS = runs(3000);
const plan = (config: Config, observation: Observation): Plan =>
  makePlan(dialects[runnerOf(observation)].life, config, observation, (n) => `new-${n}`);

/** What the next round would see if the plan was saved and nothing but its starts had happened since. */
function afterSaving(observation: Observation, { farm, machines, launches, actions }: Plan): Observation {
  const started = new Set(actions.flatMap((action) => (action.kind === 'start' ? [action.instanceId] : [])));
  return {
    ...observation,
    state: { ...observation.state, farm, machines, launches },
    instances: observation.instances.map((instance) =>
      started.has(instance.instanceId) ? { ...instance, state: 'pending' } : instance,
    ),
  };
}

const typeOf = ({ machines }: Plan, { instanceId, type }: Instance): string | undefined =>
  machines.find((machine) => machine.instanceId === instanceId)?.type ?? type;

const isUp = ({ state }: Instance): boolean =>
  state === 'pending' || state === 'running' || state === 'stopping';

describe('every plan', () => {
  it('breaks no rule', () => {
    fc.assert(
      fc.property(arbitraryFarm, ({ config, observation }) => {
        const { checks } = dialects[runnerOf(observation)];
        expect(checkPlan(checks, config, observation, plan(config, observation))).toEqual([]);
      }),
      RUNS,
    );
  });
  it('is the same for the same observation', () => {
    fc.assert(
      fc.property(arbitraryFarm, ({ config, observation }) => {
        const copy = structuredClone(observation);
        expect(plan(config, observation)).toEqual(plan(config, copy));
        expect(observation).toEqual(copy);
      }),
      RUNS,
    );
  });
  it('adds no machine above a cap', () => {
    fc.assert(
      fc.property(arbitraryFarm, ({ config, observation }) => {
        const made = plan(config, observation);
        const added = (type?: string): number =>
          made.actions.reduce((sum, action) => {
            if (
              action.kind === 'launch' &&
              action.launch.id.startsWith('new-') &&
              (type ?? action.launch.type) === action.launch.type
            )
              return sum + action.launch.count;
            const machine =
              'instanceId' in action
                ? made.machines.find(({ instanceId }) => instanceId === action.instanceId)
                : undefined;
            return action.kind === 'start' && (type ?? machine?.type) === machine?.type ? sum + 1 : sum;
          }, 0);
        const stuck = new Set(
          observation.state.machines
            .filter(
              ({ phase, goingDownSince = Infinity }) =>
                phase === 'stopping' && observation.now - goingDownSince >= 1800,
            )
            .map(({ instanceId }) => instanceId),
        );
        const up = observation.instances
          .filter(isUp)
          .filter(({ instanceId, state }) => state !== 'stopping' || !stuck.has(instanceId));
        if (added() > 0) expect(up.length + added()).toBeLessThanOrEqual(config.maxTotalMachines);
        for (const { key, maxMachines } of config.machineTypes)
          if (added(key) > 0)
            expect(
              up.filter((instance) => typeOf(made, instance) === key).length + added(key),
            ).toBeLessThanOrEqual(maxMachines);
      }),
      RUNS,
    );
  });
  it('launches nothing more when it is made again before anything has happened', () => {
    fc.assert(
      fc.property(arbitraryFarm, ({ config, observation }) => {
        const first = plan(config, observation);
        // One more look that misses a machine is something that happened.
        const again = { ...afterSaving(observation, first), denied: new Set<string>() };
        const second = makePlan(dialects[runnerOf(again)].life, config, again, (n) => `again-${n}`);
        expect(second.launches.filter(({ id }) => id.startsWith('again-'))).toEqual([]);
      }),
      RUNS,
    );
  });
});
