/** Rules 5 to 8: plans that lose records, spoil the machines file or say nothing are caught. */
import { describe, expect, it } from 'vitest';
import type { Action, Launch, Listing } from '../../../lambdas/core/model/index.ts';
import type { Plan } from '../../../lambdas/core/plan/plan.ts';
import {
  HOST_KEY,
  LINUX,
  NOW,
  aBootingMachine,
  aLaunch,
  aMachine,
  anInstance,
  anObservation,
  lacking,
} from '../given.ts';
import { ID, atWork, broken } from './bad-plans.ts';

describe('rule 5, no orphan and no double', () => {
  const sends = (...launches: Launch[]): Action[] =>
    launches.map((launch) => ({ kind: 'launch', launch, reason: 'because' }));
  const empty = anObservation({});
  const launch = aLaunch({ id: 'new-1' });
  it.each([
    ['sent without being saved', () => ({ actions: sends(launch), launches: [] }), 'without being saved'],
    [
      'sent under a token EC2 refuses',
      () => ({ actions: sends({ ...launch, id: 'a b' }), launches: [{ ...launch, id: 'a b' }] }),
      'no EC2 client token',
    ],
    [
      'sent twice',
      () => ({ actions: sends(launch, launch), launches: [launch] }),
      'the token of two launches',
    ],
    [
      'for nothing',
      () => ({ actions: sends({ ...launch, count: 0 }), launches: [{ ...launch, count: 0 }] }),
      'asks for 0 machines',
    ],
    [
      'to nowhere',
      () => ({ actions: sends({ ...launch, pools: [] }), launches: [{ ...launch, pools: [] }] }),
      'names no pool',
    ],
  ])('catches a launch %s', (_how, bad, words) => {
    expect(broken(empty, bad).join('; ')).toContain(words);
  });
  it('catches a token that an instance bears already, and one sent again for something else', () => {
    const worn = anObservation({ instances: [anInstance({ launchId: 'new-1' })] });
    expect(broken(worn, () => ({ actions: sends(launch), launches: [launch] })).join()).toContain(
      'used before',
    );
    const open = anObservation({ launches: [launch] });
    const changed = { ...launch, count: 2 };
    expect(broken(open, () => ({ actions: sends(changed), launches: [changed] })).join()).toContain(
      'other words',
    );
  });
  it('catches a young launch that would be forgotten', () => {
    const open = anObservation({ launches: [aLaunch({ requestedAt: NOW - 60 })] });
    expect(
      broken(open, () => ({ launches: [], actions: [], closedLaunches: ['launch-1'] })).join(),
    ).toContain('would be forgotten');
  });
  it('catches an instance without a record, a closed record of one, and a record that just vanishes', () => {
    const none = { machines: [], listings: [] };
    expect(broken(atWork(), () => none).join()).toContain('the record of i-00000001 would be lost');
    expect(broken(atWork(), () => none).join()).toContain('instance i-00000001 would have no record');
    expect(broken(atWork(), () => ({ ...none, closedMachines: new Map([[ID, 'gone']]) })).join()).toContain(
      'closed although it exists',
    );
  });
  it('catches two records, and two actions, for one machine', () => {
    expect(broken(atWork(), ({ machines }) => ({ machines: [...machines, ...machines] })).join()).toContain(
      'two records',
    );
    const action: Action = { kind: 'terminate', instanceId: ID, reason: 'because' };
    expect(broken(atWork(), () => ({ actions: [action, action] })).join()).toContain('acted on twice');
  });
});

