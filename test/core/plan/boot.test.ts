/** From booting to ready, and machines that are doubted. */
import { describe, expect, it } from 'vitest';
import type {
  Farm,
  Instance,
  Machine,
  Observation,
  ProbeResult,
  QueueMachine,
} from '../../../lambdas/core/model.ts';
import { wantsProbe } from '../../../lambdas/core/plan/boot.ts';
import {
  ADDRESS,
  HOST_KEY,
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
  lacking,
  onlyMachine,
  planFor,
  saidOf,
  sightingAt,
  untrusted,
} from '../given.ts';

const ID = 'i-00000001';
const NEEDED = aConfig([aType(LINUX, { minMachines: 1, maxMachines: 2 })]);
const probe = (reached: boolean, detail = reached ? '' : 'no route to host'): ProbeResult => ({
  instanceId: ID,
  reached,
  detail,
});

describe('a booting machine', () => {
  const known = { address: ADDRESS, hostKey: HOST_KEY };
  const boot = (machine: Partial<Machine>, seen: Partial<Observation> = {}) =>
    planFor(
      anObservation({ machines: [aBootingMachine(machine)], instances: [anInstance()], ...seen }),
      NEEDED,
    );

  it('is ready once the Hydra host has reached it, with its host key pinned', () => {
    const plan = boot(known, { probes: [probe(true)] });
    expect(onlyMachine(plan).phase).toBe('ready');
    expect(plan.listings[0]).toMatchObject({ instanceId: ID, hostKey: HOST_KEY });
  });
  it('is not ready without a host key, however well it answers', () => {
    expect(onlyMachine(boot({ address: ADDRESS }, { probes: [probe(true)] })).phase).toBe('booting');
  });
  it('is not ready unless EC2 shows it running', () => {
    const instances = [anInstance({ state: 'pending' })];
    expect(onlyMachine(boot(known, { probes: [probe(true)], instances })).phase).toBe('booting');
  });
  it('takes the host key of its type before one it told itself', () => {
    const hostKeys = new Map([[ID, 'ssh-rsa AAAAother']]);
    expect(onlyMachine(boot({}, { hostKeys })).hostKey).toBe('ssh-rsa AAAAother');
    const pinned = aConfig([aType(LINUX, { minMachines: 1, publicHostKey: HOST_KEY })]);
    const observation = anObservation({ machines: [aBootingMachine()], instances: [anInstance()], hostKeys });
    expect(onlyMachine(planFor(observation, pinned)).hostKey).toBe(HOST_KEY);
  });
  it.each([
    [{}, { instances: [anInstance({ state: 'pending' })] }, 'EC2 to run it'],
    [{ address: ADDRESS }, {}, 'its SSH host key'],
    [known, {}, 'the Hydra host to try'],
    [known, { probes: [probe(false)] }, 'no route to host'],
  ])('says what it waits for: %j', (machine, seen, words) => {
    expect(saidOf(boot(machine, seen), ID)).toContain(words);
  });
});

