/** The part of the machine fleet contract about launches. */
import { describe, expect, it } from 'vitest';
import type { MachineType } from '../../lambdas/core/config/machine-type.ts';
import type { Pool } from '../../lambdas/core/model/index.ts';
import type { Region } from '../../local/world/region/region.ts';
import type { RegionSettings } from '../../local/world/region/settings.ts';
import type { FleetBench } from './fleet-bench.ts';
import { NEWEST_IMAGE, nixosType, poolOf } from './fleet-bench.ts';

export function launchContract(bench: FleetBench): void {
  describe('a launch', () => {
    it('makes machines that are found again with their type, launch and pool', async () => {
      const ids = await bench.launched({ count: 2 });
      const found = (await bench.fleet.describe()).instances;
      expect(found.map(({ instanceId }) => instanceId).toSorted()).toEqual([...ids].toSorted());
      for (const instance of found) {
        expect(instance).toEqual({
          instanceId: instance.instanceId,
          state: 'pending',
          type: nixosType.key,
          launchId: 'launch-1',
          templateId: bench.region.templates.all[0]?.id,
          address: bench.region.instances.find(instance.instanceId)?.address,
          startedAt: bench.region.timeline.now,
          instanceType: 'c7i.2xlarge',
          subnet: 'subnet-0aaaaaaaaaaaaaaaa',
          zone: 'us-east-1a',
          market: 'on-demand',
          interrupted: false,
        });
      }
      bench.advance(60);
      expect((await bench.fleet.describe()).instances.map(({ state }) => state)).toEqual([
        'running',
        'running',
      ]);
    });

    it('boots the newest image that fits', async () => {
      const [id = ''] = await bench.launched();
      expect(bench.region.instances.find(id)?.image.imageId).toBe(NEWEST_IMAGE);
    });

    it('sent twice makes its machines once and names the same ones', async () => {
      const first = await bench.launched({ count: 3 });
      const second = await bench.launched({ count: 3 });
      expect([...second].toSorted()).toEqual([...first].toSorted());
      expect(bench.region.instances.all).toHaveLength(3);
    });

    it('whose answer is lost leaves the outcome open, and sent again makes nothing new', async () => {
      bench.region.faults.next('CreateFleet', { kind: 'lost-reply' });
      expect(await bench.launch({ count: 2 })).toMatchObject({ answered: false });
      expect(await bench.launched({ count: 2 })).toHaveLength(2);
      expect(bench.region.instances.all).toHaveLength(2);
    });

    it('that never arrived leaves the outcome open, and sent again is carried out', async () => {
      bench.region.faults.next('CreateFleet', { kind: 'lost-request' });
      expect(await bench.launch()).toMatchObject({ answered: false });
      expect(bench.region.instances.all).toHaveLength(0);
      expect(await bench.launched()).toHaveLength(1);
    });

    it('asked with other parameters under a used id launches nothing more, and finds what is there', async () => {
      const first = await bench.launched({ count: 1 });
      const second = await bench.launch({ count: 3 });
      expect(second).toMatchObject({ answered: true, instanceIds: first });
      expect(bench.region.instances.all).toHaveLength(1);
    });

    it.each([
      ['IdempotentInstanceTerminated', 0],
      ['terminated-instances', 1],
    ] as const)('whose machines are gone is not repeated (%s)', async (terminatedTokenAnswer, named) => {
      await bench.begin({ terminatedTokenAnswer });
      const ids = await bench.launched();
      await bench.fleet.terminate(ids);
      bench.advance(120);
      expect(await bench.launched()).toEqual(ids.slice(0, named));
      expect(bench.region.instances.all).toHaveLength(1);
    });

    it('gets what there is, from the next pool too, and names each pool that failed', async () => {
      bench.region.capacity.limit({ zone: 'us-east-1a' }, 1);
      bench.region.capacity.limit({ zone: 'us-east-1b' }, 1);
      const pools = [poolOf('a'), poolOf('b')];
      const result = await bench.launch({ count: 3, pools });
      expect(result).toMatchObject({ answered: true });
      if (!result.answered) return;
      const subnets = (await bench.fleet.describe()).instances.map(({ subnet }) => subnet);
      expect(subnets.toSorted()).toEqual(['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb']);
      expect(result.instanceIds).toHaveLength(2);
      const origins = result.instanceIds.map((id) => result.pools.get(id));
      expect(origins.toSorted((a, b) => ((a?.subnet ?? '') < (b?.subnet ?? '') ? -1 : 1))).toEqual(pools);
      expect(result.refusals.map(({ kind, pool }) => [kind, pool])).toEqual([
        ['capacity', pools[0]],
        ['capacity', pools[1]],
      ]);
    });

    it('falls back in the order given', async () => {
      bench.region.capacity.limit({ zone: 'us-east-1b' }, 0);
      const [id] = await bench.launched({ pools: [poolOf('b'), poolOf('c'), poolOf('a')] });
      expect((await bench.described(id))?.subnet).toBe('subnet-0cccccccccccccccc');
    });

    it.each<[string, string, (region: Region) => void, Partial<RegionSettings>, Pool['market']]>([
      ['capacity', 'no machine is left', (region) => region.capacity.limit({}, 0), {}, 'on-demand'],
      [
        'unsupported',
        'the zone does not offer the type',
        (region) => region.capacity.withdraw({}),
        {},
        'on-demand',
      ],
      ['quota', 'the quota is used up', () => undefined, { onDemandVcpuQuota: 4 }, 'on-demand'],
      ['market', 'the spot quota is used up', () => undefined, { spotVcpuQuota: 4 }, 'spot'],
      [
        'throttled',
        'there are too many requests',
        (region) => region.faults.next('CreateFleet', { kind: 'throttle' }),
        {},
        'on-demand',
      ],
    ])('is refused as %s when %s, without an error', async (kind, _, prepare, settings, market) => {
      await bench.begin(settings);
      prepare(bench.region);
      const result = await bench.launch({ pools: [poolOf('a', market)] });
      expect(result).toMatchObject({ answered: true, instanceIds: [], refusals: [{ kind }] });
      expect(bench.region.instances.all).toHaveLength(0);
    });

    it.each<[string, Partial<MachineType>]>([
      ['launch template', { launchTemplate: 'no-such-template' }],
      ['image', { image: { id: 'ami-0deadbeefdeadbeef' } }],
      ['image name', { image: { owner: '427812963091', name: 'debian-*', architecture: 'x86_64' } }],
    ])('is a matter of configuration when there is no such %s', async (_, changes) => {
      const result = await bench.launch({}, { ...nixosType, ...changes });
      expect(result).toMatchObject({
        answered: true,
        instanceIds: [],
        refusals: [{ kind: 'configuration' }],
      });
      expect(bench.region.instances.all).toHaveLength(0);
    });
  });
}
