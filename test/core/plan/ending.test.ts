/** How drained and unlisted machines end. */
import { describe, expect, it } from 'vitest';
import type { Machine, Observation, QueueStatus } from '../../../lambdas/core/model/index.ts';
import {
  HOST_KEY,
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aMachine,
  aType,
  actionsIn,
  anInstance,
  anObservation,
  lacking,
  onlyMachine,
  planFor,
  sightingAt,
  untrusted,
} from '../given.ts';
import { COMPLETE, farmOf, id } from './farm-of.ts';
import type { Given } from './farm-of.ts';

describe('a machine the queue runner has never shown', () => {
  const unseen = lacking(aMachine(), 'seenOffered');
  const listedFor = (seconds: number) =>
    anObservation({
      machines: [{ ...unseen, offered: sightingAt(NOW - seconds) }],
      instances: [anInstance()],
    });
  const phaseOf = (observation: Observation) => planFor(observation).machines[0]?.phase;
  it('has two minutes to be shown before its line is taken out again', () => {
    expect(phaseOf(listedFor(119))).toBe('ready');
    expect(phaseOf(listedFor(120))).toBe('draining');
  });
});

describe('with stopOnIdle', () => {
  const given = { machine: { phase: 'draining', drain: COMPLETE }, seen: { offered: false } } as const;
  const config = aConfig([aType(LINUX, { stopOnIdle: true })]);
  it('a drained machine is stopped', () => {
    const plan = planFor(farmOf([given], 0), config);
    expect(actionsIn(plan)).toEqual([`stop ${id(1)}`]);
    expect(plan.machines[0]?.phase).toBe('stopping');
  });
  it('and stays stopped; without it a stopped machine is terminated', () => {
    const stopped = anObservation({
      machines: [aMachine({ phase: 'stopped' })],
      instances: [anInstance({ state: 'stopped' })],
    });
    expect(actionsIn(planFor(stopped, config))).toEqual([]);
    expect(actionsIn(planFor(stopped))).toEqual([`terminate ${id(1)}`]);
  });
  it('but a machine that does not answer, or is on spot, is terminated', () => {
    const dead = { ...given, machine: { ...given.machine, unreachableSince: NOW - 500 } };
    expect(actionsIn(planFor(farmOf([dead], 0), config))).toEqual([`terminate ${id(1)}`]);
    const onSpot = farmOf([given], 0);
    const instances = onSpot.instances.map((instance) => ({ ...instance, market: 'spot' as const }));
    expect(actionsIn(planFor({ ...onSpot, instances }, config))).toEqual([`terminate ${id(1)}`]);
  });
});

describe('a machine whose type has left the configuration', () => {
  const other = aConfig([aType('aarch64-linux')]);
  it('leaves the file at once, and ends like any other', () => {
    expect(planFor(farmOf([{}], 5), other).machines[0]?.phase).toBe('draining');
    const drained = { machine: { phase: 'draining', drain: COMPLETE }, seen: { offered: false } } as const;
    expect(actionsIn(planFor(farmOf([{ ...drained, paidLeft: 3000 }], 5), other))).toEqual([]);
    expect(actionsIn(planFor(farmOf([{ ...drained, paidLeft: 100 }], 5), other))).toEqual([
      `terminate ${id(1)}`,
    ]);
  });
  it('ends at once when a person sends it away, paid time or not', () => {
    const orders = [{ kind: 'drain', instanceId: id(1), at: NOW - 60 }] as const;
    const sentAway = (given: Given) => {
      const farm = farmOf([{ ...given, paidLeft: 3000 }], 5);
      return actionsIn(planFor({ ...farm, state: { ...farm.state, orders } }, other));
    };
    const drained = { phase: 'draining', drain: COMPLETE } as const;
    expect(sentAway({ machine: drained, seen: { offered: false } })).toEqual([`terminate ${id(1)}`]);
    expect(sentAway({ machine: { phase: 'booting' }, seen: { offered: false } })).toEqual([
      `terminate ${id(1)}`,
    ]);
  });
  it('never becomes ready, however well it answers', () => {
    const machines = [aBootingMachine({ address: '10.0.0.1', identity: HOST_KEY })];
    const probes = [{ instanceId: id(1), reached: true, detail: '' }];
    const observation = anObservation({ machines, instances: [anInstance()], readiness: probes });
    expect(actionsIn(planFor(observation, other))).toEqual([`terminate ${id(1)}`]);
  });
});

describe('a machine that is drained for good', () => {
  const drained = { phase: 'draining', drain: COMPLETE } as const;
  it.each([
    ['does not answer', { machine: { ...drained, unreachableSince: NOW - 600 } }, {}],
    ['is taken by AWS', { machine: drained }, { interrupted: true }],
  ])('because it %s ends at once, however long it is paid for', (_why, given, instance) => {
    const farm = farmOf([{ ...given, paidLeft: 3000, seen: { offered: false } }], 0);
    const instances = farm.instances.map((one) => ({ ...one, ...instance }));
    expect(actionsIn(planFor({ ...farm, instances }))).toEqual([`terminate ${id(1)}`]);
  });
});

