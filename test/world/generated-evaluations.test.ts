/** A made-up queue whose batches come out of evaluations. */
import { describe, expect, it } from 'vitest';
import { withEvaluations } from '../../local/world/generated-evaluations.ts';
import { batchDurations, generateWorkload } from '../../local/world/generator.ts';
import { Random } from '../../local/world/random.ts';

const TERMS = { hours: 24, startHour: 9, startDay: 2, peakBatchesPerHour: 10 };
const KINDS = [
  { system: 'x86_64-linux', features: [], share: 4 },
  { system: 'x86_64-linux', features: ['kvm'], share: 1 },
];
const drawn = () => {
  const bare = generateWorkload({ ...TERMS, random: new Random(7), kinds: KINDS });
  const evaluated = withEvaluations(bare, { random: new Random(8), durations: batchDurations });
  return {
    bare,
    evaluated,
    spans: evaluated.flatMap((one) => (one.evaluation ? [{ ...one, ...one.evaluation }] : [])),
  };
};

describe('evaluations of a made-up queue', () => {
  it('bring the same builds at the same time as without them', () => {
    const { bare, evaluated } = drawn();
    const coming = evaluated.filter(
      ({ atSeconds, durationsSeconds }) => atSeconds >= 0 && durationsSeconds.length > 0,
    );
    expect(coming).toMatchObject(bare);
  });

  it('are minutes long, and never two of one jobset at once', () => {
    const { spans } = drawn();
    for (const { seconds } of spans) expect(seconds).toSatisfy((s: number) => s >= 40 && s <= 600);
    for (const [jobset, all] of Map.groupBy(
      spans.filter(({ atSeconds }) => atSeconds >= 0),
      (one) => one.jobset,
    ))
      all.slice(1).forEach(({ atSeconds, seconds }, index) => {
        expect(atSeconds - seconds, jobset).toBeGreaterThan(all[index]?.atSeconds ?? 0);
      });
  });

  it('bring nothing now and then, and are known of each jobset from the start', () => {
    const { spans } = drawn();
    const vain = spans.filter(({ durationsSeconds }) => durationsSeconds.length === 0).length;
    expect(vain / spans.length).toSatisfy((part: number) => part > 0.05 && part < 0.3);
    for (const all of Map.groupBy(spans, ({ jobset }) => jobset).values())
      expect(all.filter(({ atSeconds }) => atSeconds < 0)).toHaveLength(2);
  });
});
