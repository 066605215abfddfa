import { describe, expect, it } from 'vitest';
import { Pacer } from '../../local/world/pacer.ts';
import { Timeline } from '../../local/world/timeline.ts';

function paced(speed: number) {
  const clock = { milliseconds: 5_000 };
  const timeline = new Timeline(100);
  const pacer = new Pacer(timeline, { speed, milliseconds: () => clock.milliseconds, stepMilliseconds: 1 });
  return { clock, timeline, pacer };
}

describe('the pacer', () => {
  it('lets virtual time follow the wall clock at its speed', () => {
    const { clock, timeline, pacer } = paced(20);
    const happened: number[] = [];
    timeline.after(30, () => happened.push(timeline.now));
    pacer.start();
    clock.milliseconds += 1000;
    pacer.step();
    expect(timeline.now).toBe(120);
    clock.milliseconds += 1000;
    pacer.step();
    expect(timeline.now).toBe(140);
    expect(happened).toEqual([130]);
    pacer.stop();
  });

  it('steps by itself while it is started, and stands still while it is not', async () => {
    const { clock, timeline, pacer } = paced(1);
    clock.milliseconds += 60_000;
    pacer.start();
    pacer.start();
    clock.milliseconds += 2000;
    await new Promise<void>((resolve) => timeline.after(1.5, resolve));
    expect(timeline.now).toBe(102);
    pacer.stop();
    clock.milliseconds += 60_000;
    pacer.start();
    pacer.step();
    expect(timeline.now).toBe(102);
    pacer.stop();
  });

  it.each([0, -1, Number.NaN])('cannot run at speed %f', (speed) => {
    expect(() => paced(speed)).toThrow(RangeError);
  });
});
