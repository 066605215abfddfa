/** What the simulation has found once, each with the seed that found it. */
import { expect, it } from 'vitest';
import { FAULT_NAMES, STORM_NAMES } from '../../../local/prove/simulate/fault-kinds.ts';
import { simulate } from '../../../local/prove/simulate/simulate.ts';
import { sampled } from '../../needs.ts';

const KINDS = {
  none: [],
  storms: STORM_NAMES,
  /** Those there were before what AWS was seen to do to others. */
  ours: FAULT_NAMES.slice(0, FAULT_NAMES.indexOf('launch-dies')),
  /** Those there were before strangers bore our tags. */
  aws: FAULT_NAMES.slice(0, FAULT_NAMES.indexOf('tick-doubled-same-id') + 1),
  all: FAULT_NAMES,
};

const FOUND: readonly (readonly [seed: number, hours: number, kinds: keyof typeof KINDS, what: string])[] = [
  [2, 24, 'none', 'an idle machine was kept for the steps of a draining one'],
  [17, 48, 'storms', 'an idle machine bought an hour because of steps on another machine'],
  [22, 48, 'storms', 'an idle machine was ranked above one at work and stayed for hours'],
  [
    92,
    48,
    'storms',
    'a launch was closed although its machine could not be recorded, and the cap was exceeded',
  ],
  [198, 48, 'storms', 'a drain whose beginning was never noted waited for the queue runner for ever'],
  [1037, 48, 'storms', 'the same after a machine was unlisted by a tick that died'],
  [
    900145,
    48,
    'storms',
    'a machine that froze while it was copied back from was ended after ten idle minutes',
  ],
  [900177, 42, 'storms', 'the same on a farm where another copy was under way as well'],
  [
    900273,
    48,
    'storms',
    'a draining machine that a person stopped and started was listed before it answered',
  ],
  [3, 48, 'ours', 'an order stayed behind when the tick died that saw its machine go'],
  [
    40125,
    48,
    'ours',
    'a machine sent away, of which the restarted queue runner knew nothing, stayed for ever',
  ],
  [40148, 48, 'ours', 'the same of one whose type had left the configuration'],
  [500028, 48, 'aws', 'a drain went on although an older publication had put its line back'],
  [500102, 48, 'aws', 'a machine that was never ready was ended at work, at the address of its predecessor'],
  [500108, 48, 'aws', 'a pause stayed that nobody knew of, because the state table had shown nothing'],
  [500111, 48, 'aws', 'so did a protection'],
  [
    941010,
    48,
    'all',
    'a restarted machine that somebody had taken out of the file was put back before it answered',
  ],
  [600046, 48, 'aws', 'a protected machine without its tag was no capacity, and another was bought'],
];

/** Each takes seconds, and what it found has a test of its own by now: only continuous integration runs them all. */
const SEEDS = sampled(FOUND, 18);

it.each(SEEDS)('seed %i (%i hours, faults: %s): %s', async (seed, hours, kinds) => {
  const outcome = await simulate({ seed, hours, faults: KINDS[kinds] });

  expect(outcome.violations).toEqual([]);
});
