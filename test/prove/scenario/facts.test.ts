/** What is expected is held against what was. */
import { describe, expect, it } from 'vitest';
import { FACT_NAMES, failedOf } from '../../../local/prove/scenario/facts.ts';
import type { Expectations, Facts } from '../../../local/prove/scenario/facts.ts';

const zero = Object.fromEntries(FACT_NAMES.map((name) => [name, 0])) as Record<keyof Facts, number>;
const facts: Facts = { ...zero, launches: 6, billedHours: 2.5, firstReadyAfter: null };
const said = (text: string): boolean => 'CreateFleet was refused'.includes(text);

describe('an expectation', () => {
  it.each<Expectations>([
    { launches: 6, violations: 0 },
    { launches: { min: 6, max: 6 }, billedHours: { max: 2.5 }, buildsDone: { min: 0 } },
    { problemsMention: ['CreateFleet', 'refused'] },
    {},
  ])('is met: %o', (expectations) => {
    expect(failedOf(expectations, facts, said)).toEqual([]);
  });

  it.each<[Expectations, string, unknown]>([
    [{ launches: 5 }, 'launches', 6],
    [{ launches: { min: 7 } }, 'launches', 6],
    [{ billedHours: { max: 2.4 } }, 'billedHours', 2.5],
    [{ firstReadyAfter: { max: 1e9 } }, 'firstReadyAfter', null],
    [{ problemsMention: ['CreateFleet', 'KMS', 'SCP'] }, 'problemsMention', 'nobody said KMS, SCP'],
  ])('is not met: %o', (expectations, what, got) => {
    expect(failedOf(expectations, facts, said)).toMatchObject([{ what, got }]);
  });
});
