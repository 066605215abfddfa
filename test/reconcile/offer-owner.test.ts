/** A machines file that names no farm: written by an older version of this farm, or by another that has not been upgraded. */
import { describe, expect, it } from 'vitest';
import type { Farm } from '../../lambdas/core/model/index.ts';
import { NOW } from '../core/given.ts';
import { Bench } from './bench.ts';

/** A farm with this record, and builds that wait, in front of a file that names no farm. */
async function facing(farm?: Farm): Promise<Bench> {
  const bench = new Bench();
  bench.runnable = 2;
  bench.host.offers = [];
  bench.host.isUnnamed = true;
  const taken = await bench.store.acquire('test', NOW, 10);
  if (!('lease' in taken)) throw new Error('the lease is free');
  if (farm !== undefined)
    await bench.store.save(taken.lease, {
      ...{ farm, machines: [], closedMachines: [], launches: [], closedLaunches: [] },
    });
  await bench.store.release(taken.lease);
  return bench;
}

describe('a machines file that names no farm', () => {
  it('is left to another farm by one that has never written any, and nothing is launched, however often it looks', async () => {
    const bench = await facing();
    for (let tick = 0; tick < 4; tick++) {
      const { problems } = await bench.tick();
      expect(problems.join()).toContain('does not say for which farm');
    }
    expect([bench.running, bench.host.writes, bench.host.offers]).toEqual([[], 0, []]);
    expect((await bench.state()).farm.hasOffered).toBe(false);
  });

  it('is taken over by a farm of that time, also where its last publications have failed', async () => {
    for (const farm of [
      { backOffs: [], lastTickAt: NOW - 300 },
      {
        ...{ backOffs: [], lastTickAt: NOW - 300 },
        offerFailures: { times: 1, since: NOW - 300, says: 'InvalidParameters' },
      },
    ]) {
      const bench = await facing(farm);
      await bench.tick();
      expect(bench.host.isUnnamed).toBe(false);
      expect(bench.running).not.toEqual([]);
      expect((await bench.state()).farm.hasOffered).toBe(true);
    }
  });

  it('is taken over again by a farm that was rolled back meanwhile', async () => {
    const bench = await facing({ backOffs: [], lastTickAt: NOW - 300, hasOffered: true });
    await bench.tick();
    expect(bench.host.isUnnamed).toBe(false);
  });

  it('is no obstacle any more once a person has removed it', async () => {
    const bench = await facing();
    await bench.tick();
    bench.host.offers = undefined;
    bench.host.isUnnamed = false;
    await bench.tick();
    expect(bench.host.writes).toBeGreaterThan(0);
    expect((await bench.state()).farm.hasOffered).toBe(true);
  });
});
