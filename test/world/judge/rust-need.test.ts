/** What the judge takes for needed of machines that dial in. */
import { describe, expect, it } from 'vitest';
import { RustWorld } from './rust-bench.ts';

const LOOK_SECONDS = 60;

/** Looks for so many hours, while a person holds one machine. */
function lookFor(hours: number, farm: RustWorld): void {
  for (let look = 0; look < (hours * 3600) / LOOK_SECONDS; look++) {
    farm.wait(LOOK_SECONDS);
    farm.world.judge.look(false, () => 1);
  }
}

describe('a floor of one machine', () => {
  it('is kept by the one that is of use, and not by another that a person protects', () => {
    const farm = new RustWorld();
    const useless = farm.machine();
    farm.world.judge.orders.recorded(farm.world.judge.orders.asked('protect', useless.instanceId));
    farm.open(farm.machine());
    lookFor(3, farm);
    expect(farm.violations).toEqual([]);
  });

  it('is not kept by two', () => {
    const farm = new RustWorld();
    farm.open(farm.machine());
    farm.open(farm.machine());
    lookFor(3, farm);
    expect(farm.violations.join()).toMatch(/^5: i-\w+ has been running for \d+ s without need$/);
  });
});
