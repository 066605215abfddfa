/** What the machines file says, and what is remembered of it. */
import { describe, expect, it } from 'vitest';
import type { Listing, Machine } from '../../../../lambdas/core/model/index.ts';
import { confirmListings } from '../../../../lambdas/core/life/listing.ts';
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
  anInstance,
  anObservation,
  lacking,
  onlyMachine,
  planFor,
  sightingAt,
  steps,
} from '../../../core/given.ts';

const listings = (machines: readonly Machine[], config = aConfig()): readonly Listing[] =>
  planFor(
    anObservation({
      machines,
      instances: machines.map(({ instanceId, address }) =>
        anInstance({ instanceId, ...(address === undefined ? {} : { address }) }),
      ),
      queue: aStatus({ demand: [steps(LINUX, 9)] }),
    }),
    config,
  ).listings;
const ids = (lines: readonly Listing[]) => lines.map(({ instanceId }) => instanceId ?? 'placeholder');

describe('the machines file', () => {
  it('has one line a ready machine, in the words of its type', () => {
    const type = aType('x86_64-linux:kvm', {
      minMachines: 1,
      supportedFeatures: ['benchmark'],
      maxJobs: 4,
      speedFactor: 1.5,
      sshKey: '/var/lib/hydra/id',
    });
    const [line] = listings([aMachine({ type: type.key })], aConfig([type]));
    expect(line).toEqual({
      instanceId: 'i-00000001',
      address: ADDRESS,
      systems: ['x86_64-linux', 'i686-linux'],
      sshKey: '/var/lib/hydra/id',
      maxJobs: 4,
      speedFactor: 1.5,
      supportedFeatures: ['kvm', 'benchmark'],
      mandatoryFeatures: ['kvm'],
      hostKey: HOST_KEY,
      sshUser: 'root',
      sshPort: 22,
    });
  });
  it('has one placeholder a type, at an address that cannot exist and with no job', () => {
    const lines = listings([], aConfig([aType('x86_64-linux'), aType('aarch64-linux:kvm')]));
    expect(lines).toMatchObject([
      { maxJobs: 0, systems: ['x86_64-linux', 'i686-linux'], supportedFeatures: [] },
      { maxJobs: 0, systems: ['aarch64-linux'], supportedFeatures: ['kvm'], mandatoryFeatures: ['kvm'] },
    ]);
    expect(new Set(lines.map(({ address }) => address)).size).toBe(2);
    for (const { address } of lines) expect(address).toMatch(/\.invalid$/);
  });
  it('has placeholders of its own names: the queue runner takes two of one name in its files for one', () => {
    const tags = ['farm', 'Farm', 'my_farm', 'my-farm', 'my.farm', 'z5f', '_', '@'.repeat(100)];
    const addresses = tags.map(
      (tag) => listings([], { ...aConfig([aType('x86_64-linux')]), tag })[0]?.address,
    );
    expect(new Set(addresses).size).toBe(tags.length);
    for (const address of addresses) expect(address).toMatch(/^[a-z0-9.-]{1,253}$/);
  });
  it('has lines for whom and where machines of the type let in', () => {
    const type = { ...aType('x86_64-linux'), sshUser: 'nix', sshPort: 2222 };
    const lines = listings([aMachine({ address: ADDRESS, identity: HOST_KEY })], aConfig([type]));
    expect(lines).toMatchObject([
      { sshUser: 'nix', sshPort: 2222 },
      { sshUser: 'nix', sshPort: 2222 },
    ]);
  });
  it('does not name i686 twice where the type names it', () => {
    expect(listings([], aConfig([aType('x86_64-linux,i686-linux')]))[0]?.systems).toEqual([
      'x86_64-linux',
      'i686-linux',
    ]);
  });
  it.each([
    ['booting', aBootingMachine({ address: ADDRESS, identity: HOST_KEY })],
    ['drained for good', aMachine({ phase: 'draining', unreachableSince: NOW - 900 })],
    ['stopping', aMachine({ phase: 'stopping', drain: { since: NOW, reason: 'not needed' } })],
    ['terminating', aMachine({ phase: 'terminating' })],
    ['without an address', lacking(aMachine(), 'address')],
    ['without a host key and new', lacking(aMachine(), 'identity', 'offered', 'seenOffered')],
  ])('has no line of a machine that is %s', (_what, machine) => {
    const seen = lacking(anInstance(), 'address');
    const plan = planFor(
      anObservation({
        machines: [machine],
        instances: [seen],
        queue: aStatus({ demand: [steps(LINUX, 9)] }),
      }),
    );
    expect(ids(plan.listings)).toEqual(['placeholder']);
  });
  it('keeps a machine that works without a pinned key', () => {
    const [line] = listings([lacking(aMachine(), 'identity')]);
    expect(line).toMatchObject({ instanceId: 'i-00000001' });
    expect(line).not.toHaveProperty('identity');
  });
  it('has one line an address: that of the machine EC2 shows there', () => {
    const gone = aMachine({ instanceId: 'i-00000001', phaseSince: NOW - 100 });
    const successor = aMachine({ instanceId: 'i-00000002' });
    const plan = planFor(
      anObservation({
        machines: [gone, successor],
        instances: [anInstance({ instanceId: 'i-00000002' })],
        queue: aStatus({ demand: [steps(LINUX, 9)] }),
      }),
    );
    expect(ids(plan.listings)).toEqual(['i-00000002', 'placeholder']);
  });
});

describe('a verified file', () => {
  const verified = { at: NOW + 4, hostAt: NOW + 2 };
  const confirm = (machine: Machine, listed: boolean): Machine | undefined =>
    confirmListings([machine], listed ? listings([aMachine()]) : [], verified)[0];

  it('is noted on machines in it for the first time', () => {
    const fresh = lacking(aMachine(), 'offered', 'seenOffered');
    expect(confirm(fresh, true)?.offered).toEqual(verified);
    expect(confirm(aMachine(), true)?.offered).toEqual(sightingAt(NOW - 5000));
  });
  it('is noted on draining machines that are out of it for the first time', () => {
    const drain = { since: NOW, reason: 'not needed' };
    const machine = confirm(aMachine({ phase: 'draining', drain }), false);
    expect(machine?.drain?.withdrawn).toEqual(verified);
    const before = { ...drain, withdrawn: sightingAt(NOW - 60) };
    expect(confirm(aMachine({ phase: 'draining', drain: before }), false)?.drain).toEqual(before);
  });
  it('says nothing of machines that neither are in it nor drain', () => {
    const machine = aBootingMachine();
    expect(confirm(machine, false)).toBe(machine);
  });
});

describe('the queue runner’s first look at a line', () => {
  const unseen = lacking(aMachine(), 'seenOffered');
  const after = (machine: Machine, listed: boolean) =>
    onlyMachine(
      planFor(
        anObservation({
          machines: [machine],
          instances: [anInstance()],
          queue: aStatus({ demand: [steps(LINUX, 1)], machines: [aQueueMachine({ offered: listed })] }),
        }),
      ),
    );
  it('is noted once', () => {
    expect(after(unseen, true).seenOffered).toEqual(sightingAt(NOW));
    expect(after(aMachine(), true).seenOffered).toEqual(sightingAt(NOW - 4970));
  });
  it('is not noted before there is one, or while the file was never verified', () => {
    expect(after(unseen, false)).not.toHaveProperty('seenOffered');
    expect(after(lacking(unseen, 'offered'), true)).not.toHaveProperty('seenOffered');
  });
});
