import { describe, expect, it } from 'vitest';
import { PeerFarm } from '../../../local/prove/peers/peer-farm.ts';
import { Timeline } from '../../../local/world/timeline.ts';

/** The queue runner reads its file at 7, 37, 67 … s. */
function farmAtWork() {
  const timeline = new Timeline(0);
  return { timeline, farm: new PeerFarm({ timeline, slots: 2, bootSeconds: 50 }) };
}

describe('a farm of a peer', () => {
  it('gives a step to a machine at the first poll after it was seen booted and written', () => {
    const { timeline, farm } = farmAtWork();
    farm.queue([100]);
    farm.launch(1);
    timeline.advanceTo(49);
    farm.look();
    expect(farm.machines[0]?.isOffered).toBe(false);
    timeline.advanceTo(66);
    farm.look();
    // Written at 68 s, a second too late for the poll at 67 s.
    timeline.advanceTo(96);
    expect(farm.waits).toEqual([]);
    timeline.advanceTo(97);
    expect(farm.waits).toEqual([{ seconds: 97, work: 100 }]);
    expect(farm).toMatchObject({ runnable: 0, running: 1, starting: 0 });
  });
  it('spreads steps over the least loaded machines, and starts the next when a slot is free', () => {
    const { timeline, farm } = farmAtWork();
    farm.launch(2);
    timeline.advanceTo(50);
    farm.look();
    timeline.advanceTo(70);
    farm.queue([10, 10, 40]);
    expect(farm.machines.map(({ jobs }) => jobs)).toEqual([2, 1]);
    farm.queue([5, 5]);
    expect(farm.runnable).toBe(1);
    timeline.advanceTo(75);
    expect(farm.waits.at(-1)).toEqual({ seconds: 5, work: 5 });
  });
  it('gives no step to a machine once the queue runner has read that it is withdrawn', () => {
    const { timeline, farm } = farmAtWork();
    farm.launch(1);
    timeline.advanceTo(50);
    farm.look();
    timeline.advanceTo(70);
    for (const machine of farm.machines) farm.withdraw(machine);
    farm.queue([20]);
    expect(farm.running).toBe(1);
    timeline.advanceTo(100);
    farm.queue([20]);
    expect(farm).toMatchObject({ running: 0, runnable: 1 });
  });
  it('refuses to end a machine at work, and counts the most there were at once', () => {
    const { timeline, farm } = farmAtWork();
    farm.launch(2);
    timeline.advanceTo(50);
    farm.look();
    timeline.advanceTo(70);
    farm.queue([500]);
    const [busy, idle] = farm.machines;
    expect(() => {
      if (busy !== undefined) farm.end(busy);
    }).toThrow(/at work/);
    if (idle !== undefined) farm.end(idle);
    farm.launch(1);
    expect(farm.peak).toBe(2);
    expect(farm.ended.map(({ endedAt }) => endedAt)).toEqual([70]);
  });
});
