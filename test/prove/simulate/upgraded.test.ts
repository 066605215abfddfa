/** Farms whose Hydra host is upgraded from one queue runner to the other in the middle, and some back again. */
import { describe, expect, it } from 'vitest';
import { simulate } from '../../../local/prove/simulate/simulate.ts';
import { OperateBench, TYPE } from '../../operate/bench.ts';
import { RUST_HOST } from '../../hydra/rust/rust-farm.ts';

class Upgraded extends OperateBench {
  constructor() {
    super({ host: RUST_HOST });
  }

  /** Ticks until all builds are done, at most `times` times. */
  async untilDone(times: number): Promise<void> {
    for (let tick = 0; tick < times && this.world.ledger.unfinished > 0; tick++) await this.ticks(1);
    expect(this.world.ledger.unfinished).toBe(0);
  }

  /** What came of the replacement beyond what it must cost: steps that ran at that moment begin again. */
  get harm(): readonly unknown[] {
    const { ledger, judge } = this.world;
    return [...ledger.lost, ...ledger.orphaned, ...judge.violations];
  }
}

describe('a host that is upgraded under a busy farm', () => {
  it('loses no build and no machine, and former machines end', async () => {
    const farm = new Upgraded();
    await farm.busyFarm({ count: 8, seconds: 900 });
    const former = Object.keys(await farm.machines());
    expect(former.length).toBeGreaterThan(0);
    farm.world.inForce.replaceBy('rust');
    await farm.untilDone(12);
    expect(farm.world.ledger.done).toBe(8);
    expect(farm.harm).toEqual([]);
    const { machines, farm: record } = await farm.store.load(farm.now);
    expect(record.runner?.kind).toBe('rust');
    expect(machines.filter(({ instanceId }) => former.includes(instanceId))).toEqual([]);
  });

  it('goes back as it came', async () => {
    const farm = new Upgraded();
    await farm.busyFarm({ count: 4, seconds: 600 });
    farm.world.inForce.replaceBy('rust');
    await farm.ticks(3);
    farm.world.runner.queue({ count: 6, system: TYPE, seconds: 900 });
    await farm.ticks(2);
    farm.world.inForce.replaceBy('cpp');
    await farm.untilDone(16);
    expect(farm.harm).toEqual([]);
    expect((await farm.store.load(farm.now)).farm.runner?.kind).toBe('cpp');
  });
});

describe('among all that goes wrong besides', () => {
  it.each([2, 3])('seed %i breaks no rule', { timeout: 120_000 }, async (seed) => {
    const outcome = await simulate({ seed, hours: 18, runner: 'upgraded' });
    expect(outcome.violations).toEqual([]);
    expect(outcome.buildsRetriedByUs).toBe(0);
    expect(outcome.instancesLeaked).toBe(0);
    expect(outcome.buildsDone).toBeGreaterThan(0);
  });
});
