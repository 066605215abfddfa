/** From booting to ready, and machines that are doubted. */
import { describe, expect, it } from 'vitest';
import * as told from '../../../lambdas/core/reason/words/index.ts';
import type {
  Farm,
  Instance,
  Machine,
  MachineOrder,
  Observation,
  Readiness,
} from '../../../lambdas/core/model/index.ts';
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
  steps,
  untrusted,
  problemsIn,
} from '../given.ts';

const ID = 'i-00000001';
const NEEDED = aConfig([aType(LINUX, { minMachines: 1, maxMachines: 2 })]);
const probe = (reached: boolean, detail = reached ? '' : 'no route to host'): Readiness => ({
  instanceId: ID,
  reached,
  detail,
});

describe('a booting machine', () => {
  const known = { address: ADDRESS, identity: HOST_KEY };
  const boot = (machine: Partial<Machine>, seen: Partial<Observation> = {}) =>
    planFor(
      anObservation({ machines: [aBootingMachine(machine)], instances: [anInstance()], ...seen }),
      NEEDED,
    );

  it('is ready once the Hydra host has reached it, with its host key pinned', () => {
    const plan = boot(known, { readiness: [probe(true)] });
    expect(onlyMachine(plan).phase).toBe('ready');
    expect(plan.offers[0]?.machine).toMatchObject({ instanceId: ID, identity: HOST_KEY });
  });
  it('is not ready without a host key, however well it answers', () => {
    expect(onlyMachine(boot({ address: ADDRESS }, { readiness: [probe(true)] })).phase).toBe('booting');
  });
  it('is not ready unless EC2 shows it running', () => {
    const instances = [anInstance({ state: 'pending' })];
    expect(onlyMachine(boot(known, { readiness: [probe(true)], instances })).phase).toBe('booting');
  });
  it.each<[string, Partial<Observation>, string]>([
    [
      'there is an objection',
      { objections: new Map([[ID, 'one SSH host key: two tell two']]) },
      'two tell two',
    ],
    [
      'it tells another key than before',
      { identities: new Map([[ID, 'ssh-ed25519 AAAAother']]) },
      'another one',
    ],
  ])(
    'is not offered, however well it answers, where %s, and ends as one that never gets ready',
    (_why, seen, words) => {
      const plan = boot(known, { readiness: [probe(true)], ...seen });
      expect(onlyMachine(plan).phase).toBe('booting');
      expect(saidOf(plan, ID)).toContain(words);
      expect(plan.offers.some(({ machine: { instanceId } }) => instanceId === ID)).toBe(false);
      const { says } = told.objectionable(ID, '');
      expect(problemsIn(plan)).toEqual([expect.stringMatching(`^${says}.*${words}.* Remedy: `)]);
      const late = boot({ ...known, phaseSince: NOW - 600 }, { readiness: [probe(true)], ...seen });
      expect(actionsIn(late)).toEqual([`terminate ${ID}`]);
      expect(onlyMachine(late).reason).toMatch(new RegExp(`${told.neverReady(600, '')}.*${words}`));
    },
  );
  it('takes the host key of its type before one it told itself', () => {
    const hostKeys = new Map([[ID, 'ssh-rsa AAAAother']]);
    expect(onlyMachine(boot({}, { identities: hostKeys })).identity).toBe('ssh-rsa AAAAother');
    const pinned = aConfig([aType(LINUX, { minMachines: 1, publicHostKey: HOST_KEY })]);
    const observation = anObservation({
      machines: [aBootingMachine()],
      instances: [anInstance()],
      identities: hostKeys,
    });
    expect(onlyMachine(planFor(observation, pinned)).identity).toBe(HOST_KEY);
  });
  it.each([
    [{}, { instances: [anInstance({ state: 'pending' })] }, told.ec2ToRunIt],
    [{ address: ADDRESS }, {}, 'its SSH host key'],
    [known, {}, 'the Hydra host to try'],
    [known, { readiness: [probe(false)] }, 'no route to host'],
  ])('says what it waits for: %j', (machine, seen, words) => {
    expect(saidOf(boot(machine, seen), ID)).toContain(words);
  });
});