describe('a machine that does not come up', () => {
  const overdue = { phaseSince: NOW - 600, address: ADDRESS, hostKey: HOST_KEY };
  const late = (machine: Partial<Machine>, seen: Partial<Observation> = {}, farm: Farm = { backOffs: [] }) =>
    planFor(
      anObservation({ machines: [aBootingMachine(machine)], instances: [anInstance()], farm, ...seen }),
      NEEDED,
    );

  it('is terminated after the time-out of its type, and its type rests before the next launch', () => {
    const plan = late(overdue, { probes: [probe(false)] });
    expect(actionsIn(plan)).toEqual([`terminate ${ID}`]);
    expect(onlyMachine(plan).reason).toContain('not ready after 600 s');
    expect(plan.farm.backOffs).toMatchObject([{ type: LINUX, failures: 1, until: NOW + 60 }]);
    expect(saidOf(plan, LINUX)).toContain('rests for 60 s');
  });
  it('has its full time', () => {
    expect(actionsIn(late({ ...overdue, phaseSince: NOW - 599 }, { probes: [probe(false)] }))).not.toContain(
      `terminate ${ID}`,
    );
  });
  it('is not blamed for a Hydra host that could not try it', () => {
    expect(onlyMachine(late(overdue, { queue: untrusted() })).phase).toBe('booting');
  });
  it.each([
    ['it has no host key', { phaseSince: NOW - 600, address: ADDRESS }, {}],
    ['EC2 does not run it', overdue, { instances: [anInstance({ state: 'pending' })] }],
  ])('is given up when %s, whatever the host can do', (_why, machine, seen) => {
    expect(actionsIn(late(machine, { queue: untrusted(), ...seen }))).toEqual([`terminate ${ID}`]);
  });
  it('waits while its address is one the queue runner has work on', () => {
    const queue = aStatus({ machines: [aQueueMachine({ currentJobs: 1 })] });
    const plan = late(overdue, { probes: [probe(false)], queue });
    expect(plan.actions.filter(({ kind }) => kind === 'terminate')).toEqual([]);
    expect(onlyMachine(plan).phase).toBe('failed');
  });
  it('makes its type rest longer each time, and one that comes up ends that', () => {
    const rest = { type: LINUX, failures: 3, until: NOW - 10, reason: 'not ready', trial: true } as const;
    const farm = { backOffs: [rest] };
    expect(late(overdue, { probes: [probe(false)] }, farm).farm.backOffs).toMatchObject([
      { failures: 4, until: NOW + 480 },
    ]);
    expect(late({ ...overdue, phaseSince: NOW - 60 }, { probes: [probe(true)] }, farm).farm.backOffs).toEqual(
      [],
    );
  });
});

describe('a machine the queue runner cannot use', () => {
  const failing = (changed: Partial<QueueMachine> = {}) =>
    aStatus({
      machines: [aQueueMachine({ consecutiveFailures: 2, lastFailure: NOW - 20, ...changed })],
    });
  const judge = (machine: Partial<Machine>, seen: Partial<Observation> = {}) =>
    planFor(
      anObservation({ machines: [aMachine(machine)], instances: [anInstance()], queue: failing(), ...seen }),
      NEEDED,
    );

  it('twice in a row is doubted, replaced and asked, but still listed', () => {
    const plan = judge({});
    const machine = onlyMachine(plan);
    expect(machine).toMatchObject({ phase: 'ready', unreachableSince: NOW });
    expect(wantsProbe(machine)).toBe(true);
    expect(actionsIn(plan)).toEqual([`launch 1 ${LINUX}`]);
    expect(plan.listings.some(({ instanceId }) => instanceId === ID)).toBe(true);
    expect(plan.settled).toBe(false);
  });
  it('once is asked at the next look, and is capacity until then: the build may have been cancelled', () => {
    const plan = judge({}, { queue: failing({ consecutiveFailures: 1 }) });
    expect(onlyMachine(plan)).toMatchObject({ phase: 'ready', doubtedSince: NOW });
    expect(onlyMachine(plan)).not.toHaveProperty('unreachableSince');
    expect([wantsProbe(onlyMachine(plan)), plan.settled, actionsIn(plan)]).toEqual([true, false, []]);
  });
  it('once, and that does not answer us either, is drained at that look', () => {
    const seen = { queue: failing({ consecutiveFailures: 1 }), probes: [probe(false)] };
    const plan = judge({ doubtedSince: NOW - 15 }, seen);
    expect(plan.machines.find(({ instanceId }) => instanceId === ID)?.phase).toBe('draining');
    expect(plan.failed).toMatchObject([
      { instanceId: ID, reason: expect.stringContaining('SSH') as unknown },
    ]);
  });
  it.each([
    ['before it was listed', { listed: sightingAt(NOW - 5) }, failing()],
    ['before it was last reached', { reached: sightingAt(NOW - 5) }, failing()],
  ])('%s is not doubted', (_when, machine, queue) => {
    const judged = onlyMachine(judge(machine, { queue }));
    expect(judged).not.toHaveProperty('doubtedSince');
    expect(judged).not.toHaveProperty('unreachableSince');
    expect(wantsProbe(judged)).toBe(false);
  });
  it('but that answers is believed, and old failures do not count again', () => {
    const machine = onlyMachine(judge({ unreachableSince: NOW - 30 }, { probes: [probe(true)] }));
    expect(machine).not.toHaveProperty('unreachableSince');
    expect(machine.reached).toEqual(sightingAt(NOW));
    expect(onlyMachine(judge(machine))).not.toHaveProperty('unreachableSince');
  });
  it.each([
    [119, 'ready'],
    [120, 'draining'],
  ] as const)('of whom only we have doubts, and that has not answered for %d s, is %s', (seconds, phase) => {
    const seen = { queue: aStatus({ machines: [aQueueMachine()] }), probes: [probe(false)] };
    const plan = judge({ unreachableSince: NOW - seconds }, seen);
    expect(plan.machines.find(({ instanceId }) => instanceId === ID)?.phase).toBe(phase);
  });
  it('is not given up while nobody asks it', () => {
    expect(onlyMachine(judge({ unreachableSince: NOW - 9000 })).phase).toBe('ready');
  });
  it('is drained even without a status: what was asked was the machine', () => {
    const seen = { queue: untrusted({ cause: 'down' }), probes: [probe(false)] };
    expect(onlyMachine(judge({ unreachableSince: NOW - 120 }, seen)).phase).toBe('draining');
  });
  it('returns to work when it answers again while it drains', () => {
    const away = onlyMachine(judge({ unreachableSince: NOW - 120 }, { probes: [probe(false)] }));
    expect(onlyMachine(judge(away, { probes: [probe(true)] })).phase).toBe('ready');
  });
  it('and that nobody needs is drained without waiting for certainty', () => {
    const idle = aConfig([aType(LINUX)]);
    const observation = anObservation({
      machines: [aMachine()],
      instances: [anInstance()],
      queue: failing(),
    });
    expect(onlyMachine(planFor(observation, idle)).phase).toBe('draining');
  });
});

