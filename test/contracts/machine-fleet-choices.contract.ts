/** The part of the machine fleet contract about launches whose instance type EC2 chooses. */
import { describe, expect, it } from 'vitest';
import { normaliseRequirements } from '../../lambdas/core/config/instance-requirements.ts';
import type { MachineType } from '../../lambdas/core/config/machine-type.ts';
import type { Pool } from '../../lambdas/core/model/index.ts';
import type { FleetBench } from './fleet-bench.ts';
import { nixosType, poolOf } from './fleet-bench.ts';

const NEEDED = { min: 8, max: 8 };
const required = (changed: object = {}): MachineType => ({
  ...nixosType,
  instanceTypes: [],
  instanceRequirements: normaliseRequirements(
    {
      vCpus: NEEDED,
      memoryGiB: { min: 16 },
      manufacturers: ['intel'],
      excludeFamilies: ['c5', 'm*'],
      localDisk: false,
      ...changed,
    },
    'x86_64',
  ),
});

const any = (letter: 'a' | 'b' | 'c', market: Pool['market'] = 'on-demand'): Pool => ({
  ...poolOf(letter, market),
  instanceType: '',
});

export function choiceContract(bench: FleetBench): void {
  describe('a launch whose instance type EC2 chooses', () => {
    it('gets the cheapest that fits on demand, and says which', async () => {
      const result = await bench.launch({ count: 2, pools: [any('a'), any('b')] }, required());
      if (!result.answered) throw new Error(result.reason);
      expect(result.refusals).toEqual([]);
      expect([...result.pools.values()]).toEqual(
        Array(2).fill({ ...poolOf('a'), instanceType: 'c6i.2xlarge' }),
      );
      for (const id of result.instanceIds)
        expect(await bench.described(id)).toMatchObject({ instanceType: 'c6i.2xlarge' });
    });

    it('gets none of what is left out, and none of another architecture', async () => {
      const launch = { pools: [any('a', 'spot')], without: ['c6i.2xlarge', 'c7i.2xlarge'] };
      const result = await bench.launch(launch, required());
      expect(result.answered && [...result.pools.values()]).toEqual([
        { ...poolOf('a', 'spot'), instanceType: 'c8i.2xlarge' },
      ]);
    });

    it('is told for each instance type that AWS is short of it, and gets the next one', async () => {
      bench.region.capacity.limit({ instanceType: 'c6i.2xlarge' }, 1);
      const result = await bench.launch({ count: 2, pools: [any('a')] }, required());
      if (!result.answered) throw new Error(result.reason);
      expect(result.refusals).toMatchObject([
        { kind: 'capacity', pool: { ...poolOf('a'), instanceType: 'c6i.2xlarge' } },
      ]);
      expect([...result.pools.values()].map(({ instanceType }) => instanceType)).toEqual([
        'c6i.2xlarge',
        'c7i.2xlarge',
      ]);
    });

    it('pays no more than a fifth over the cheapest on demand', async () => {
      bench.region.capacity.limit({ instanceType: 'c6i.2xlarge' }, 0);
      bench.region.capacity.limit({ instanceType: 'c7i.2xlarge' }, 0);
      bench.region.capacity.limit({ instanceType: 'c8i.2xlarge' }, 0);
      const onDemand = await bench.launch({ pools: [any('a')] }, required());
      expect(onDemand).toMatchObject({ answered: true, instanceIds: [] });
      const spot = await bench.launch({ id: 'launch-2', pools: [any('a', 'spot')] }, required());
      expect(spot.answered && [...spot.pools.values()]).toMatchObject([{ instanceType: 'r6i.2xlarge' }]);
    });

    it('is refused where nothing fits, or where its type no longer says what fits', async () => {
      const nothing = required({ vCpus: { min: 7, max: 7 } });
      expect(await bench.launch({ pools: [any('a')] }, nothing)).toMatchObject({
        answered: true,
        instanceIds: [],
        refusals: [{ kind: 'configuration' }],
      });
      expect(await bench.launch({ id: 'launch-2', pools: [any('a')] }, nixosType)).toMatchObject({
        refusals: [{ kind: 'configuration' }],
      });
    });

    it('has prerequisites: what it may get, zone by zone, and a launch of one of them that is tried', async () => {
      bench.region.capacity.withdraw({ instanceType: 'c8i.2xlarge', zone: 'us-east-1b' });
      const { instanceTypes, trials, subnets } = await bench.fleet.prerequisites({
        ...required(),
        subnets: [poolOf('a').subnet],
      });
      const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
      const found = instanceTypes.ok ? instanceTypes.value : [];
      expect(found.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
        { name: 'c6i.2xlarge', vcpus: 8, architectures: ['x86_64'], zones },
        { name: 'c7i.2xlarge', vcpus: 8, architectures: ['x86_64'], zones },
        { name: 'c8i.2xlarge', vcpus: 8, architectures: ['x86_64'], zones: ['us-east-1a', 'us-east-1c'] },
        { name: 'r6i.2xlarge', vcpus: 8, architectures: ['x86_64'], zones },
        { name: 'r7i.2xlarge', vcpus: 8, architectures: ['x86_64'], zones },
      ]);
      expect(trials).toMatchObject({ ok: true, value: [{ outcome: 'allowed' }, { outcome: 'allowed' }] });
      expect(subnets).toMatchObject({ ok: true, value: [{ zone: 'us-east-1a' }] });
    });
  });
}
