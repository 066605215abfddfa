/** Machines that EC2's answers leave out: absence is not the end. */
import { describe, expect, it } from 'vitest';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import { checkPlan } from '../../../lambdas/core/check/check-plan.ts';
import { cppChecks } from '../../../lambdas/hydra/cpp/check/checks.ts';
import type { Machine, Observation } from '../../../lambdas/core/model/index.ts';
import {
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aMachine,
  aQueueMachine,
  aStatus,
  aType,
  actionsIn,
  anInstance,
  anObservation,
  onlyMachine,
  planFor,
  saidOf,
  problemsIn,
} from '../given.ts';

const ID = 'i-00000001';
const NEEDED = aConfig([aType(LINUX, { minMachines: 1, maxMachines: 1 })]);
const DENIED = { denied: new Set([ID]) };

const look = (machine: Machine, seen: Partial<Observation> = {}) =>
  planFor(anObservation({ machines: [machine], ...seen }), NEEDED);
/** As it is after so many looks that missed it, the first so many seconds ago. */
const missed = (machine: Machine, looks: number, secondsAgo: number): Machine => ({
  ...machine,
  missing: { since: NOW - secondsAgo, looks },
});

describe('a machine that EC2 does not show', () => {
  it('counts, keeps its line and its phase, and is missed from then on', () => {
    const plan = look(aMachine());
    expect(onlyMachine(plan)).toMatchObject({ phase: 'ready', missing: { since: NOW, looks: 1 } });
    expect(plan.offers.some(({ machine: { instanceId } }) => instanceId === ID)).toBe(true);
    expect([plan.actions, [...plan.closedMachines]]).toEqual([[], []]);
  });
  it.each([
    ['EC2 does not deny it', missed(aMachine(), 99, 99_999), {}],
    ['it was missed in two looks', missed(aMachine(), 1, 9999), DENIED],
    ['it was missed for less than five minutes, and others are shown', missed(aMachine(), 9, 299), DENIED],
    ['a launch brought it, and EC2 has never shown it', missed(aBootingMachine(), 9, 1799), DENIED],
  ])('is not given up while %s', (_what, machine, seen) => {
    const others = ['i-00000002', 'i-00000003'];
    const machines = [machine, ...others.map((instanceId) => aMachine({ instanceId, address: '10.0.0.9' }))];
    const instances = others.map((instanceId) => anInstance({ instanceId, address: '10.0.0.9' }));
    const plan = planFor(anObservation({ machines, instances, ...seen }), NEEDED);
    expect([...plan.closedMachines.keys()]).toEqual([]);
  });
  it.each([
    ['was shown before', missed(aMachine(), 3, 300)],
    ['never was', missed(aBootingMachine(), 3, 1800)],
  ])('is given up when EC2 has denied it for long, one that %s', (_what, machine) => {
    const machines = [
      machine,
      aMachine({ instanceId: 'i-00000002' }),
      aMachine({ instanceId: 'i-00000003' }),
    ];
    const instances = machines.slice(1).map(({ instanceId }) => anInstance({ instanceId }));
    const observation = anObservation({ machines, instances, ...DENIED });
    const plan = planFor(observation, NEEDED);
    expect([...plan.closedMachines.keys()]).toEqual([ID]);
    expect(saidOf(plan, ID)).toContain(told.unknownToEc2);
    const rash = { ...observation, denied: new Set<string>() };
    expect(checkPlan(cppChecks, NEEDED, rash, plan).join()).toContain('rule 5');
  });
  it('is not drained for want of demand, whatever is known of its paid time', () => {
    const idle = aConfig([aType(LINUX, { billing: 'per-second' })]);
    const queue = aStatus({ machines: [aQueueMachine({ currentJobs: 0 })] });
    const machines = [aMachine(), aMachine({ instanceId: 'i-00000002', address: '10.0.0.2' })];
    const instances = [anInstance({ instanceId: 'i-00000002', address: '10.0.0.2' })];
    const third = aMachine({ instanceId: 'i-00000003', address: '10.0.0.3' });
    const shown = anInstance({ instanceId: 'i-00000003', address: '10.0.0.3' });
    const observation = anObservation({
      machines: [...machines, third],
      instances: [...instances, shown],
      queue,
    });
    const plan = planFor(observation, idle);
    expect(plan.machines.map(({ instanceId, phase }) => [instanceId, phase])).toEqual([
      [ID, 'ready'],
      ['i-00000002', 'draining'],
      ['i-00000003', 'draining'],
    ]);
  });
  it('has all its time to boot before it when it appears', () => {
    const machine = missed(aBootingMachine({ phaseSince: NOW - 1200 }), 40, 1200);
    expect(onlyMachine(look(machine, { instances: [anInstance()] }))).toMatchObject({
      phase: 'booting',
      phaseSince: NOW,
    });
    expect(onlyMachine(look(missed(aBootingMachine({ phaseSince: NOW - 9000 }), 40, 9000))).phase).toBe(
      'booting',
    );
  });
  it('goes on where it was when it is back', () => {
    const back = onlyMachine(look(missed(aMachine(), 7, 700), { instances: [anInstance()] }));
    expect(back).toMatchObject({ phase: 'ready', phaseSince: aMachine().phaseSince });
    expect(back).not.toHaveProperty('missing');
  });
  it('is told after five minutes', () => {
    expect(problemsIn(look(missed(aMachine(), 9, 299))).join()).not.toContain(told.missing(ID, 300).says);
    expect(problemsIn(look(missed(aMachine(), 9, 300))).join()).toContain(told.missing(ID, 300).says);
  });
});

describe('an answer that leaves out half of the farm', () => {
  const machines = [1, 2].map((n) => aMachine({ instanceId: `i-0000000${n}`, address: `10.0.0.${n}` }));
  const shown = [anInstance({ instanceId: 'i-00000002', address: '10.0.0.2' })];
  const queue = aStatus({
    machines: machines.map(({ address = '' }) => aQueueMachine({ key: address, currentJobs: 0 })),
  });
  const idle = aConfig([aType(LINUX, { billing: 'per-second' })]);

  it('says nothing: nothing is drained or ended, and people are told', () => {
    const observation = anObservation({ machines, instances: shown, queue });
    const plan = planFor(observation, idle);
    expect(plan.machines.map(({ phase }) => phase)).toEqual(['ready', 'ready']);
    expect(problemsIn(plan).join()).toContain(told.halfSeen(1, 2));
    const rash = planFor(
      { ...observation, instances: [anInstance({ instanceId: 'i-00000001' }), ...shown] },
      idle,
    );
    expect(checkPlan(cppChecks, idle, observation, rash).join()).toContain('EC2 leaves out half of the farm');
  });
  it('allows no more launches than a whole answer would', () => {
    const busy = aStatus({
      machines: [],
      demand: [{ key: LINUX, system: LINUX, features: [], runnable: 9, running: 0 }],
    });
    const capped = aConfig([aType(LINUX, { maxMachines: 2 })]);
    expect(actionsIn(planFor(anObservation({ machines, queue: busy }), capped))).toEqual([]);
  });
});