describe('a machine that AWS takes', () => {
  const taken = { interrupted: true, market: 'spot' } as const;
  it('is drained and replaced at once, and does not return', () => {
    const observation = anObservation({ machines: [aMachine()], instances: [anInstance(taken)] });
    const plan = planFor(observation, NEEDED);
    expect(onlyMachine(plan).phase).toBe('draining');
    expect(actionsIn(plan)).toEqual([`launch 1 ${LINUX}`]);
    const next = anObservation({ machines: [onlyMachine(plan)], instances: [anInstance(taken)] });
    expect(onlyMachine(planFor(next, NEEDED)).phase).toBe('draining');
  });
  it('is known to be taken when AWS cannot be asked again, until AWS says otherwise or it was stopped', () => {
    const after = (machine: Machine, instance: Instance): Machine =>
      onlyMachine(planFor(anObservation({ machines: [machine], instances: [instance] }), NEEDED));
    const unasked = lacking(anInstance({ market: 'spot' }), 'interrupted');
    const drained = after(aMachine(), anInstance(taken));
    expect(drained.interrupted).toBe(true);
    expect(after(drained, unasked)).toMatchObject({ phase: 'draining', interrupted: true });
    expect(after(drained, anInstance({ market: 'spot' })).phase).toBe('ready');
    expect(after(aMachine(), unasked).phase).toBe('ready');
    expect(after(drained, { ...unasked, state: 'stopped' })).not.toHaveProperty('interrupted');
  });
});

describe('a machine that was stopped and started between two looks', () => {
  const DRAIN: Machine['drain'] = { since: NOW - 60, reason: 'not needed: enough' };
  const look = (machine: Partial<Machine>, startedAt: number, probes: Observation['probes'] = []) =>
    onlyMachine(
      planFor(
        anObservation({
          machines: [aMachine({ startedAt: NOW - 3000, ...machine })],
          instances: [anInstance({ startedAt })],
          probes,
        }),
        NEEDED,
      ),
    );

  it('is doubted until the Hydra host has reached it again', () => {
    expect(look({}, NOW - 30)).toMatchObject({ phase: 'ready', unreachableSince: NOW });
    const reached = look({ unreachableSince: NOW - 20 }, NOW - 30, [probe(true)]);
    expect(reached).toMatchObject({ phase: 'ready', startedAt: NOW - 30 });
    expect(reached).not.toHaveProperty('unreachableSince');
  });
  it('is not taken back from draining on hope', () => {
    expect(look({ phase: 'draining', drain: DRAIN }, NOW - 3000).phase).toBe('ready');
    expect(look({ phase: 'draining', drain: DRAIN }, NOW - 30).phase).toBe('draining');
  });
  it('is nothing but itself when EC2 tells the same start', () => {
    expect(look({}, NOW - 3000)).not.toHaveProperty('unreachableSince');
  });
});
