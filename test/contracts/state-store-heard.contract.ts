import { describe, expect, it } from 'vitest';
import type { Machine } from '../../lambdas/core/model/index.ts';
import { LeaseLostError } from '../../lambdas/ports.ts';
import { bareMachine, changes } from './farm-records.ts';
import { mustAcquire } from './state-store-lease.contract.ts';
import type { StateStoreHarness } from './state-store-harness.ts';

const NOW = 1_790_000_000;

export function heardContract(makeHarness: () => Promise<StateStoreHarness>): void {
  const prepare = async () => {
    const { store, heard } = await makeHarness();
    return { store, heard, lease: await mustAcquire(store, 'tick-a', NOW) };
  };
  const as = (instanceId: string, fields: Partial<Machine>): Machine => ({
    ...bareMachine(instanceId),
    ...fields,
  });

  describe('what machines read', () => {
    it('is nothing before anything is saved', async () => {
      const { heard } = await prepare();
      expect(await heard('i-1')).toEqual({ wanted: false });
    });

    it('is which queue runner they are to serve, once one has answered', async () => {
      const { store, heard, lease } = await prepare();
      for (const kind of ['rust', 'cpp'] as const) {
        const runner = { kind, since: NOW };
        await store.save(lease, changes({ farm: { backOffs: [], lastTickAt: NOW, runner } }));
        expect(await heard('i-1')).toEqual({ wanted: false, tickAt: NOW, runnerKind: kind });
      }
    });

    it('is when the last tick was, and no more of the farm', async () => {
      const { store, heard, lease } = await prepare();
      await store.save(lease, changes({ farm: { backOffs: [] } }));
      expect(await heard('i-1')).toEqual({ wanted: false });
      await store.save(lease, changes({ farm: { backOffs: [], lastTickAt: NOW + 0.25 } }));
      expect(await heard('i-1')).toEqual({ wanted: false, tickAt: NOW + 0.25 });
      await store.save(lease, changes({ farm: { backOffs: [], lastTickAt: NOW + 15 } }));
      expect(await heard('i-1')).toEqual({ wanted: false, tickAt: NOW + 15 });
    });

    it.each(['booting', 'ready', 'draining', 'stopping', 'stopped'] as const)(
      'says that a machine is wanted while it is %s, unless it lost its tag or its record',
      async (phase) => {
        const { store, heard, lease } = await prepare();
        await store.save(lease, changes({ machines: [as('i-1', { phase }), as('i-2', { phase })] }));
        expect([await heard('i-1'), await heard('i-2'), await heard('i-3')]).toEqual([
          { wanted: true },
          { wanted: true },
          { wanted: false },
        ]);
        const untagged = as('i-1', { phase, untagged: true });
        await store.save(lease, changes({ machines: [untagged], closedMachines: ['i-2'] }));
        // Ready without a tag is one that a person protects, or that could not be drained yet.
        expect([await heard('i-1'), await heard('i-2')]).toEqual([
          { wanted: phase === 'ready' },
          { wanted: false },
        ]);
        await store.save(lease, changes({ machines: [as('i-1', { phase })] }));
        expect(await heard('i-1')).toEqual({ wanted: true });
      },
    );

    it.each(['terminating', 'failed'] as const)('says so no more once the machine is %s', async (phase) => {
      const { store, heard, lease } = await prepare();
      await store.save(lease, changes({ machines: [as('i-1', { phase: 'ready' })] }));
      await store.save(lease, changes({ machines: [as('i-1', { phase })] }));
      expect(await heard('i-1')).toEqual({ wanted: false });
    });

    it('is not changed by a holder that was overtaken', async () => {
      const { store, heard, lease } = await prepare();
      const taken = await mustAcquire(store, 'tick-b', lease.until);
      const farm = { backOffs: [], lastTickAt: NOW + 200 };
      await store.save(taken, changes({ farm, machines: [as('i-1', { phase: 'ready' })] }));
      const stale = [
        changes({ farm: { backOffs: [], lastTickAt: NOW } }),
        changes({ machines: [as('i-1', { phase: 'terminating' })] }),
        changes({ closedMachines: ['i-1'] }),
      ];
      for (const change of stale) await expect(store.save(lease, change)).rejects.toThrow(LeaseLostError);
      expect(await heard('i-1')).toEqual({ wanted: true, tickAt: NOW + 200 });
    });

    it('of a record that cannot be kept is not written either', async () => {
      const { store, heard, lease } = await prepare();
      const bad = as('i-1', { phase: 'ready', phaseSince: Number.NaN });
      await expect(store.save(lease, changes({ machines: [bad] }))).rejects.toThrow(/phaseSince/);
      expect(await heard('i-1')).toEqual({ wanted: false });
    });
  });
}
