/** The part of the machine fleet contract about the machines that are there. */
import { describe, expect, it } from 'vitest';
import type { InstanceResult } from '../../lambdas/ports.ts';
import { FARM_TAG } from '../../lambdas/aws/ec2/tags.ts';
import type { FleetBench } from './fleet-bench.ts';
import { FARM, NEWEST_IMAGE, OLD_IMAGE, nixosType, poolOf } from './fleet-bench.ts';

export function machinesContract(bench: FleetBench): void {
  describe('what there is', () => {
    it('is found by the farm’s tag alone', async () => {
      const seed = { imageId: NEWEST_IMAGE, instanceType: 'c7i.2xlarge' };
      bench.region.seed({ ...seed, tags: { [FARM_TAG]: 'another-farm' } });
      bench.region.seed(seed);
      const ours = bench.region.seed({ ...seed, tags: { [FARM_TAG]: FARM } });
      const found = (await bench.fleet.describe()).instances;
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({
        instanceId: ours.instanceId,
        state: 'running',
        address: ours.address,
      });
      expect(found[0]).not.toHaveProperty('type');
      expect(found[0]).not.toHaveProperty('launchId');
    });

    it('tells the template of what a fleet launched, and of nothing else', async () => {
      const [id] = await bench.launched();
      const [template] = bench.region.templates.all;
      expect(await bench.described(id)).toMatchObject({ templateId: template?.id });
      const seed = { imageId: NEWEST_IMAGE, instanceType: 'c7i.2xlarge', tags: { [FARM_TAG]: FARM } };
      const bare = await bench.described(bench.region.seed(seed).instanceId);
      expect(bare).toMatchObject({ state: 'running' });
      expect(bare).not.toHaveProperty('templateId');
      const run = bench.region.launcher.run({
        template: { name: nixosType.launchTemplate },
        parameters: { tags: { instance: { [FARM_TAG]: FARM } } },
        minCount: 1,
        maxCount: 1,
      });
      const byHand = await bench.described(run.instances[0]?.instanceId);
      expect(byHand).toMatchObject({ state: 'pending' });
      expect(byHand).not.toHaveProperty('templateId');
    });

    it('is nothing at first', async () => {
      expect(await bench.fleet.describe()).toEqual({ instances: [], problems: [] });
    });

    it('is told on every page', async () => {
      const seed = { imageId: NEWEST_IMAGE, instanceType: 'c7i.large', tags: { [FARM_TAG]: FARM } };
      for (let index = 0; index < 1005; index += 1) bench.region.seed(seed);
      expect(new Set((await bench.fleet.describe()).instances.map(({ instanceId }) => instanceId)).size).toBe(
        1005,
      );
    });

    it('is an error, not nothing, when AWS does not tell', async () => {
      bench.region.faults.rate('DescribeInstances', { kind: 'error', code: 'UnauthorizedOperation' }, 1);
      await expect(bench.fleet.describe()).rejects.toThrow();
    });

    it('tells spot machines, and the announcement that AWS takes one away', async () => {
      const [taken = '', kept] = await bench.launched({ count: 2, pools: [poolOf('a', 'spot')] });
      bench.advance(60);
      bench.region.spot.interrupt(taken);
      expect(await bench.described(taken)).toMatchObject({ market: 'spot', interrupted: true });
      expect(await bench.described(kept)).toMatchObject({ market: 'spot', interrupted: false });
    });

    it('keeps machines that are gone as such for a while', async () => {
      const ids = await bench.launched();
      await bench.fleet.terminate(ids);
      expect((await bench.described(ids[0]))?.state).toBe('shutting-down');
      bench.advance(120);
      expect((await bench.described(ids[0]))?.state).toBe('terminated');
    });
  });

  describe('starting, stopping and terminating', () => {
    const UNKNOWN = 'i-0deadbeefdeadbeef';
    const kinds = (results: readonly InstanceResult[]): Record<string, string> =>
      Object.fromEntries(results.map(({ instanceId, refusal }) => [instanceId, refusal?.kind ?? 'accepted']));

    it('takes a machine through its life; a start is a new paid hour', async () => {
      const ids = await bench.launched();
      const [id] = ids;
      bench.advance(300);
      expect(await bench.fleet.stop(ids)).toEqual([{ instanceId: id }]);
      bench.advance(120);
      expect((await bench.described(id))?.state).toBe('stopped');
      expect(await bench.fleet.start(ids)).toEqual([{ instanceId: id }]);
      expect(await bench.described(id)).toMatchObject({
        state: 'pending',
        startedAt: bench.region.timeline.now,
      });
      expect(await bench.fleet.terminate(ids)).toEqual([{ instanceId: id }]);
      expect((await bench.described(id))?.state).toBe('shutting-down');
    });

    it.each(['start', 'stop', 'terminate'] as const)('%s: one unknown id spoils nothing', async (action) => {
      const ids = await bench.launched({ count: 3 });
      bench.advance(60);
      const results = await bench.fleet[action]([UNKNOWN, ...ids]);
      expect(results).toHaveLength(4);
      expect(kinds(results)).toEqual({
        [UNKNOWN]: 'not-found',
        ...Object.fromEntries(ids.map((id) => [id, 'accepted'])),
      });
    });

    it('refuses what a machine’s state does not allow, and only that', async () => {
      const ids = await bench.launched({ count: 3 });
      const [gone = '', ...others] = ids;
      bench.advance(60);
      await bench.fleet.terminate([gone]);
      expect(kinds(await bench.fleet.stop(ids))).toEqual({
        [gone]: 'wrong-state',
        ...Object.fromEntries(others.map((id) => [id, 'accepted'])),
      });
      bench.advance(120);
      expect(kinds(await bench.fleet.start(ids))).toMatchObject({ [gone]: 'wrong-state' });
    });

    it('cannot stop a one-time spot machine, which a person has to change', async () => {
      const [id = ''] = await bench.launched({ pools: [poolOf('a', 'spot')] });
      bench.advance(60);
      expect(kinds(await bench.fleet.stop([id]))).toEqual({ [id]: 'configuration' });
    });

    it('may find no room for a stopped machine', async () => {
      const ids = await bench.launched({ count: 2 });
      bench.advance(60);
      await bench.fleet.stop(ids);
      bench.advance(120);
      bench.region.capacity.limit({}, 1);
      expect(Object.values(kinds(await bench.fleet.start(ids))).toSorted()).toEqual(['accepted', 'capacity']);
    });

    it('knows nothing of a machine that AWS does not show yet', async () => {
      await bench.begin({ hiddenSeconds: [10, 10] });
      const [id = ''] = await bench.launched();
      expect((await bench.fleet.describe()).instances).toEqual([]);
      expect(kinds(await bench.fleet.terminate([id]))).toEqual({ [id]: 'not-found' });
      bench.advance(11);
      expect(kinds(await bench.fleet.terminate([id]))).toEqual({ [id]: 'accepted' });
    });

    it.each(['start', 'stop', 'terminate'] as const)('%s never throws', async (action) => {
      const ids = await bench.launched();
      const name = { start: 'StartInstances', stop: 'StopInstances', terminate: 'TerminateInstances' }[
        action
      ];
      bench.region.faults.rate(name, { kind: 'lost-request' }, 1);
      expect(kinds(await bench.fleet[action](ids))).toEqual({ [ids[0] ?? '']: 'unknown' });
      expect(await bench.fleet[action]([])).toEqual([]);
    });
  });

  describe('host keys', () => {
    it('come once the machine has printed them, as one line without a comment', async () => {
      const [id = ''] = await bench.launched();
      expect(await bench.builders.identities([id])).toEqual({ identities: new Map(), problems: [] });
      bench.advance(600);
      const [algorithm, key] = bench.region.instances.find(id)?.hostKey.split(' ') ?? [];
      expect((await bench.builders.identities([id])).identities).toEqual(
        new Map([[id, `${algorithm} ${key}`]]),
      );
    });

    it('do not come from images that print fingerprints only, nor from machines nobody knows', async () => {
      const result = await bench.launch({}, { ...nixosType, image: { id: OLD_IMAGE } });
      bench.advance(600);
      const ids = result.answered ? result.instanceIds : [];
      expect(ids).toHaveLength(1);
      expect(await bench.builders.identities([...ids, 'i-0deadbeefdeadbeef'])).toEqual({
        identities: new Map(),
        problems: [],
      });
    });
  });

  it('knows no machine to be quiet that was not asked for', async () => {
    const nothing = { uses: new Map(), problems: [] };
    expect(await bench.builders.storeUse([])).toEqual(nothing);
    expect(await bench.builders.storeUse(['i-0deadbeefdeadbeef'])).toEqual(nothing);
  });
}