describe('an intent that AWS has not heard of', () => {
  it.each([
    ['terminating', 'terminate'],
    ['stopping', 'stop'],
  ] as const)('is sent again for a minute while a %s machine runs, whatever the status', (phase, action) => {
    const machines = [aMachine({ phase, drain: COMPLETE, phaseSince: NOW - 59 })];
    const observation = anObservation({ machines, instances: [anInstance()], queue: untrusted() });
    expect(actionsIn(planFor(observation))).toEqual([`${action} ${id(1)}`]);
  });
  it('is decided anew after a minute, on what is known by then: AWS may have refused it', () => {
    const machine = { phase: 'terminating', drain: COMPLETE, phaseSince: NOW - 60 } as const;
    const look = (seen: NonNullable<Given['seen']>, queue?: QueueStatus) => {
      const observation = farmOf([{ machine, seen }], 0);
      return planFor(queue === undefined ? observation : { ...observation, queue });
    };
    const unseen = look({ offered: false }, untrusted());
    expect(actionsIn(unseen)).toEqual([]);
    expect(onlyMachine(unseen)).toMatchObject({ phase: 'draining', drain: { ...COMPLETE, endAsked: true } });
    expect(actionsIn(look({ offered: false }))).toEqual([`terminate ${id(1)}`]);
    const open = look({ offered: true });
    expect(actionsIn(open)).toEqual([]);
    expect(onlyMachine(open).drain).not.toHaveProperty('quiet');
  });
  it('is decided anew after a minute where there was nothing to drain of: there may be by now', () => {
    const look = (seconds: number, seen: NonNullable<Given['seen']>, queue?: QueueStatus) => {
      const machine = { phase: 'terminating', phaseSince: NOW - seconds } as const;
      const observation = farmOf([{ machine, seen }], 0);
      return planFor(queue === undefined ? observation : { ...observation, queue });
    };
    expect(actionsIn(look(59, { offered: false }, untrusted()))).toEqual([`terminate ${id(1)}`]);
    const unseen = look(60, { offered: false }, untrusted());
    expect(actionsIn(unseen)).toEqual([]);
    expect(onlyMachine(unseen)).toMatchObject({ phase: 'failed', phaseSince: NOW });
    expect(onlyMachine(look(60, { offered: false })).phase).toBe('failed');
    expect(onlyMachine(look(60, { offered: true })).phase).toBe('draining');
  });
  it('waits for half a minute where the queue runner knows the machine: it may have been open a moment ago', () => {
    const look = (seconds: number, seen: NonNullable<Given['seen']>) =>
      planFor(farmOf([{ machine: { phase: 'failed', phaseSince: NOW - seconds }, seen }], 0));
    const early = look(29, { offered: false });
    expect([actionsIn(early), early.settled]).toEqual([[], false]);
    expect(actionsIn(look(30, { offered: false }))).toEqual([`terminate ${id(1)}`]);
    expect(onlyMachine(look(30, { offered: true })).phase).toBe('draining');
    const late = farmOf(
      [{ machine: { phase: 'failed', phaseSince: NOW - 60 }, seen: { offered: false } }],
      0,
    );
    expect(actionsIn(planFor({ ...late, askedAt: NOW - 31 }))).toEqual([]);
  });
  it('waits for two quiet looks half a minute apart where somebody had it offered, however long ago it was given up', () => {
    const look = (shownAtWork: Machine['shownAtWork'], queue?: QueueStatus, askedAt = NOW) => {
      const machine = {
        phase: 'failed',
        phaseSince: NOW - 3600,
        ...(shownAtWork && { shownAtWork }),
      } as const;
      const observation = farmOf([{ machine, seen: { offered: false } }], 0);
      return planFor({ ...observation, askedAt, ...(queue && { queue }) });
    };
    const first = look({});
    expect([actionsIn(first), first.settled]).toEqual([[], false]);
    expect(onlyMachine(first).shownAtWork).toEqual({ over: NOW });
    expect(actionsIn(look({ over: NOW - 29 }))).toEqual([]);
    expect(actionsIn(look({ over: NOW - 30 }))).toEqual([`terminate ${id(1)}`]);
    expect(actionsIn(look({ over: NOW - 31 }, undefined, NOW - 2))).toEqual([]);
    expect(actionsIn(look({ over: NOW - 300 }, untrusted()))).toEqual([]);
    expect(actionsIn(look(undefined))).toEqual([`terminate ${id(1)}`]);
  });
  it('notes that somebody had it offered, and forgets that once it is known to be quiet', () => {
    const look = (seen: NonNullable<Given['seen']>, machine: Partial<Machine> = {}) =>
      onlyMachine(planFor(farmOf([{ machine: { phase: 'booting', ...machine }, seen }], 9)));
    expect(look({ offered: false, currentJobs: 1 }).shownAtWork).toEqual({});
    const quiet = look({ offered: false }, { shownAtWork: { over: NOW - 30 } });
    expect([quiet.shownAtWork, quiet.unknownToRunner]).toEqual([undefined, true]);
  });
  it('is not sent again once it is under way', () => {
    const machines = [aMachine({ phase: 'terminating' })];
    const instances = [anInstance({ state: 'shutting-down' })];
    expect(actionsIn(planFor(anObservation({ machines, instances })))).toEqual([]);
  });
});

describe('a drained machine with paid time that was restarted behind our back', () => {
  const look = (machine: Partial<Machine>) =>
    planFor(
      farmOf(
        [
          {
            machine: { phase: 'draining', drain: COMPLETE, startedAt: NOW - 3590, ...machine },
            seen: { offered: false },
            paidLeft: 3540,
          },
        ],
        0,
      ),
    );
  it('has two minutes to answer before it ends, and is asked', () => {
    const plan = look({});
    expect(actionsIn(plan)).toEqual([]);
    expect(onlyMachine(plan)).toMatchObject({ phase: 'draining', unreachableSince: NOW });
    expect(actionsIn(look({ unreachableSince: NOW - 119 }))).toEqual([]);
  });
  it('ends when it has not answered by then, whatever is paid for', () => {
    expect(actionsIn(look({ unreachableSince: NOW - 120 }))).toEqual([`terminate ${id(1)}`]);
  });
});