describe('rule 6, the machines file is whole and ours', () => {
  const line =
    (changed: Partial<Listing>) =>
    ({ listings }: Plan): Partial<Plan> => ({
      listings: listings.map((listing) =>
        listing.instanceId === undefined ? listing : { ...listing, ...changed },
      ),
    });
  const placeholder =
    (changed: Partial<Listing>) =>
    ({ listings }: Plan): Partial<Plan> => ({
      listings: listings.map((listing) =>
        listing.instanceId === undefined ? { ...listing, ...changed } : listing,
      ),
    });
  it.each([
    ['a placeholder with jobs', placeholder({ maxJobs: 1 }), 'would be given work'],
    [
      'a type without a placeholder',
      ({ listings }: Plan) => ({ listings: listings.slice(0, 1) }),
      'no placeholder',
    ],
    ['a placeholder of other systems', placeholder({ systems: ['riscv64-linux'] }), 'no placeholder'],
    [
      'two lines of one address',
      ({ listings }: Plan) => ({ listings: [...listings, ...listings] }),
      'share one address',
    ],
    [
      'a ready machine without a line',
      ({ listings }: Plan) => ({ listings: listings.slice(1) }),
      'would not be listed',
    ],
    ['another address', line({ address: '10.9.9.9' }), 'another address than its own'],
    ['a host key that is not its own', line({ hostKey: `${HOST_KEY}x` }), 'without its host key'],
    ['other slots than its type has', line({ maxJobs: 64 }), 'with 64 jobs'],
    ['a machine nobody knows', line({ instanceId: 'i-9' }), 'although it is not ready'],
  ])('catches %s', (_what, bad, words) => {
    expect(broken(atWork(), bad).join('; ')).toContain(words);
  });
  it('catches a machine listed on hope, and one without a key', () => {
    const booting = anObservation({ machines: [aBootingMachine()], instances: [anInstance()] });
    const hope =
      (machine: Partial<ReturnType<typeof aMachine>>) =>
      ({ listings }: Plan): Partial<Plan> => {
        const ready = aMachine(machine);
        const [first] = listings;
        const own =
          first === undefined ? [] : [{ ...first, instanceId: ID, address: ready.address ?? '', maxJobs: 1 }];
        return { machines: [ready], listings: [...own, ...listings] };
      };
    expect(broken(booting, hope({})).join('; ')).toContain('the Hydra host has not reached it');
    const keyless = anObservation({
      machines: [lacking(aMachine({ phaseSince: NOW - 60 }), 'identity', 'offered')],
      instances: [anInstance()],
    });
    const listedAnyway = ({ listings, machines }: Plan): Partial<Plan> => {
      const [first] = listings;
      const address = machines[0]?.address ?? '';
      return {
        listings: first === undefined ? [] : [{ ...first, instanceId: ID, address, maxJobs: 1 }, ...listings],
      };
    };
    expect(broken(keyless, listedAnyway).join('; ')).toContain('without its host key');
  });
});

describe('rule 7, nothing becomes code', () => {
  it.each<[string, Partial<Listing>]>([
    ['address', { address: '10.0.0.1 # rm' }],
    ['address', { address: 'a;b' }],
    ['system', { systems: ['x86_64-linux evil'] }],
    ['system', { systems: [] }],
    ['system', { systems: ['-'] }],
    ['SSH key', { sshKey: '/id\n@/etc/passwd' }],
    ['number of jobs', { maxJobs: 1.5 }],
    ['speed factor', { speedFactor: Infinity }],
    ['supported feature', { supportedFeatures: ['kvm;x'] }],
    ['mandatory feature', { mandatoryFeatures: ['a,b'] }],
    ['host key', { hostKey: 'ssh-ed25519 AAAA\nroot@evil' }],
  ])('catches a bad %s: %j', (column, changed) => {
    const bad = ({ listings }: Plan) => ({
      listings: listings.map((listing) => ({ ...listing, ...changed })),
    });
    expect(broken(atWork(), bad).join('; ')).toContain(`has a bad ${column}`);
  });
});

describe('rule 8, everything has a reason', () => {
  it.each<[string, (plan: Plan) => Partial<Plan>, string]>([
    [
      'an action',
      () => ({ actions: [{ kind: 'start', instanceId: 'i-9', reason: ' ' }] }),
      'a start has no reason',
    ],
    [
      'a decision',
      ({ decisions }) => ({ decisions: decisions.map((decision) => ({ ...decision, reason: '' })) }),
      'has no reason',
    ],
    ['a type', ({ decisions }) => ({ decisions: decisions.slice(1) }), `nothing is said of type ${LINUX}`],
    [
      'a machine',
      ({ decisions }) => ({ decisions: decisions.slice(0, 1) }),
      `nothing is said of machine ${ID}`,
    ],
  ])('catches %s without one', (_what, bad, words) => {
    expect(broken(atWork(), bad).join('; ')).toContain(words);
  });
  it('catches an instance that is left alone without a word', () => {
    const unreadable = [{ key: 'machine#1', instanceId: ID, problem: 'phase' }];
    const observation = anObservation({ instances: [anInstance()], unreadable });
    expect(broken(observation, ({ decisions }) => ({ decisions: decisions.slice(0, 1) })).join()).toContain(
      ID,
    );
  });
});
