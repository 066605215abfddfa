import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GlibcRandom } from '../../../local/world/queue-runner/glibc-random.ts';
import { Heap } from '../../../local/world/heap.ts';
import { JobsetShare } from '../../../local/world/hydra/jobset-share.ts';
import { retryDelaySeconds } from '../../../local/world/queue-runner/back-off.ts';

describe("glibc's rand() without a seed", () => {
  it('draws the sequence every start of the program draws', () => {
    const random = new GlibcRandom();
    const drawn = Array.from({ length: 10 }, () => random.next());
    expect(drawn).toEqual([
      1804289383, 846930886, 1681692777, 1714636915, 1957747793, 424238335, 719885386, 1649760492, 596516649,
      1189641421,
    ]);
  });

  it('goes on beyond its own memory', () => {
    const random = new GlibcRandom();
    const drawn = Array.from({ length: 1000 }, () => random.next());
    expect(drawn[999]).toBe(1143565421);
    expect(new Set(drawn).size).toBe(1000);
  });

  it('has another sequence for another seed', () => {
    expect(new GlibcRandom(42).next()).toBe(71876166);
  });

  it('gives the retry delays that were measured', () => {
    const draws = new GlibcRandom();
    draws.next();
    expect([1, 1, 1].map((tries) => retryDelaySeconds(tries, draws))).toEqual([66, 67, 65]);
    expect(Math.floor(retryDelaySeconds(2, draws) / 60)).toBe(3);
    expect(Math.floor(retryDelaySeconds(3, draws) / 60)).toBe(9);
    expect(Math.floor(retryDelaySeconds(4, draws) / 60)).toBe(27);
  });
});

describe('a heap', () => {
  it('gives everything back in order, however pushes and pops mix', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { nil: undefined })), (steps) => {
        const heap = new Heap<number>((a, b) => a < b);
        const model: number[] = [];
        for (const step of steps) {
          if (step === undefined) expect(heap.pop()).toBe(model.sort((a, b) => a - b).shift());
          else {
            heap.push(step);
            model.push(step);
          }
          expect(heap.top).toBe(model.length === 0 ? undefined : Math.min(...model));
        }
      }),
    );
  });
});

describe("a jobset's share", () => {
  const DAY = 24 * 3600;

  it('counts the build time of a day, in hundredths', () => {
    const share = new JobsetShare([{ start: 1000, stop: 1100 }]);
    share.add({ start: 2000, stop: 2050 });
    expect(share).toMatchObject({ seconds: 150, shareUsed: 1.5 });
    share.prune(1000 + DAY);
    expect(share.seconds).toBe(50);
    share.prune(2000 + DAY);
    expect(share.seconds).toBe(0);
  });

  it('never forgets all of several steps that began in one second, as the original', () => {
    const share = new JobsetShare([]);
    share.add({ start: 1000, stop: 1030 });
    share.add({ start: 1000, stop: 1050 });
    share.prune(1000 + 2 * DAY);
    expect(share.seconds).toBe(30);
  });

  it('takes off old steps in whatever order they ended', () => {
    const share = new JobsetShare([]);
    for (let start = 5000; start > 0; start--) share.add({ start, stop: start + 1 });
    share.prune(DAY + 3000);
    expect(share.seconds).toBe(2000);
    share.prune(DAY + 5000);
    expect(share.seconds).toBe(0);
  });
});
