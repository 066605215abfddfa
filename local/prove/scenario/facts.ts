/** What can be expected of a scenario: the names of its facts, and what they are checked against. */
import * as z from 'zod';

/** In the order in which they are printed. */
export const FACT_NAMES = [
  'buildsDone',
  'buildsLost',
  'buildsAborted',
  'buildsWaiting',
  'stepsRetriedByUs',
  'launches',
  'spotLaunches',
  'onDemandLaunches',
  'launchCalls',
  'startCalls',
  'terminateCalls',
  'machinesAtOnce',
  'stoppedAtOnce',
  'instancesAtEnd',
  'billedHours',
  'busyHours',
  'longestWait',
  'meanWait',
  'firstLaunchAfter',
  'firstReadyAfter',
  'violations',
  'ordersAtEnd',
  'linesAtEnd',
  'offeredAtEnd',
] as const;

export type FactName = (typeof FACT_NAMES)[number];

/** Numbers; null for what never happened. */
export type Facts = Readonly<Record<FactName, number | null>>;

const range = z
  .strictObject({ min: z.number().optional(), max: z.number().optional() })
  .refine(({ min, max }) => min !== undefined || max !== undefined, 'must have min, max or both')
  .refine(({ min = -Infinity, max = Infinity }) => min <= max, 'min must not be above max');
const wantedNumber = z.union([z.number(), range], {
  error: (issue) =>
    typeof issue.input === 'object' && issue.input !== null && !Array.isArray(issue.input)
      ? 'must be {"min", "max"}: numbers, either of them or both, min not above max'
      : 'must be a number or {"min", "max"}',
});
const wantedTexts = z
  .array(z.string('must be a text').min(1, 'must not be empty'), 'must be a list of texts')
  .min(1, 'must name a text');

/** Where it is not a number, a list of texts. */
const TEXTS = 'problemsMention';

export const expectationsSchema = z.strictObject({
  ...(Object.fromEntries(FACT_NAMES.map((name) => [name, wantedNumber.optional()])) as Record<
    FactName,
    z.ZodOptional<typeof wantedNumber>
  >),
  [TEXTS]: wantedTexts.optional(),
});

export type Expectations = z.output<typeof expectationsSchema>;

/** One expectation that was not met. */
export interface Failed {
  readonly what: string;
  readonly wanted: unknown;
  /** The fact; of texts, those that were not said. */
  readonly got: unknown;
}

/** Whatever of `expect` is not so. @param isSaid whether a problem or a reason contained this text. */
export function failedOf(
  expect: Expectations,
  facts: Facts,
  isSaid: (text: string) => boolean,
): readonly Failed[] {
  const numbers = FACT_NAMES.flatMap((what): Failed[] => {
    const wanted = expect[what];
    const got = facts[what];
    return wanted === undefined || isMet(wanted, got) ? [] : [{ what, wanted, got }];
  });
  const wanted = expect[TEXTS] ?? [];
  const missing = wanted.filter((text) => !isSaid(text));
  const texts =
    missing.length === 0 ? [] : [{ what: TEXTS, wanted, got: `nobody said ${missing.join(', ')}` }];
  return [...numbers, ...texts];
}

function isMet(wanted: z.output<typeof wantedNumber>, got: number | null): boolean {
  if (got === null) return false;
  if (typeof wanted === 'number') return got === wanted;
  const { min = -Infinity, max = Infinity } = wanted;
  return got >= min && got <= max;
}
