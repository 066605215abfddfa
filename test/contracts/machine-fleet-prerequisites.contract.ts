import { describe, expect, it } from 'vitest';
import { NEWEST_IMAGE, nixosType, OLD_IMAGE, poolOf } from './fleet-bench.ts';
import type { FleetBench } from './fleet-bench.ts';

export function prerequisitesContract(bench: FleetBench): void {
  describe('prerequisites', () => {
    it('are the image a launch would take, instance types, the launch template, and the free addresses of its subnets', async () => {
      const subnets = [poolOf('a').subnet, poolOf('b').subnet];
      const found = await bench.fleet.prerequisites({ ...nixosType, subnets });
      expect(found).toEqual({
        image: {
          ok: true,
          value: {
            id: NEWEST_IMAGE,
            architecture: 'x86_64',
            platform: 'Linux/UNIX',
            isFromMarketplace: false,
          },
        },
        instanceTypes: { ok: true, value: [{ name: 'c7i.2xlarge', vcpus: 8, architectures: ['x86_64'] }] },
        launchTemplate: { ok: true, value: bench.region.templates.all[0]?.id },
        subnets: {
          ok: true,
          value: subnets.map((subnet, index) => ({
            subnet,
            freeAddresses: expect.any(Number) as unknown,
            zone: `us-east-1${'ab'.charAt(index)}`,
          })),
        },
        trials: {
          ok: true,
          value: [
            { call: 'RunInstances', outcome: 'allowed' },
            { call: 'CreateFleet', outcome: 'allowed' },
          ],
        },
      });
      expect(await bench.fleet.prerequisites(nixosType)).toMatchObject({ subnets: { ok: true, value: [] } });
    });

    it('are missing, each for its own reason, and nothing is thrown', async () => {
      const found = await bench.fleet.prerequisites({
        ...nixosType,
        image: { owner: '427812963091', name: 'nixos/1.0*', architecture: 'x86_64' },
        instanceTypes: ['c99.2xlarge'],
        launchTemplate: 'nobody-made-this',
        subnets: ['subnet-0123456789abcdef0'],
      });
      expect(found).toEqual({
        image: {
          ok: false,
          problem: expect.objectContaining({
            says: expect.stringContaining('nixos/1.0*') as unknown,
          }) as unknown,
        },
        instanceTypes: { ok: true, value: [] },
        launchTemplate: {
          ok: false,
          problem: expect.objectContaining({
            says: expect.stringMatching(/template/i) as unknown,
          }) as unknown,
        },
        subnets: {
          ok: false,
          problem: expect.objectContaining({
            says: expect.stringContaining('subnet-0123456789abcdef0') as unknown,
          }) as unknown,
        },
        trials: {
          ok: false,
          problem: expect.objectContaining({
            says: expect.stringContaining('nixos/1.0*') as unknown,
          }) as unknown,
        },
      });
    });

    it.each(['RunInstances', 'CreateFleet'])(
      'have AWS’s own word on whether a launch may be made: %s is denied, and nothing was launched',
      async (action) => {
        const message = `You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/a/b is not authorized to perform: ec2:${action} on resource: arn:aws:ec2:eu-central-1:123456789012:subnet/subnet-1 with an explicit deny in a service control policy. Encoded authorization failure message: 9-cm_A`;
        const end = bench.region.refusals.add({ action, code: 'UnauthorizedOperation', message });
        const { trials } = await bench.fleet.prerequisites({ ...nixosType, market: 'spot' });
        expect(trials.ok && trials.value.find(({ call }) => call === action)).toMatchObject({
          outcome: 'denied',
          code: 'UnauthorizedOperation',
          says: expect.stringMatching(
            /^You .* User: the function is not .* service control policy\.$/,
          ) as unknown,
          encoded: '9-cm_A',
        });
        expect(trials.ok && trials.value.find(({ call }) => call !== action)).toMatchObject({
          outcome: 'allowed',
        });
        end();
        expect(bench.region.instances.all).toEqual([]);
      },
    );

    it('say of a launch that AWS would refuse, or could not be asked about, that it is so', async () => {
      bench.region.faults.rate('CreateFleet', { kind: 'lost-request' }, 1);
      const { trials } = await bench.fleet.prerequisites({ ...nixosType, instanceTypes: ['c99.2xlarge'] });
      expect(trials).toMatchObject({
        ok: true,
        value: [
          { call: 'RunInstances', outcome: 'refused', code: 'InvalidParameterValue' },
          { call: 'CreateFleet', outcome: 'unknown', says: expect.any(String) as unknown },
        ],
      });
    });

    it('are the instance types that AWS has, whatever else is named beside them', async () => {
      const instanceTypes = ['c7g.large', 'c99.2xlarge', 'c7i.8xlarge'];
      const found = await bench.fleet.prerequisites({ ...nixosType, instanceTypes });
      const known = found.instanceTypes.ok ? found.instanceTypes.value : [];
      expect(known.toSorted((a, b) => a.vcpus - b.vcpus)).toEqual([
        { name: 'c7g.large', vcpus: 2, architectures: ['arm64'] },
        { name: 'c7i.8xlarge', vcpus: 32, architectures: ['x86_64'] },
      ]);
    });

    it('tell of an image what it is billed as, and whether it is sold', async () => {
      const image = { id: 'ami-09999999999999999' };
      bench.region.images.register({
        imageId: image.id,
        name: 'windows',
        ownerId: '801119661308',
        architecture: 'x86_64',
        createdAt: 0,
        prints: 'nothing',
        platform: 'Windows',
        marketplaceCode: 'abcdefghijklmnopqrstuvwxy',
      });
      expect(await bench.fleet.prerequisites({ ...nixosType, image })).toMatchObject({
        image: {
          ok: true,
          value: { id: image.id, architecture: 'x86_64', platform: 'Windows', isFromMarketplace: true },
        },
      });
    });

    it('miss an image that is named by its id and was deregistered', async () => {
      const image = { id: OLD_IMAGE };
      expect(await bench.fleet.prerequisites({ ...nixosType, image })).toMatchObject({
        image: { ok: true, value: { id: OLD_IMAGE } },
      });
      bench.region.images.deregister(OLD_IMAGE);
      expect(await bench.fleet.prerequisites({ ...nixosType, image })).toMatchObject({
        image: {
          ok: false,
          problem: expect.objectContaining({
            says: expect.stringContaining(OLD_IMAGE) as unknown,
          }) as unknown,
        },
      });
    });
  });

  describe('vCPU quotas', () => {
    it('are those that launches run into, for the markets that were asked about', async () => {
      await bench.begin({ onDemandVcpuQuota: 64, spotVcpuQuota: 32.5 });
      const onDemand = { ok: true, value: { code: 'L-1216C47A', vcpus: 64 } };
      const spot = { ok: true, value: { code: 'L-34B43A08', vcpus: 32.5 } };
      expect(await bench.fleet.vcpuQuotas(['on-demand', 'spot'])).toEqual(
        new Map([
          ['on-demand', onDemand],
          ['spot', spot],
        ]),
      );
      expect(await bench.fleet.vcpuQuotas(['spot'])).toEqual(new Map([['spot', spot]]));
      expect(await bench.fleet.vcpuQuotas([])).toEqual(new Map());
    });
  });
}
