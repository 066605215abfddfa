import { describe, expect, it } from 'vitest';
import { NEWEST_IMAGE, nixosType, poolOf } from './fleet-bench.ts';
import type { FleetBench } from './fleet-bench.ts';

export function prerequisitesContract(bench: FleetBench): void {
  describe('prerequisites', () => {
    it('are the image a launch would take, the launch template, and the free addresses of its subnets', async () => {
      const subnets = [poolOf('a').subnet, poolOf('b').subnet];
      const found = await bench.fleet.prerequisites({ ...nixosType, subnets });
      expect(found).toEqual({
        image: { found: NEWEST_IMAGE },
        launchTemplate: { found: bench.region.templates.all[0]?.id },
        subnets: {
          found: subnets.map((subnet) => ({ subnet, freeAddresses: expect.any(Number) as unknown })),
        },
      });
      expect(await bench.fleet.prerequisites(nixosType)).toMatchObject({ subnets: { found: [] } });
    });

    it('are missing, each for its own reason, and nothing is thrown', async () => {
      const found = await bench.fleet.prerequisites({
        ...nixosType,
        image: { owner: '427812963091', name: 'nixos/1.0*', architecture: 'x86_64' },
        launchTemplate: 'nobody-made-this',
        subnets: ['subnet-0123456789abcdef0'],
      });
      expect(found).toEqual({
        image: { missing: expect.stringContaining('nixos/1.0*') as unknown },
        launchTemplate: { missing: expect.stringMatching(/template/i) as unknown },
        subnets: { missing: expect.stringContaining('subnet-0123456789abcdef0') as unknown },
      });
    });
  });
}
