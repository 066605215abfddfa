import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnsavedError, type StateStore } from '../../lambdas/ports.ts';
import type { Floor, Launch, Machine } from '../../lambdas/core/model/index.ts';
import { arbitraryState } from './arbitrary-state.ts';
import {
  BARE_LAUNCH,
  bareMachine,
  changes,
  BLANK_STATE,
  EMPTY_STATE,
  WHOLE_FARM,
  WHOLE_LAUNCH,
  WHOLE_MACHINE,
} from './farm-records.ts';
import { mustAcquire } from './state-store-lease.contract.ts';
import type { StateStoreHarness } from './state-store-harness.ts';

const NOW = 1_790_000_000;

async function unsavedBy(save: Promise<void>): Promise<UnsavedError> {
  const outcome: unknown = await save.catch((error: unknown) => error);
  if (outcome instanceof UnsavedError) return outcome;
  throw new Error('expected an UnsavedError', { cause: outcome });
}

export function recordsContract(makeHarness: () => Promise<StateStoreHarness>): void {
  const prepare = async () => {
    const { store, plant } = await makeHarness();
    return { store, plant, lease: await mustAcquire(store, 'tick-a', NOW) };
  };

  describe('records', () => {
    it('are none in an empty store, which is told apart from one that shows the lease of a first tick', async () => {
      expect(await (await makeHarness()).store.load(NOW)).toStrictEqual(BLANK_STATE);
      expect(await (await prepare()).store.load(NOW)).toStrictEqual(EMPTY_STATE);
    });

    it('come back exactly, with every optional field and with none, in any alphabet', async () => {
      const { store, lease } = await prepare();
      const machines = [WHOLE_MACHINE, bareMachine('i-0bbbbbbbbbbbbbbb2')];
      const launches = [BARE_LAUNCH, WHOLE_LAUNCH];
      await store.save(lease, changes({ farm: WHOLE_FARM, machines, launches }));
      expect(await store.load(NOW)).toStrictEqual({ farm: WHOLE_FARM, machines, launches, floors: [] });
    });

    it('lose the fields a later version of them no longer has', async () => {
      const { store, lease } = await prepare();
      await store.save(
        lease,
        changes({ farm: WHOLE_FARM, machines: [WHOLE_MACHINE], launches: [WHOLE_LAUNCH] }),
      );
      const machine = bareMachine(WHOLE_MACHINE.instanceId);
      const launch = { ...BARE_LAUNCH, id: WHOLE_LAUNCH.id };
      await store.save(lease, changes({ farm: { backOffs: [] }, machines: [machine], launches: [launch] }));
      expect(await store.load(NOW)).toStrictEqual({
        ...EMPTY_STATE,
        machines: [machine],
        launches: [launch],
      });
    });

    it('stay when a save does not name them', async () => {
      const { store, lease } = await prepare();
      await store.save(
        lease,
        changes({ farm: WHOLE_FARM, machines: [WHOLE_MACHINE], launches: [WHOLE_LAUNCH] }),
      );
      await store.save(lease, changes({}));
      const state = await store.load(NOW);
      expect(state).toStrictEqual({
        farm: WHOLE_FARM,
        machines: [WHOLE_MACHINE],
        launches: [WHOLE_LAUNCH],
        floors: [],
      });
    });

    it('are gone when closed; closing what is not there is no error, and closing beats writing', async () => {
      const { store, lease } = await prepare();
      const machines = [bareMachine('i-1'), bareMachine('i-2')];
      await store.save(lease, changes({ machines, launches: [BARE_LAUNCH, WHOLE_LAUNCH] }));
      await store.save(
        lease,
        changes({
          machines: [bareMachine('i-1', 'written and closed')],
          closedMachines: ['i-1', 'i-9'],
          closedLaunches: [BARE_LAUNCH.id, 'launch-9'],
        }),
      );
      const state = await store.load(NOW);
      expect(state).toStrictEqual({
        ...EMPTY_STATE,
        machines: [bareMachine('i-2')],
        launches: [WHOLE_LAUNCH],
      });
    });

    it('come back whole when there are thousands of kilobytes of them', async () => {
      const { store, lease } = await prepare();
      const machines = Array.from({ length: 1000 }, (_, index) =>
        bareMachine(`i-${String(index).padStart(17, '0')}`, `${index} `.repeat(500)),
      );
      await store.save(lease, changes({ machines }));
      expect((await store.load(NOW)).machines).toStrictEqual(machines);
    });

    it('share no object with their reader or writer', async () => {
      const { store, lease } = await prepare();
      const drain = { since: 1, reason: 'as written' };
      await store.save(lease, changes({ machines: [{ ...bareMachine('i-1'), drain }] }));
      drain.reason = 'changed by the writer';
      const read = (await store.load(NOW)).machines[0]?.drain;
      expect(() => Object.assign(read ?? {}, { reason: 'changed by the reader' })).toThrow(/read only/);
      expect((await store.load(NOW)).machines[0]?.drain?.reason).toBe('as written');
    });

    it('come back as they were saved, whatever they hold', async () => {
      const save = async (store: StateStore, state: typeof EMPTY_STATE) => {
        const lease = await mustAcquire(store, 'tick-a', NOW);
        await store.save(lease, changes(state));
        await Promise.all(state.floors.map((floor) => store.putFloor(floor)));
      };
      await fc.assert(
        fc.asyncProperty(arbitraryState, async (state) => {
          const { store } = await makeHarness();
          await save(store, state);
          expect(await store.load(0)).toStrictEqual(state);
        }),
        { numRuns: 40 },
      );
    });
  });

  describe('one bad record', () => {
    it('that cannot be stored is named, field by field, and all others are saved', async () => {
      const { store, lease } = await prepare();
      const bad: Machine = { ...WHOLE_MACHINE, instanceId: 'i-bad', phaseSince: Number.NaN };
      const machines = [bareMachine('i-1'), bad, bareMachine('i-2')];
      const hugeLaunch: Launch = { ...WHOLE_LAUNCH, id: 'l-huge', type: 'x'.repeat(401_000) };
      await store.save(lease, changes({ machines: [bareMachine('i-3')] }));
      const save = store.save(
        lease,
        changes({ farm: WHOLE_FARM, machines, launches: [hugeLaunch], closedMachines: ['i-3'] }),
      );
      const error = await unsavedBy(save);
      expect(error.unsaved).toEqual(['l-huge', 'i-bad']);
      expect(error.message).toMatch(
        /^2 of 6 records .*l-huge: .*longest field is type.*i-bad: .*phaseSince: /,
      );
      const state = await store.load(NOW);
      expect(state.farm).toStrictEqual(WHOLE_FARM);
      expect(state.machines.map((machine) => machine.instanceId)).toEqual(['i-1', 'i-2']);
      expect(state.launches).toEqual([]);
    });

    it('that cannot be read is told, and spoils nothing else; its machine stays known', async () => {
      const { store, lease, plant } = await prepare();
      await store.save(
        lease,
        changes({ farm: WHOLE_FARM, machines: [WHOLE_MACHINE], launches: [WHOLE_LAUNCH] }),
      );
      await plant('machine#i-bad', { ...bareMachine('i-bad'), phase: 'asleep', drain: { since: 'noon' } });
      await plant('machine#i-misplaced', { ...bareMachine('i-other') });
      await plant('machine#i-huge', { ...bareMachine('i-huge'), phaseSince: 2n ** 60n });
      await plant('launch#l-bad', {});
      await plant('floor#t-bad', { type: 't-bad', count: -1, until: NOW + 1 });
      await plant('visitor#1', { anything: true });

      const state = await store.load(NOW);

      expect({ ...state, unreadable: undefined }).toEqual({
        farm: WHOLE_FARM,
        machines: [WHOLE_MACHINE],
        launches: [WHOLE_LAUNCH],
        floors: [],
      });
      expect(state.unreadable).toEqual([
        { key: 'floor#t-bad', problem: expect.stringContaining('count: ') },
        { key: 'launch#l-bad', problem: expect.stringContaining('pools: ') },
        {
          key: 'machine#i-bad',
          instanceId: 'i-bad',
          problem: expect.stringMatching(/phase: .*drain\.since: .*drain\.reason: /),
        },
        { key: 'machine#i-huge', instanceId: 'i-huge', problem: expect.stringContaining('phaseSince: ') },
        {
          key: 'machine#i-misplaced',
          instanceId: 'i-misplaced',
          problem: expect.stringContaining('i-other'),
        },
        { key: 'visitor#1', problem: expect.stringContaining('no such kind') },
      ]);
    });

    it('of the farm gives way to an empty one, and can be written anew or closed like any other', async () => {
      const { store, lease, plant } = await prepare();
      await plant('farm', { backOffs: 'none' });
      await plant('machine#i-bad', { fence: 'seven' });
      const spoilt = await store.load(NOW);
      expect(spoilt.farm).toStrictEqual(EMPTY_STATE.farm);
      expect(spoilt.unreadable?.map(({ key }) => key)).toEqual(['farm', 'machine#i-bad']);
      await store.save(lease, changes({ farm: WHOLE_FARM, closedMachines: ['i-bad'] }));
      expect(await store.load(NOW)).toStrictEqual({ ...EMPTY_STATE, farm: WHOLE_FARM });
    });
  });

  it('knows which machines it remembers', async () => {
    const { store, lease } = await prepare();
    const machine = bareMachine('i-0ccccccccccccccc3');
    expect(await store.hasMachine(machine.instanceId)).toBe(false);
    await store.save(lease, changes({ machines: [machine] }));
    expect(await store.hasMachine(machine.instanceId)).toBe(true);
    await store.save(lease, changes({ closedMachines: [machine.instanceId] }));
    expect(await store.hasMachine(machine.instanceId)).toBe(false);
  });

  describe('floors', () => {
    const floor: Floor = { type: 'x86_64-linux:big-parallel', count: 3, until: NOW + 60.5, by: 'Zoë' };

    it('are put, replaced and removed without a lease', async () => {
      const { store } = await makeHarness();
      const other: Floor = { type: 'aarch64-linux', count: 1, until: NOW + 60 };
      await store.putFloor(floor);
      await store.putFloor(other);
      expect((await store.load(NOW)).floors).toStrictEqual([other, floor]);
      const replaced: Floor = { type: floor.type, count: 1, until: NOW + 10 };
      await store.putFloor(replaced);
      await store.removeFloor(other.type);
      await store.removeFloor('never-put');
      expect((await store.load(NOW)).floors).toStrictEqual([replaced]);
    });

    it('are left out from the moment they have expired', async () => {
      const { store } = await makeHarness();
      await store.putFloor(floor);
      expect((await store.load(floor.until - 0.25)).floors).toStrictEqual([floor]);
      expect((await store.load(floor.until)).floors).toEqual([]);
    });

    it('are refused when they could not be read back, naming the fields', async () => {
      const { store } = await makeHarness();
      const bad: Floor = { type: 't', count: 1.5, until: Number.POSITIVE_INFINITY };
      await expect(store.putFloor(bad)).rejects.toThrow(/count: .*until: /);
      expect(await store.load(0)).toStrictEqual(BLANK_STATE);
    });
  });
}
