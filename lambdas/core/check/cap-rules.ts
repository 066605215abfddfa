/** Rule 3: the caps are hard. */
import type { Action, Instance, Machine, Price } from '../model/index.ts';
import type { Facts } from './facts.ts';

type OfType = (type: string | undefined) => boolean;

/** What counts against the caps after a plan: one machine, or as many alike as a launch may bring. */
interface Place {
  readonly type: string | undefined;
  readonly machines: number;
  /** In dollars an hour each; undefined where nobody knows it. */
  readonly price: number | undefined;
}

/** Requested, pending, running, stopping, hidden and hand-made machines, and what the plan adds, stay under the caps. */
export function capsAreHard(facts: Facts): readonly string[] {
  const places = placesAfter(facts);
  return [...machinesFit(facts, places), ...dollarsFit(facts, places)];
}

function machinesFit(facts: Facts, places: readonly Place[]): readonly string[] {
  const { config } = facts;
  const caps: [string, number, OfType][] = [
    ['maxTotalMachines', config.maxTotalMachines, () => true],
    ...config.machineTypes.map(({ key, maxMachines }): [string, number, OfType] => [
      `maxMachines of ${key}`,
      maxMachines,
      (type) => type === key,
    ]),
  ];
  return caps.flatMap(([name, cap, counts]) => {
    if (!grows(facts, counts)) return [];
    const machines = sum(places.filter(({ type }) => counts(type)).map((place) => place.machines));
    return machines > cap ? [`${machines} machines would exceed ${name}, which is ${cap}`] : [];
  });
}

/** Sums of prices are not exact in binary, in dollars an hour. */
const ROUNDING = 1e-6;

/** What was there before its price was known cannot be held against a plan; what a plan adds can. */
function dollarsFit(facts: Facts, places: readonly Place[]): readonly string[] {
  const { maxDollarsPerHour: cap } = facts.config;
  if (cap === undefined || !grows(facts, () => true)) return [];
  const cost = sum(places.map(({ machines, price = 0 }) => machines * price));
  return [
    ...addedUnpriced(facts).map(
      (type) => `would add machines of ${type} under maxDollarsPerHour, and nobody knows what they cost`,
    ),
    ...(cost > cap + ROUNDING
      ? [`${cost.toFixed(4)} dollars an hour would exceed maxDollarsPerHour, which is ${cap}`]
      : []),
  ];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** The types of what a plan adds and nobody knows the price of. */
const addedUnpriced = (facts: Facts): readonly (string | undefined)[] =>
  addedBy(facts).flatMap((action) => {
    const type = typeOfAdded(facts, action);
    const price =
      action.kind === 'launch' ? priceOfNew(facts, type) : placeOf(facts, action.instanceId, type).price;
    return price === undefined ? [type] : [];
  });

type Adding = Extract<Action, { kind: 'launch' | 'start' }>;

/** A launch sent again was under the cap when it was first sent; it is not this plan that breaks a lowered one. */
function addedBy({ plan, observation }: Facts): readonly Adding[] {
  const known = new Set(observation.state.launches.map(({ id }) => id));
  return plan.actions.filter(
    (action): action is Adding =>
      action.kind === 'start' || (action.kind === 'launch' && !known.has(action.launch.id)),
  );
}

const typeOfAdded = ({ after }: Facts, action: Adding): string | undefined =>
  action.kind === 'launch' ? action.launch.type : after.get(action.instanceId)?.type;

const grows = (facts: Facts, counts: OfType): boolean =>
  addedBy(facts).some((action) => counts(typeOfAdded(facts, action)));

/** What AWS has been stopping for half an hour and more, and does not bill, holds no place: the one exception. */
const STUCK_SECONDS = 1800;

function holdsPlace({ before, observation }: Facts, { instanceId, state }: Instance): boolean {
  if (state !== 'stopping') return state === 'pending' || state === 'running' || state === 'unknown';
  const { phase, goingDownSince = observation.now } = before.get(instanceId) ?? {};
  return phase !== 'stopping' || observation.now - goingDownSince < STUCK_SECONDS;
}

function placesAfter(facts: Facts): readonly Place[] {
  const { observation, plan, after, instances } = facts;
  const alive = observation.instances
    .filter((instance) => holdsPlace(facts, instance))
    .map((instance) =>
      placeOf(facts, instance.instanceId, after.get(instance.instanceId)?.type ?? instance.type),
    );
  const unseen = plan.machines
    .filter(({ instanceId, phase }) => !instances.has(instanceId) && phase !== 'stopped')
    .map(({ instanceId, type }) => placeOf(facts, instanceId, type));
  const { unrecorded = [] } = observation.state.farm;
  const hidden = unrecorded
    .filter(({ instanceId }) => !instances.has(instanceId) && !observation.denied.has(instanceId))
    .map(({ instanceId, type }) => placeOf(facts, instanceId, type));
  const starts = plan.actions.flatMap((action) =>
    action.kind === 'start' ? [placeOf(facts, action.instanceId, after.get(action.instanceId)?.type)] : [],
  );
  const requested = plan.launches.map(({ id, type, count }) => ({
    type,
    machines: Math.max(0, count - broughtBy(id, [...observation.instances, ...plan.machines])),
    price: priceOfNew(facts, type),
  }));
  return [...alive, ...unseen, ...hidden, ...starts, ...requested];
}

const placeOf = (facts: Facts, instanceId: string, type: string | undefined): Place => ({
  type,
  machines: 1,
  price: facts.after.get(instanceId)?.dollarsPerHour ?? priceOfInstance(facts, instanceId, type),
});

/** A machine without a price yet costs what one of its instance type does, as far as that is known. */
function priceOfInstance(facts: Facts, instanceId: string, type: string | undefined): number | undefined {
  const instance = facts.instances.get(instanceId);
  const own = facts.types.get(type ?? '')?.dollarsPerHour;
  if (own !== undefined || instance?.instanceType === undefined) return own ?? priceOfNew(facts, type);
  const { instanceType, market } = instance;
  return dearest(facts, (one) => one.instanceType === instanceType && one.market === market);
}

/** The dearest of what a type may get; undefined where that of one is not known. */
function priceOfNew(facts: Facts, key: string | undefined): number | undefined {
  const type = facts.types.get(key ?? '');
  if (type === undefined || type.dollarsPerHour !== undefined) return type?.dollarsPerHour;
  const markets = type.market === 'spot-then-on-demand' ? ['spot', 'on-demand'] : [type.market];
  const each = markets.flatMap((market) =>
    type.instanceTypes.map((name) =>
      dearest(facts, (one) => one.instanceType === name && one.market === market),
    ),
  );
  const known = each.filter((price) => price !== undefined);
  return known.length < each.length || each.length === 0 ? undefined : Math.max(...known);
}

function dearest({ observation }: Facts, isMeant: (price: Price) => boolean): number | undefined {
  const told = (observation.state.prices?.prices ?? []).filter(isMeant);
  return told.length === 0 ? undefined : Math.max(...told.map(({ dollarsPerHour }) => dollarsPerHour));
}

/** Machines of a launch that are known already, whatever has become of them: it brings no more than it was asked for. */
function broughtBy(launch: string, known: readonly Pick<Machine, 'instanceId' | 'launchId'>[]): number {
  const ids = known.filter(({ launchId }) => launchId === launch).map(({ instanceId }) => instanceId);
  return new Set(ids).size;
}
