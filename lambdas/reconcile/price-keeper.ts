/** Prices, once a day: asked when the tick's work is done, so that no machine waits for them. */
import { isPriceDue, pricesAfter, typesToPrice } from '../core/life/price.ts';
import type { Observation } from '../core/model/index.ts';
import type { Lease } from '../ports.ts';
import { saveWhatIsPossible } from './save.ts';
import type { Tick } from './round.ts';

/** Longer than this nobody waits for prices, in seconds. */
const PATIENCE_SECONDS = 10;

/** Asks where it is due and there is time; a failure is kept beside what was known before. @throws LeaseLostError */
export async function keepPrices(
  { ports, config, terms, report }: Tick,
  lease: Lease,
  observation: Observation,
): Promise<void> {
  const { prices: source, clock } = ports;
  const wanted = typesToPrice(config.machineTypes, observation);
  const { prices: before } = observation.state;
  const hasTime = clock.now() + 2 * PATIENCE_SECONDS <= (terms.lastDeadline ?? terms.deadline);
  if (source === undefined || !hasTime || !isPriceDue(before, wanted, clock.now())) return;
  const prices = pricesAfter(before, wanted, await source.ask(wanted, PATIENCE_SECONDS), clock.now());
  const nothing = { machines: [], closedMachines: [], launches: [], closedLaunches: [] };
  await saveWhatIsPossible({ ports, lease, report }, { ...nothing, prices });
}
