/** Calls that are refused for a while, and answers that are short. */
import { describe, expect, it } from 'vitest';
import type { FleetRequest } from '../../../local/world/region/fleet-request.ts';
import { RegionBench, START, SUBNET_A, SUBNET_B, X86_IMAGE, refusal } from './bench.ts';

class Bench extends RegionBench {
  constructor() {
    super();
    this.region.templates.create('builders', { imageId: X86_IMAGE, instanceType: 'c7i.large' }, START);
  }

  /** The code that the call meets at the gate; `none` when it is let through. */
  async call(action: string, input: unknown = {}): Promise<string> {
    try {
      await this.region.gate.call({ service: 'ec2', action, input }, () => undefined);
      return 'none';
    } catch (error) {
      return refusal(() => {
        throw error;
      });
    }
  }

  create(changes: Partial<FleetRequest> = {}) {
    const template = { name: 'builders' };
    return this.region.fleets.create({
      options: [
        { template, override: { instanceType: 'c7i.large', subnetId: SUBNET_A } },
        { template, override: { instanceType: 'c7a.large', subnetId: SUBNET_B } },
      ],
      onDemandCount: 2,
      spotCount: 0,
      order: { 'on-demand': 'priority', spot: 'priority' },
      tags: { instance: { type: 'kvm' } },
      ...changes,
    });
  }
}

describe('a refused call', () => {
  it('is refused by its name until that is over', async () => {
    const bench = new Bench();
    const end = bench.region.refusals.add({ action: 'GetConsoleOutput', code: 'UnauthorizedOperation' });
    expect(await bench.call('GetConsoleOutput')).toBe('UnauthorizedOperation');
    expect(await bench.call('StartInstances')).toBe('none');
    end();
    expect(await bench.call('GetConsoleOutput')).toBe('none');
  });

  it('is one about a machine that is meant, however it names it', async () => {
    const bench = new Bench();
    const [spot, other] = [bench.runOne({ market: 'spot' }), bench.runOne()];
    bench.region.refusals.add({ action: 'X', code: 'No', of: { market: 'spot' } });
    expect(await bench.call('X', { InstanceIds: [other.instanceId] })).toBe('none');
    expect(await bench.call('X', { InstanceIds: [other.instanceId, spot.instanceId] })).toBe('No');
    expect(await bench.call('X', { InstanceId: spot.instanceId })).toBe('No');
    expect(await bench.call('X', { Filters: [{ Name: 'instance-id', Values: [spot.instanceId] }] })).toBe(
      'No',
    );
    expect(await bench.call('X')).toBe('none');
  });

  it('is a part of all', async () => {
    const bench = new Bench();
    bench.region.refusals.add({ action: 'X', code: 'No', share: 0.5 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => bench.call('X')));
    const refused = answers.filter((code) => code === 'No').length;
    expect(refused).toBeGreaterThan(8);
    expect(refused).toBeLessThan(32);
  });
});

describe('a refused fleet', () => {
  it('is told pool by pool when only some are meant', () => {
    const bench = new Bench();
    bench.region.refusals.add({ action: 'CreateFleet', code: 'No', of: { instanceType: 'c7i.large' } });
    const { launches, refusals } = bench.create();
    expect(launches.map(({ plan, instances }) => [plan.type.name, instances.length])).toEqual([
      ['c7a.large', 2],
    ]);
    expect(refusals.map(({ option, error }) => [option.override.instanceType, error.code])).toEqual([
      ['c7i.large', 'No'],
    ]);
  });

  it.each([{ market: 'on-demand' }, { tags: { type: 'kvm' } }] as const)(
    'is refused as a whole when all its pools are meant: %o',
    (of) => {
      const bench = new Bench();
      bench.region.refusals.add({ action: 'CreateFleet', code: 'No', of });
      expect(refusal(() => bench.create())).toBe('No');
      expect(bench.region.instances.all).toEqual([]);
    },
  );

  it('is carried out when none is meant', () => {
    const bench = new Bench();
    bench.region.refusals.add({ action: 'CreateFleet', code: 'No', of: { market: 'spot' } });
    bench.region.refusals.add({ action: 'CreateFleet', code: 'No', of: { tags: { type: 'other' } } });
    expect(bench.create().launches).toHaveLength(1);
  });
});

describe('an answer that is short', () => {
  it.each([
    ['empty', []],
    ['half', [1, 3]],
    ['without-newest', [0, 1, 2, 4]],
  ] as const)('is %s so many times, and never to a question by id', (shortfall, left) => {
    const bench = new Bench();
    const four = bench.run({}, { minCount: 3, maxCount: 3 });
    bench.advance(60);
    const newest = bench.runOne();
    const gone = bench.runOne();
    bench.region.power.terminate([gone.instanceId]);
    const all = [...four, newest, gone];
    const { listings } = bench.region;
    listings.shorten(shortfall, 1);
    expect(listings.shown(all, true)).toEqual(all);
    expect(listings.shown(all, false)).toEqual(left.map((index) => all[index]));
    expect(listings.shown(all, false)).toEqual(all);
  });

  it('is short for everybody for as long as that lasts', () => {
    const bench = new Bench();
    const all = bench.run();
    const end = bench.region.listings.shorten('empty');
    expect([bench.region.listings.shown(all, true), bench.region.listings.shown(all, false)]).toEqual([
      [],
      [],
    ]);
    end();
    expect(bench.region.listings.shown(all, false)).toEqual(all);
  });
});

describe('a limit of capacity', () => {
  it('can be lifted again, and can be about a subnet or tags', () => {
    const bench = new Bench();
    const { capacity } = bench.region;
    const lift = capacity.limit({ subnet: SUBNET_A }, 0);
    expect(refusal(() => bench.run({ subnetId: SUBNET_A }))).toBe('InsufficientInstanceCapacity');
    expect(bench.run({ subnetId: SUBNET_B })).toHaveLength(1);
    lift();
    expect(bench.run({ subnetId: SUBNET_A })).toHaveLength(1);
    capacity.limit({ tags: { type: 'kvm' } }, 1);
    expect(bench.create().launches.map(({ instances }) => instances.length)).toEqual([1]);
  });
});
