import { describe, expect, it } from 'vitest';
import { Activity } from '../../../local/world/drive/activity.ts';
import { drive } from '../../../local/world/drive/drive.ts';
import { paceOf } from '../../../local/world/drive/pace.ts';
import { VirtualClock } from '../../../local/world/drive/virtual-clock.ts';
import { Timeline } from '../../../local/world/timeline.ts';

const setUp = () => {
  const timeline = new Timeline(1000);
  const activity = new Activity();
  return { timeline, activity, clock: new VirtualClock(timeline, activity) };
};

describe('virtual time', () => {
  it('stands still while something is at work, and passes while it sleeps', async () => {
    const { timeline, activity, clock } = setUp();
    const seen: number[] = [];
    const work = activity.during(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      seen.push(clock.now());
      await clock.sleep(30);
      seen.push(clock.now());
    });
    await drive(timeline, activity, 1100);
    await work;
    expect(seen).toEqual([1000, 1030]);
    expect(timeline.now).toBe(1100);
  });

  it('passes for one that sleeps on several strands at once', async () => {
    const { timeline, activity, clock } = setUp();
    const work = activity.during(async () => {
      await Promise.all([clock.sleep(5), clock.sleep(7), clock.sleep(5)]);
      return clock.now();
    });
    await drive(timeline, activity, 1100);
    expect(await work).toBe(1007);
  });

  it('ends early when it is told to stop', async () => {
    const { timeline, activity } = setUp();
    let stopped = false;
    timeline.after(10, () => {
      stopped = true;
    });
    timeline.after(20, () => undefined);
    await drive(timeline, activity, 1100, { isStopped: () => stopped });
    expect(timeline.now).toBe(1010);
  });

  it('keeps to the speed asked for, and catches up after a delay', async () => {
    const { timeline, activity } = setUp();
    let milliseconds = 0;
    const naps: number[] = [];
    const sleep = (nap: number): Promise<void> => {
      naps.push(nap);
      milliseconds += nap;
      return Promise.resolve();
    };
    const pace = paceOf(timeline, { speed: 10, milliseconds: () => milliseconds, sleep });
    await drive(timeline, activity, 1010, { pace });
    expect(milliseconds).toBeCloseTo(1000);
    milliseconds += 5000;
    naps.length = 0;
    await drive(timeline, activity, 1060, { pace });
    expect(naps.every((nap) => nap === 0)).toBe(true);
  });
});
