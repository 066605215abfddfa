/** What a machine costs an hour, as it was when it was first seen, and whose prices have to be known for that. */
import type { MachineType } from '../config/machine-type.ts';
import { isLinux } from '../config/policy.ts';
import type { EpochSeconds, Instance, Machine, Market, Observation, Prices } from '../model/index.ts';
import type { Result } from '../reason/result.ts';

/** AWS changes prices now and then, and those of spot slowly; in seconds. */
const DAY_SECONDS = 86_400;
/** When AWS is asked again after it could not be asked, and at the earliest for an instance type that is new, in seconds. */
const AGAIN_SECONDS = 3600;
const NEW_SECONDS = 600;

/** A place where machines of a type run. */
export interface PricedPlace {
  /** Undefined where EC2 has not told it yet. */
  readonly instanceType: string | undefined;
  readonly market: Market;
  readonly zone?: string | undefined;
}

/** In dollars an hour, without disk and address. A price in the configuration beats AWS's. */
export function priceOf(type: MachineType, prices: Prices | undefined, place: PricedPlace): Result<number> {
  const told = pricesOf(type, prices, place);
  return told.ok ? { ok: true, value: mean(told.value) } : told;
}

/** The same in the dearest zone. */
export function highestPriceOf(
  type: MachineType,
  prices: Prices | undefined,
  place: PricedPlace,
): Result<number> {
  const told = pricesOf(type, prices, place);
  return told.ok ? { ok: true, value: Math.max(...told.value) } : told;
}

/** One at least: that of the zone if it is known, else those of all. */
function pricesOf(
  type: MachineType,
  prices: Prices | undefined,
  { instanceType, market, zone }: PricedPlace,
): Result<readonly number[]> {
  if (type.dollarsPerHour !== undefined) return { ok: true, value: [type.dollarsPerHour] };
  if (!isLinux(type.systems))
    return unknown('only prices of Linux are asked for', `say "dollarsPerHour" of ${type.key}`);
  if (instanceType === undefined) return unknown('EC2 has not told its instance type yet');
  const offers = (prices?.prices ?? []).filter(
    (one) => one.instanceType === instanceType && one.market === market,
  );
  const here = offers.filter((one) => one.zone === undefined || one.zone === zone);
  const fitting = (here.length > 0 ? here : offers).map(({ dollarsPerHour }) => dollarsPerHour);
  if (fitting.length > 0) return { ok: true, value: fitting };
  if (prices === undefined) return unknown('AWS has not been asked for prices yet');
  if (prices.problem !== undefined) return { ok: false, problem: prices.problem };
  return unknown(`AWS has told no price of ${instanceType} on ${market === 'spot' ? 'spot' : 'demand'}`);
}

const unknown = (says: string, remedy?: string): Result<never> => ({
  ok: false,
  problem: { says, ...(remedy !== undefined && { remedy }) },
});

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** The machine with its price, once that is known; it keeps the one it began with. */
export function priced(
  machine: Machine,
  type: MachineType | undefined,
  instance: Instance | undefined,
  prices: Prices | undefined,
): Machine {
  if (machine.dollarsPerHour !== undefined || type === undefined || instance === undefined) return machine;
  const price = priceOf(type, prices, { ...instance, instanceType: instance.instanceType });
  return price.ok ? { ...machine, dollarsPerHour: price.value } : machine;
}

/** Instance types whose prices matter: those that are named, and those that EC2 has chosen. */
export function typesToPrice(
  types: readonly MachineType[],
  { instances }: Pick<Observation, 'instances'>,
): readonly string[] {
  const asking = types.filter((type) => type.dollarsPerHour === undefined && isLinux(type.systems));
  const keys = new Set(asking.map(({ key }) => key));
  const seen = instances.flatMap(({ type, instanceType }) =>
    type !== undefined && instanceType !== undefined && keys.has(type) ? [instanceType] : [],
  );
  return [...new Set([...asking.flatMap(({ instanceTypes }) => instanceTypes), ...seen])].toSorted();
}

/** Whether AWS is to be asked: once a day, sooner where it could not be, or where an instance type is new. */
export function isPriceDue(
  prices: Prices | undefined,
  instanceTypes: readonly string[],
  now: EpochSeconds,
): boolean {
  if (instanceTypes.length === 0) return false;
  if (prices === undefined) return true;
  const age = now - prices.askedAt;
  const hasNew = instanceTypes.some((one) => !prices.asked.includes(one));
  return (
    age >= DAY_SECONDS ||
    (prices.problem !== undefined && age >= AGAIN_SECONDS) ||
    (hasNew && age >= NEW_SECONDS)
  );
}

/** What is known after AWS was asked: where it told nothing, what it told before. */
export function pricesAfter(
  before: Prices | undefined,
  asked: readonly string[],
  { prices, problem }: Pick<Prices, 'prices' | 'problem'>,
  now: EpochSeconds,
): Prices {
  const told = new Set(prices.map(({ instanceType, market }) => `${instanceType} ${market}`));
  const kept = (before?.prices ?? []).filter(
    ({ instanceType, market }) => asked.includes(instanceType) && !told.has(`${instanceType} ${market}`),
  );
  return {
    askedAt: now,
    asked,
    prices: [...prices, ...kept],
    ...(problem !== undefined && { problem }),
  };
}
