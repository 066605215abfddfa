/** The part of the machine fleet contract about asking by id, and about what could not be asked. */
import { describe, expect, it } from 'vitest';
import { FARM_TAG } from '../../lambdas/aws/ec2/tags.ts';
import type { FleetBench } from './fleet-bench.ts';
import { FARM, NEWEST_IMAGE, nixosType, poolOf } from './fleet-bench.ts';

const UNKNOWN = ['i-0deadbeefdeadbeef', 'i-0feedfacefeedface'];

export function looksContract(bench: FleetBench): void {
  const refuse = (action: string, code = 'UnauthorizedOperation'): void => {
    bench.region.faults.rate(action, { kind: 'error', code }, 1);
  };

  describe('asked by id', () => {
    it('shows machines whatever tags they bear, and says which bear ours no more', async () => {
      const [ours = ''] = await bench.launched();
      const seed = { imageId: NEWEST_IMAGE, instanceType: 'c7i.2xlarge' };
      const bare = bench.region.seed(seed).instanceId;
      const others = bench.region.seed({ ...seed, tags: { [FARM_TAG]: 'another-farm' } }).instanceId;
      const { instances, denied, problems } = await bench.fleet.find([ours, bare, others]);
      expect(denied).toEqual(new Set());
      expect(problems).toEqual([]);
      expect(instances.find(({ instanceId }) => instanceId === ours)).toEqual(await bench.described(ours));
      const strangers = instances.filter(({ untagged }) => untagged === true);
      expect(strangers.map(({ instanceId }) => instanceId).toSorted()).toEqual([bare, others].toSorted());
      expect(strangers.every(({ state }) => state === 'running')).toBe(true);
    });

    it('tells which of them EC2 denies, and still shows the rest', async () => {
      const ids = await bench.launched({ count: 2 });
      const { instances, denied, problems } = await bench.fleet.find([...UNKNOWN, ...ids]);
      expect(denied).toEqual(new Set(UNKNOWN));
      expect(instances.map(({ instanceId }) => instanceId).toSorted()).toEqual([...ids].toSorted());
      expect(problems).toEqual([]);
    });

    it('denies what is not to be seen yet, as EC2 does', async () => {
      await bench.begin({ hiddenSeconds: [10, 10] });
      const ids = await bench.launched();
      expect((await bench.fleet.find(ids)).denied).toEqual(new Set(ids));
      bench.advance(11);
      expect(await bench.fleet.find(ids)).toMatchObject({ denied: new Set(), instances: [{}] });
    });

    it('knows nothing, and says why, when AWS does not tell', async () => {
      const ids = await bench.launched();
      refuse('DescribeInstances');
      const { instances, denied, problems } = await bench.fleet.find([...ids, ...UNKNOWN]);
      expect({ instances, denied }).toEqual({ instances: [], denied: new Set() });
      expect(problems).toMatchObject([
        { says: expect.stringContaining('DescribeInstances was refused: UnauthorizedOperation') as unknown },
      ]);
    });

    it('asks many in few calls, and nothing for none', async () => {
      const seed = { imageId: NEWEST_IMAGE, instanceType: 'c7i.large', tags: { [FARM_TAG]: FARM } };
      const ids = Array.from({ length: 150 }, () => bench.region.seed(seed).instanceId);
      let calls = 0;
      bench.region.observe({ call: () => (calls += 1) });
      const { instances, denied } = await bench.fleet.find([...ids, ...UNKNOWN]);
      expect([instances.length, denied.size]).toEqual([150, 2]);
      expect(calls).toBe(3);
      expect(await bench.fleet.find([])).toEqual({ instances: [], denied: new Set(), problems: [] });
      expect(calls).toBe(3);
    });
  });

  describe('what could not be asked', () => {
    it('of spot machines is whether AWS takes them; the machines are shown all the same', async () => {
      const [spot] = await bench.launched({ pools: [poolOf('a', 'spot')] });
      const [demand] = await bench.launched({ id: 'launch-2' });
      refuse('DescribeSpotInstanceRequests');
      const { instances, problems } = await bench.fleet.describe();
      expect(instances.find(({ instanceId }) => instanceId === spot)).not.toHaveProperty('interrupted');
      expect(instances.find(({ instanceId }) => instanceId === demand)).toMatchObject({ interrupted: false });
      expect(problems).toMatchObject([
        {
          says: expect.stringContaining(
            'DescribeSpotInstanceRequests was refused: UnauthorizedOperation',
          ) as unknown,
        },
      ]);
    });

    it('of consoles is told once, with how many it was', async () => {
      const ids = await bench.launched({ count: 3 });
      bench.advance(600);
      refuse('GetConsoleOutput');
      const { identities, problems } = await bench.builders.identities(ids);
      expect(identities).toEqual(new Map());
      expect(problems).toMatchObject([
        {
          says: expect.stringMatching(
            /^GetConsoleOutput was refused: UnauthorizedOperation: .*\(3 times\)$/,
          ) as unknown,
        },
      ]);
    });

    it('of machines themselves is told, and is no answer', async () => {
      const ids = await bench.launched({ count: 2 });
      bench.advance(600);
      refuse('DescribeInstanceInformation', 'AccessDeniedException');
      const { uses, problems } = await bench.builders.storeUse(ids);
      expect(uses).toEqual(new Map());
      expect(problems).toMatchObject([
        {
          says: expect.stringContaining(
            'DescribeInstanceInformation was refused: AccessDeniedException',
          ) as unknown,
        },
      ]);
    });
  });

  it('tells why a machine is in its state', async () => {
    const ids = await bench.launched();
    await bench.fleet.terminate(ids);
    expect((await bench.described(ids[0]))?.stateReason?.code).toBe('Client.UserInitiatedShutdown');
  });

  describe('launch templates', () => {
    const { launchTemplate: name } = nixosType;

    it('are told by name; what is not there is left out', async () => {
      const [template] = bench.region.templates.all;
      expect(await bench.fleet.templates(['not-there', name])).toEqual({
        templates: [{ name, id: template?.id }],
        problems: [],
      });
      expect(await bench.fleet.templates(['not-there'])).toEqual({ templates: [], problems: [] });
    });

    it('are unknown, not absent, when AWS does not tell', async () => {
      refuse('DescribeLaunchTemplates');
      const found = await bench.fleet.templates([name]);
      expect(found).not.toHaveProperty('templates');
      expect(found.problems).toMatchObject([
        {
          says: expect.stringContaining(
            'DescribeLaunchTemplates was refused: UnauthorizedOperation',
          ) as unknown,
        },
      ]);
    });
  });
}
