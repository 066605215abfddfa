/**
 * What arrived in a queue, from what ticks saw of it. Steps there are plus steps done so far only grow by arrivals: by
 * how much that has grown between two looks has arrived between them. What is done elsewhere lets the sum fall.
 */
import { typeFor } from '../../../lambdas/core/capacity/covering.ts';
import type { MachineType } from '../../../lambdas/core/config/machine-type.ts';
import { runnerOf } from '../../../lambdas/core/life/runner.ts';
import type { JournalEntry, Observation, QueueMachine } from '../../../lambdas/core/model/index.ts';
import { dialects } from '../../../lambdas/hydra/dialects.ts';
import { Random } from '../../world/random.ts';
import type { Arrival, Workload } from '../../world/workload.ts';
import type { Price, Prices } from './row.ts';

/** What AWS asked for machines when a tick last knew that; spot where it is cheapest. */
export function pricesIn(entries: readonly JournalEntry[]): Prices {
  const told = observationsIn(entries).flatMap(({ state }) => state.prices?.prices ?? []);
  const known = new Map<string, Price>();
  const latest = new Map(
    told.map((price) => [`${price.instanceType} ${price.market} ${price.zone ?? ''}`, price]),
  );
  for (const { instanceType, market, dollarsPerHour } of latest.values()) {
    if (market === 'spot') continue;
    const spots = [...latest.values()].filter(
      (one) => one.market === 'spot' && one.instanceType === instanceType,
    );
    const spot = Math.min(...spots.map((one) => one.dollarsPerHour));
    known.set(instanceType, { onDemand: dollarsPerHour, ...(spots.length === 0 ? {} : { spot }) });
  }
  return known;
}

const observationsIn = (entries: readonly JournalEntry[]): readonly Observation[] =>
  entries
    .flatMap((entry) => (entry.kind === 'tick' ? entry.rounds : []))
    .flatMap(({ observation }) => observation ?? [])
    .toSorted((a, b) => a.now - b.now);

/** What one look tells of a machine type. */
interface Look {
  readonly at: number;
  /** Steps that wait or run. */
  readonly steps: number;
  /** By its machines since the look before. */
  readonly done: Done;
}

/** Steps, and what they took in seconds. */
interface Done {
  readonly steps: number;
  readonly seconds: number;
}

/** Before any step was counted, in seconds. */
const USUAL_SECONDS = 600;
/** How far durations spread around their mean, as a log-normal deviation: as those of the workload generator. */
const DURATION_SIGMA = 0.81;
const SHORTEST_SECONDS = 5;
const SEED = 1;
const NOTHING: Done = { steps: 0, seconds: 0 };

/** @param types the machine types of today: each kind of step counts for the one that would take it. */
export function arrivalsIn(entries: readonly JournalEntry[], types: readonly MachineType[]): Workload {
  const looks = looksIn(observationsIn(entries), types);
  const random = new Random(SEED);
  return types
    .flatMap((type) => arrivalsOf(type, looks.get(type) ?? [], random.fork()))
    .toSorted((a, b) => a.atSeconds - b.atSeconds);
}

function looksIn(
  observations: readonly Observation[],
  types: readonly MachineType[],
): ReadonlyMap<MachineType, readonly Look[]> {
  // Of all types: an address, and the count that goes with it, may come to a machine of another one.
  const counts = new Map<string, Done>();
  const looks = new Map<MachineType, Look[]>(types.map((type) => [type, []]));
  for (const observation of observations) {
    const { now: at, queue, state } = observation;
    if (!queue.trusted) continue;
    const { life } = dialects[runnerOf(observation)];
    for (const [type, told] of looks) {
      const own = queue.demand.filter((step) => typeFor(types, step, queue.hostSystem) === type);
      const machines = state.machines.filter((machine) => machine.type === type.key);
      const done = doneSince(
        counts,
        machines.flatMap((machine) => life.seenIn(queue, machine) ?? []),
      );
      const steps = own.reduce((sum, { runnable, running }) => sum + runnable + running, 0);
      // What was done before the first look did not arrive after it.
      told.push({ at, steps, done: told.length === 0 ? NOTHING : done });
    }
  }
  return looks;
}

/** What was done since the looks before, whose counts are kept. Counts that fell are of a queue runner that was started again. */
function doneSince(counts: Map<string, Done>, machines: readonly QueueMachine[]): Done {
  let [steps, seconds] = [0, 0];
  for (const { key, done = NOTHING } of machines) {
    const before = counts.get(key) ?? NOTHING;
    const since = before.steps > done.steps ? NOTHING : before;
    counts.set(key, done);
    steps += done.steps - since.steps;
    seconds += Math.max(0, done.seconds - since.seconds);
  }
  return { steps, seconds };
}

function arrivalsOf(type: MachineType, looks: readonly Look[], random: Random): readonly Arrival[] {
  const done = looks.map((look) => look.done);
  const steps = done.reduce((sum, one) => sum + one.steps, 0);
  const mean = steps === 0 ? USUAL_SECONDS : done.reduce((sum, one) => sum + one.seconds, 0) / steps;
  return looks.flatMap((look, index) => {
    const before = looks[index - 1];
    const count = look.steps - (before?.steps ?? 0) + look.done.steps;
    if (count <= 0) return [];
    return {
      atSeconds: Math.round(((before?.at ?? look.at) + look.at) / 2),
      ...{ system: type.systems[0] ?? '', features: type.features },
      durationsSeconds: Array.from({ length: count }, () => drawn(random, mean)),
    };
  });
}

/** With this mean. */
const drawn = (random: Random, mean: number): number =>
  Math.max(
    SHORTEST_SECONDS,
    Math.round(mean * Math.exp(DURATION_SIGMA * random.normal() - DURATION_SIGMA ** 2 / 2)),
  );
