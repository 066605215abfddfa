/** What holds of every plan under any orders of people. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPlan } from '../../lambdas/core/check/check-plan.ts';
import { runnerOf } from '../../lambdas/core/life/runner.ts';
import { dialects } from '../../lambdas/hydra/dialects.ts';
import type { Action, Observation, Order } from '../../lambdas/core/model/index.ts';
import { pauseOf } from '../../lambdas/core/reason/orders.ts';
import { makePlan } from '../../lambdas/core/plan/plan.ts';
import type { Plan } from '../../lambdas/core/plan/plan.ts';
import { NOW } from '../core/arbitrary/basics.ts';
import { arbitraryFarm } from '../core/arbitrary/farm.ts';
import type { Farmed } from '../core/arbitrary/farm.ts';
import { runs } from '../needs.ts';

const RUNS = runs(2000);

const ids = ['i-00000001', 'i-00000002', 'i-00000003', 'i-00000004', 'i-00000005', 'i-00000006'];
const machineOrder: fc.Arbitrary<Order> = fc.record({
  kind: fc.constantFrom('drain', 'protect'),
  instanceId: fc.constantFrom(...ids),
  at: fc.constant(NOW - 60),
});
const pause = (types: readonly string[]): fc.Arbitrary<Order> =>
  fc.constantFrom<Order>(
    { kind: 'pause', at: NOW - 60 },
    ...types.map((type): Order => ({ kind: 'pause', type, at: NOW - 60 })),
  );

/** An arbitrary farm with machine orders, and pauses where they are wanted. */
const ordered = (withPauses: boolean): fc.Arbitrary<Farmed> =>
  arbitraryFarm.chain(({ config, observation }) => {
    const types = [...config.machineTypes.map(({ key }) => key), 'removed-linux'];
    const pauses = withPauses ? fc.array(pause(types), { maxLength: 2 }) : fc.constant([]);
    return fc
      .tuple(
        fc.uniqueArray(machineOrder, { selector: (order) => JSON.stringify(order), maxLength: 4 }),
        pauses,
      )
      .map(([orders, all]) => ({ config, observation: withOrders(observation, [...orders, ...all]) }));
  });

const withOrders = (observation: Observation, orders: readonly Order[]): Observation => ({
  ...observation,
  state: { ...observation.state, orders },
});

const planned = ({ config, observation }: Farmed): Plan =>
  makePlan(dialects[runnerOf(observation)].life, config, observation, (n) => `new-${n}`);

const typeOfAction = (plan: Plan, action: Action): string =>
  action.kind === 'launch'
    ? action.launch.type
    : (plan.machines.find(({ instanceId }) => instanceId === action.instanceId)?.type ?? '');

describe('every plan under orders', () => {
  it('breaks no rule', () => {
    fc.assert(
      fc.property(ordered(true), (farmed) => {
        expect(
          checkPlan(
            dialects[runnerOf(farmed.observation)].checks,
            farmed.config,
            farmed.observation,
            planned(farmed),
          ),
        ).toEqual([]);
      }),
      RUNS,
    );
  });

  it('does nothing for a paused type, and forgets none of its launches that may still be answered', () => {
    fc.assert(
      fc.property(ordered(true), (farmed) => {
        const { orders } = farmed.observation.state;
        const plan = planned(farmed);
        const paused = plan.actions.filter((action) => pauseOf(orders, typeOfAction(plan, action)));
        expect(paused).toEqual([]);
      }),
      RUNS,
    );
  });

  it('drains nobody of a paused type but whom AWS takes or moves to another address', () => {
    fc.assert(
      fc.property(ordered(true), (farmed) => {
        const { state, instances } = farmed.observation;
        const before = new Map(state.machines.map((machine) => [machine.instanceId, machine]));
        const drained = planned(farmed).machines.filter(({ instanceId, type, phase }) => {
          const instance = instances.find((one) => one.instanceId === instanceId);
          const machine = before.get(instanceId);
          const isMoved = instance?.address !== undefined && instance.address !== machine?.address;
          const isNew = phase === 'draining' && machine?.phase === 'ready';
          return isNew && pauseOf(state.orders, type) && instance?.interrupted !== true && !isMoved;
        });
        expect(drained).toEqual([]);
      }),
      RUNS,
    );
  });

  it('never sends away for want of demand whom a person protects', () => {
    fc.assert(
      fc.property(ordered(false), (farmed) => {
        const before = new Map(farmed.observation.state.machines.map((one) => [one.instanceId, one]));
        const wanted = (farmed.observation.state.orders ?? []).filter(({ kind }) => kind === 'protect');
        for (const machine of planned(farmed).machines) {
          const isProtected = wanted.some(
            (order) => 'instanceId' in order && order.instanceId === machine.instanceId,
          );
          const isKept = machine.phase === 'ready' || before.get(machine.instanceId)?.phase !== 'ready';
          if (!isProtected || isKept) continue;
          expect(machine.reason).not.toMatch(/^(not needed|drained; not needed)/);
        }
      }),
      RUNS,
    );
  });

  it('never starts, takes back or counts on a machine that is ordered to leave', () => {
    fc.assert(
      fc.property(ordered(false), (farmed) => {
        const orders = (farmed.observation.state.orders ?? []).flatMap((order) =>
          order.kind === 'drain' ? [order.instanceId] : [],
        );
        const before = new Map(farmed.observation.state.machines.map((one) => [one.instanceId, one.phase]));
        const plan = planned(farmed);
        const protectedToo = new Set(
          (farmed.observation.state.orders ?? []).flatMap((order) =>
            order.kind === 'protect' ? [order.instanceId] : [],
          ),
        );
        for (const id of orders.filter((one) => !protectedToo.has(one))) {
          expect(plan.actions).not.toContainEqual(expect.objectContaining({ kind: 'start', instanceId: id }));
          const after = plan.machines.find(({ instanceId }) => instanceId === id)?.phase;
          if (before.get(id) === 'draining') expect(after).not.toBe('ready');
        }
      }),
      RUNS,
    );
  });
});
