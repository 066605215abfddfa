import { describe, expect, it } from 'vitest';
import { confidence, historyOf } from '../../../local/prove/advise/history.ts';
import type { Arrival } from '../../../local/world/workload.ts';

const DAY = 86_400;
const at = (atSeconds: number): Arrival => ({
  atSeconds,
  system: 'x86_64-linux',
  features: [],
  durationsSeconds: [9, 9],
});

describe('a history', () => {
  it('is the last days, from its first arrival on', () => {
    const history = historyOf('steps', [at(1000), at(3 * DAY), at(4 * DAY)], 2);
    expect(history.workload.map(({ atSeconds }) => atSeconds)).toEqual([0, DAY]);
    expect(history).toMatchObject({ source: 'steps', days: 1, steps: 4 });
    expect(history.unknown.join()).toContain('required features');
  });
  it('is refused without arrivals', () => {
    expect(() => historyOf('trace', [])).toThrow('no steps');
  });
  it.each([
    [{ days: 3, steps: 9000 }, /little: .* whole week/],
    [{ days: 14, steps: 100 }, /little: so few/],
    [{ days: 7, steps: 9000 }, /fair: .* tenth/],
    [{ days: 14, steps: 1000 }, /fair/],
    [{ days: 14, steps: 9000 }, /good/],
  ])('of %o is as sure as it is', (history, words) => {
    expect(confidence(history)).toMatch(words);
  });
});
