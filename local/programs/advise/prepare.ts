/** What the advice begins with, or everything that is wrong with what was asked for. */
import type { AdviceOptions } from '../../prove/advise/advise.ts';
import { coveredBy, unplayed } from '../../prove/advise/farm.ts';
import { checkWritable } from '../start/writable.ts';
import { Faults } from './faults.ts';
import { choiceOf, numberFrom, priceIn } from './options.ts';
import type { Options } from './options.ts';
import { farmIn, historyIn, usualFarm } from './sources.ts';
import type { KnownFarm } from './sources.ts';

interface Prepared extends Omit<AdviceOptions, 'finished'> {
  /** What is assumed, for people; undefined where nothing is. */
  readonly note: string | undefined;
}

const REPORT_REMEDY = 'name another file with --report';
/** An instance is pending for so long before it boots. */
const SHORTEST_BOOT = 20;
const NO_FARM =
  'There is no autoscaler.json here and none is named with --config: a usual farm is taken for today’s.';

/** @throws Error for what cannot be, with every fault, before anything has run. */
export async function prepare(options: Options): Promise<Prepared> {
  const faults = new Faults();
  const days = (await faults.of(() => numberFrom(0.01, 'days', options.days))) ?? 1;
  const bootSeconds = (await faults.of(() => numberFrom(SHORTEST_BOOT, 'boot', options.boot))) ?? 0;
  const threads = (await faults.of(() => numberFrom(1, 'threads', options.threads))) ?? 1;
  const prices = await Promise.all(options.price.map((text) => faults.of(() => priceIn(text))));
  await faults.of(() => {
    if (options.report !== undefined) checkWritable(options.report, REPORT_REMEDY);
  });
  const choice = await faults.of(() => choiceOf(options));
  const known = await faults.of(() => ({ farm: farmIn(options.config) }));
  // A journal is read with the farm's types: without them there is nothing more to be found out.
  const isReadable = choice !== undefined && (known !== undefined || isFile(choice));
  const read = isReadable
    ? await faults.of(() => historyIn({ ...choice, days }, known?.farm?.config))
    : undefined;
  const farm = known?.farm?.farm ?? usualFarm(read?.history.workload ?? []);
  if (known !== undefined && read !== undefined)
    await faults.of(() => checkCovers(known.farm, read.history.workload));
  faults.raise();
  if (read === undefined) throw new Error('there is no history');
  const { history } = read;
  return {
    history: { ...history, unknown: [...history.unknown, ...unplayed(farm)] },
    ...{ farm, bootSeconds, threads: Math.floor(threads) },
    // What people say counts for more than what AWS said some time.
    prices: new Map([...read.prices, ...prices.filter((price) => price !== undefined)]),
    note: known?.farm === undefined ? NO_FARM : undefined,
  };
}

const isFile = ({ steps, trace }: { readonly steps?: string; readonly trace?: string }): boolean =>
  (steps ?? trace) !== undefined;

function checkCovers(known: KnownFarm | undefined, workload: AdviceOptions['history']['workload']): void {
  if (known === undefined || coveredBy(known.farm, workload).steps.size > 0) return;
  const kinds = [...new Set(workload.map(({ system }) => system))].join(', ');
  throw new Error(
    `no machine type of the configuration takes any of these steps (${kinds}): is this the farm of that queue?`,
  );
}
