/** What the simulation has found once, each with the seed that found it. */
import { expect, it } from 'vitest';
import { simulate } from '../../local/simulate/simulate.ts';

const FOUND: readonly (readonly [seed: number, hours: number, faulty: boolean, what: string])[] = [
  [2, 24, false, 'an idle machine was kept for the steps of a draining one'],
  [17, 48, true, 'an idle machine bought an hour because of steps on another machine'],
  [22, 48, true, 'an idle machine was ranked above one at work and stayed for hours'],
  [92, 48, true, 'a launch was closed although its machine could not be recorded, and the cap was exceeded'],
  [198, 48, true, 'a drain whose beginning was never noted waited for the queue runner for ever'],
  [1037, 48, true, 'the same after a machine was unlisted by a tick that died'],
  [900145, 48, true, 'a machine that froze while it was copied back from was ended after ten idle minutes'],
  [900177, 42, true, 'the same on a farm where another copy was under way as well'],
  [900273, 48, true, 'a draining machine that a person stopped and started was listed before it answered'],
];

it.each(FOUND)('seed %i (%i hours, faults: %s): %s', async (seed, hours, faulty) => {
  const outcome = await simulate({ seed, hours, ...(faulty ? {} : { faults: [] }) });

  expect(outcome.violations).toEqual([]);
});