describe('a machine that does not come up', () => {
  const overdue = { phaseSince: NOW - 600, address: ADDRESS, identity: HOST_KEY };
  const late = (machine: Partial<Machine>, seen: Partial<Observation> = {}, farm: Farm = { backOffs: [] }) =>
    planFor(
      anObservation({ machines: [aBootingMachine(machine)], instances: [anInstance()], farm, ...seen }),
      NEEDED,
    );

  it('is terminated after the time-out of its type, and its type rests before the next launch', () => {
    const plan = late(overdue, { readiness: [probe(false)] });
    expect(actionsIn(plan)).toEqual([`terminate ${ID}`]);
    expect(onlyMachine(plan).reason).toContain(told.neverReady(600, ''));
    expect(plan.farm.backOffs).toMatchObject([{ type: LINUX, failures: 1, until: NOW + 60 }]);
    expect(saidOf(plan, LINUX)).toContain(told.rests({ until: NOW + 60, reason: '' }, NOW));
  });
  it('has its full time', () => {
    expect(
      actionsIn(late({ ...overdue, phaseSince: NOW - 599 }, { readiness: [probe(false)] })),
    ).not.toContain(`terminate ${ID}`);
  });
  it('is not blamed for a Hydra host that could not try it', () => {
    expect(onlyMachine(late(overdue, { queue: untrusted() })).phase).toBe('booting');
  });
  it.each([
    ['it has no host key', { phaseSince: NOW - 600, address: ADDRESS, unknownToRunner: true as const }, {}],
    ['it has no address', { phaseSince: NOW - 600 }, { instances: [lacking(anInstance(), 'address')] }],
    ['EC2 does not run it', overdue, { instances: [anInstance({ state: 'pending' })] }],
  ])('is given up when %s, whatever the host can do', (_why, machine, seen) => {
    expect(actionsIn(late(machine, { queue: untrusted(), ...seen }))).toEqual([`terminate ${ID}`]);
  });
  it('waits without a status when the last one showed work at its address, or none has come since it was launched', () => {
    const machine = { phaseSince: NOW - 600, address: ADDRESS } as const;
    const busy = onlyMachine(
      late(
        { ...machine, phaseSince: NOW - 60, unknownToRunner: true },
        { queue: aStatus({ machines: [aQueueMachine({ currentJobs: 1 })] }) },
      ),
    );
    expect(busy).not.toHaveProperty('unknownToRunner');
    const blind = late(machine, { queue: untrusted() });
    expect(actionsIn(blind)).toEqual([]);
    expect(onlyMachine(blind).phase).toBe('failed');
  });
  it('is noted to be unknown to the queue runner by every trusted status that shows nobody at its address', () => {
    const machine = { phaseSince: NOW - 60, address: ADDRESS } as const;
    expect(onlyMachine(late(machine, { queue: aStatus() })).unknownToRunner).toBe(true);
    expect(onlyMachine(late(machine, { queue: untrusted() }))).not.toHaveProperty('unknownToRunner');
  });
  it('drains first where the queue runner has work on it all the same', () => {
    const queue = aStatus({ machines: [aQueueMachine({ currentJobs: 1 })] });
    const plan = late(overdue, { readiness: [probe(false)], queue });
    expect(plan.actions.filter(({ kind }) => kind === 'terminate')).toEqual([]);
    expect(onlyMachine(plan).phase).toBe('draining');
  });
  it('makes its type rest longer each time, and one that comes up ends that', () => {
    const rest = { type: LINUX, failures: 3, until: NOW - 10, reason: 'not ready', trial: true } as const;
    const farm = { backOffs: [rest] };
    expect(late(overdue, { readiness: [probe(false)] }, farm).farm.backOffs).toMatchObject([
      { failures: 4, until: NOW + 480 },
    ]);
    expect(
      late({ ...overdue, phaseSince: NOW - 60 }, { readiness: [probe(true)] }, farm).farm.backOffs,
    ).toEqual([]);
  });
});

describe('a ready machine', () => {
  const busy = aStatus({ demand: [steps(LINUX, 9)] });
  const look = (machine: Machine) =>
    anObservation({ machines: [machine], instances: [anInstance()], queue: busy });

  it('that cannot be offered is drained after its time to boot, and not taken back because work waits', () => {
    const keyless = lacking(aMachine({ phaseSince: NOW - 600 }), 'identity', 'offered');
    const drained = onlyMachine(planFor(look(keyless), NEEDED));
    expect(drained.phase).toBe('draining');
    expect(drained.reason).toContain('its SSH host key');
    expect(onlyMachine(planFor(look(drained), NEEDED)).phase).toBe('draining');
  });
  it('that lost its tag is drained and replaced, unless a person protects it', () => {
    const untagged = anObservation({
      machines: [aMachine()],
      instances: [anInstance({ untagged: true })],
    });
    const gone = planFor(untagged, NEEDED);
    expect([onlyMachine(gone).phase, actionsIn(gone)]).toEqual(['draining', [`launch 1 ${LINUX}`]]);
    const protect: MachineOrder = { kind: 'protect', instanceId: ID, at: NOW - 300 };
    const kept = planFor({ ...untagged, state: { ...untagged.state, orders: [protect] } }, NEEDED);
    expect([onlyMachine(kept).phase, actionsIn(kept)]).toEqual(['ready', []]);
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
  const look = (machine: Partial<Machine>, startedAt: number, readiness: Observation['readiness'] = []) =>
    onlyMachine(
      planFor(
        anObservation({
          machines: [aMachine({ startedAt: NOW - 3000, ...machine })],
          instances: [anInstance({ startedAt })],
          readiness,
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
