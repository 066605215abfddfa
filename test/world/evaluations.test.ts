/** Evaluations in the simulated world, of either queue runner, from their begin to the builds they bring. */
import { describe, expect, it } from 'vitest';
import type { Workload } from '../../local/world/workload.ts';
import { RustFarm } from '../hydra/rust/rust-farm.ts';
import { OperateBench, TICK, TYPE } from '../operate/bench.ts';

const FARM = {
  watch: false,
  systemTypes: { [TYPE]: { maxMachines: 6, targetWait: 300, maxJobs: 2, billing: 'per-second' } },
};
const EVALUATION = { jobset: 'p:j', seconds: 240 };
const HOUR = 3600;
const batch = (atSeconds: number, evaluation = EVALUATION): Workload[number] => ({
  ...{ atSeconds, system: TYPE, features: [], durationsSeconds: [300, 300, 300, 300], evaluation },
});
const launched = (farm: OperateBench): number => farm.world.region.instances.all.length;

describe.each([
  ['C++', (changes: object) => new OperateBench({ ...FARM, ...changes })],
  ['Rust', (changes: object) => new RustFarm({ ...FARM, ...changes })],
])('evaluations before builds, with the %s queue runner', (_name, make) => {
  /** Two that brought builds, and the third about to end: machines launched by then, after each. */
  const third = async (changes: object): Promise<{ farm: OperateBench; before: number }> => {
    const farm = make(changes);
    farm.world.schedule([batch(300), batch(2 * HOUR), batch(4 * HOUR)]);
    await farm.ticks(2);
    await farm.ticks((4 * HOUR - 600) / 300 - 1);
    const before = launched(farm);
    await farm.pass(150);
    void farm.send(TICK);
    await farm.pass(100);
    return { farm, before };
  };

  it('are launched for before the third that is like the two before it has ended', async () => {
    const { farm, before } = await third({});
    expect(farm.world.ledger.unfinished).toBe(0);
    expect(launched(farm)).toBeGreaterThan(before);
    await farm.ticks(12);
    expect(farm.world.ledger.unfinished).toBe(0);
    expect(farm.world.judge.violations).toEqual([]);
    expect((await farm.store.load(farm.now)).farm.jobsets).toMatchObject([{ jobset: 'p:j' }]);
  });

  it('are not where that is turned off', async () => {
    const { farm, before } = await third({ launchAhead: false });
    expect(launched(farm)).toBe(before);
  });
});
