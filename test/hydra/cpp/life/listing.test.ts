/** What the machines file says. */
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../../lambdas/core/model/index.ts';
import type { Listing } from '../../../../lambdas/hydra/cpp/life/listing.ts';
import {
  ADDRESS,
  HOST_KEY,
  LINUX,
  NOW,
  aBootingMachine,
  aConfig,
  aMachine,
  aStatus,
  aType,
  anInstance,
  anObservation,
  lacking,
  listingsOf,
  planFor,
  steps,
} from '../../../core/given.ts';

const listings = (machines: readonly Machine[], config = aConfig()): readonly Listing[] =>
  listingsOf(
    planFor(
      anObservation({
        machines,
        instances: machines.map(({ instanceId, address }) =>
          anInstance({ instanceId, ...(address === undefined ? {} : { address }) }),
        ),
        queue: aStatus({ demand: [steps(LINUX, 9)] }),
      }),
      config,
    ),
  );
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
      speedFactor: 13.5,
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
    expect(ids(listingsOf(plan))).toEqual(['placeholder']);
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
    expect(ids(listingsOf(plan))).toEqual(['i-00000002', 'placeholder']);
  });
});
