import { describe, expect, it } from 'vitest';
import { scoreOf } from '../../../../local/prove/bench/policy/score.ts';
import type { Played } from '../../../../local/prove/bench/policy/score.ts';

/** Three starts: a minute less a second, an hour and a second, two hours sharp. Three steps on two slots. */
const PLAYED: Played = {
  machines: [
    { from: 1000, to: 1059 },
    { from: 0, to: 3601 },
    { from: 3600, to: 10_800 },
  ],
  waits: [
    { seconds: 100, work: 600 },
    { seconds: 0, work: 1200 },
    { seconds: 400, work: 200 },
  ],
  peak: 2,
  slots: 2,
};

describe('the score of a run', () => {
  it('charges each start for its seconds, and 60 of them at least, where seconds are billed', () => {
    expect(scoreOf(PLAYED, 'per-second').hours).toBeCloseTo((60 + 3601 + 7200) / 3600, 9);
  });
  it('charges each start for every hour it has begun where hours are billed', () => {
    expect(scoreOf(PLAYED, 'hourly').hours).toBe(1 + 2 + 2);
  });
  it('sets hours against those in which the steps fill every slot', () => {
    // 2000 s of steps on two slots are 1000 s of a machine.
    expect(scoreOf(PLAYED, 'hourly').workBoundRatio).toBeCloseTo((5 * 3600) / 1000, 9);
  });
  it('counts a wait by the work that waits, and once more by steps', () => {
    const { workWeightedWait, meanWait, p50, p95, maxWait } = scoreOf(PLAYED, 'hourly');
    expect(workWeightedWait).toBeCloseTo((100 * 600 + 400 * 200) / 2000, 9);
    expect(meanWait).toBeCloseTo(500 / 3, 9);
    expect({ p50, p95, maxWait }).toEqual({ p50: 100, p95: 400, maxWait: 400 });
  });
  it('counts starts and machines at once', () => {
    expect(scoreOf(PLAYED, 'hourly')).toMatchObject({ starts: 3, peak: 2 });
  });
});
