/** How many machines each type should have: by a target wait, or by hydra-provisioner's arithmetic, with its defaults. */
import { inOneLine, reason } from '../reason/reason.ts';
import type { Reason } from '../reason/reason.ts';
import * as words from '../reason/words/index.ts';
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import { standingFloor, warmAt } from '../config/warm.ts';
import type { EpochSeconds, Floor, Observation, Prices, QueueStatus, StepDemand } from '../model/index.ts';
import { typeFor } from './covering.ts';
import { expectedOf, prospectsOf } from './ahead.ts';
import type { Prospect } from './ahead.ts';
import { allRoom, highestPrice, shareOut } from './room.ts';
import { targetOf } from './target-wait.ts';
import type { Pace, Target } from './target-wait.ts';

/** What one type is asked for. */
export interface TypeDemand {
  readonly type: MachineType;
  /** Runnable steps that count for this type; 0 when the queue is not known. */
  readonly runnable: number;
  /** By the target wait, else ceil(max(runnable - ignoredRunnables, 0) / runnablesPerMachine). */
  readonly wanted: number;
  /** The sum behind it, where the type works by a target wait. */
  readonly target?: Target;
  /** Machines for what evaluations are about to queue, beside what is queued; 0 where that asks for none. */
  readonly ahead: number;
  /** What evaluations may bring it. */
  readonly prospects: readonly Prospect[];
  /** The largest of minMachines, the warm time in force and the manual scale-out. */
  readonly floor: number;
  /** min(max(wanted, ahead, floor), maxMachines). */
  readonly allowed: number;
  /** The arithmetic in words. */
  readonly reasons: readonly Reason[];
  /** The same in one line. */
  readonly reason: string;
}

export interface Demand {
  readonly types: readonly TypeDemand[];
  /** Runnable steps that no configured type covers. */
  readonly uncovered: readonly StepDemand[];
}

/** Machines that are wanted and that a cap forbids. */
export interface Withheld {
  /** Types that want more than their own `maxMachines`. */
  readonly types: readonly TypeDemand[];
  /** Machines that the types together are allowed beyond `maxTotalMachines` and `maxDollarsPerHour`. */
  readonly beyondTotal: number;
}

/** What asks for machines, and when. */
export type Asking = Pick<Observation, 'queue' | 'notice' | 'now' | 'state'>;

/**
 * Works out what every type is asked for. An unknown queue asks for nothing; floors are kept up all the same.
 * @param paces of the types that work by a target wait.
 */
export function demandOf(
  config: Config,
  asking: Asking,
  paces: ReadonlyMap<string, Pace> = new Map(),
): Demand {
  const { queue, now } = asking;
  const { demand: steps = [], hostSystem } = queue;
  const prospects = prospectsOf(config, asking, paces, ({ system, features }) =>
    typeFor(config.machineTypes, { key: keyOf(system, features), system, features }, hostSystem),
  );
  const runnable = new Map<string, number>();
  const uncovered: StepDemand[] = [];
  for (const step of steps) {
    const type = typeFor(config.machineTypes, step, hostSystem);
    if (type) runnable.set(type.key, (runnable.get(type.key) ?? 0) + step.runnable);
    else if (step.runnable > 0) uncovered.push(step);
  }
  const types = config.machineTypes.map((type) =>
    demandOfType(type, {
      ...(queue.demand === undefined ? {} : { runnable: runnable.get(type.key) ?? 0 }),
      ...{ manual: manualFloor(asking.state.floors, type.key), now },
      ...{ pace: paces.get(type.key), prospects: prospects.get(type.key) ?? [] },
    }),
  );
  return { types, uncovered };
}

const keyOf = (system: string, features: readonly string[]): string =>
  [system, features.join()].filter((part) => part !== '').join(':');

function manualFloor(floors: readonly Floor[], type: string): number {
  return Math.max(0, ...floors.filter((floor) => floor.type === type).map((floor) => floor.count));
}

/** What asks for machines of a type. */
interface Asked {
  /** Absent where the queue is not known. */
  readonly runnable?: number;
  /** What a person has scaled out to. */
  readonly manual: number;
  readonly now: EpochSeconds;
  readonly pace: Pace | undefined;
  readonly prospects: readonly Prospect[];
}

function demandOfType(type: MachineType, asked: Asked): TypeDemand {
  const { runnable = 0, manual, now, prospects } = asked;
  const { wanted, told, ...target } = wantedBy(type, asked);
  const standing = standingFloor(type, now);
  const floor = Math.max(standing, manual);
  const ahead = aheadFor(type, asked);
  const allowed = Math.min(Math.max(wanted, ahead, floor), type.maxMachines);
  const why = [reason('demand', told)];
  if (ahead > wanted) why.push(reason('ahead', words.ahead(ahead, expectedOf(prospects))));
  if (floor > wanted)
    why.push(
      manual > standing
        ? reason('manual-floor', words.manualFloor(manual))
        : reason('minimum', keptBy(type, now)),
    );
  if (allowed < Math.max(wanted, ahead, floor)) why.push(reason('cap', words.capped(type.maxMachines)));
  return {
    type,
    runnable,
    wanted,
    ...target,
    ahead,
    prospects,
    floor,
    allowed,
    reasons: why,
    reason: inOneLine(why),
  };
}

/** By the same sum as what waits, as if it were there; what was queued a moment ago may be counted among that already. */
function aheadFor(type: MachineType, { runnable, pace, prospects }: Asked): number {
  const expected = expectedOf(prospects);
  if (expected === undefined || runnable === undefined || pace === undefined) return 0;
  const queued = Math.max(runnable, expected.queued - pace.running);
  const fresh = { ...pace, waited: 0 };
  return targetOf(type, type.targetWaitSeconds ?? Infinity, queued + expected.coming, fresh).wanted;
}

function keptBy(type: MachineType, now: EpochSeconds): string {
  const time = warmAt(type, now);
  return time !== undefined && time.machines > type.minMachines
    ? words.warm(time)
    : words.minimum(type.minMachines);
}

function wantedBy(
  type: MachineType,
  { runnable, pace }: Asked,
): Pick<TypeDemand, 'wanted' | 'target'> & { readonly told: string } {
  if (runnable === undefined) return { wanted: 0, told: words.unknownDemand };
  if (type.targetWaitSeconds !== undefined && pace !== undefined) {
    const target = targetOf(type, type.targetWaitSeconds, runnable, pace);
    return { wanted: target.wanted, target, told: words.targetDemand(runnable, type.maxJobs, target) };
  }
  const { ignoredRunnables: ignored, runnablesPerMachine: perMachine } = type;
  const wanted = Math.ceil(Math.max(runnable - ignored, 0) / perMachine);
  return { wanted, told: words.demand({ runnable, ignored, perMachine, wanted }) };
}

/** What the caps withhold of a demand, whatever machines there are. */
export function withheldByCaps(config: Config, { types }: Demand, prices?: Prices): Withheld {
  const wants = types.map(({ type, allowed: machines }) => {
    const price = highestPrice(config, type, prices);
    return price.ok ? { machines, price: price.value } : { machines: 0, price: 0 };
  });
  const shares = shareOut(wants, allRoom(config));
  return {
    types: types.filter(({ wanted, type }) => wanted > type.maxMachines),
    beyondTotal: types.reduce((all, { allowed }, index) => all + allowed - (shares[index] ?? 0), 0),
  };
}

/**
 * Runnable steps that no machine supports at all, neither a type of ours nor another builder of that Hydra. The runner
 * counts those that nothing offered supports, ours included. If it does not tell, the kinds of which nothing runs count.
 */
export function unsupportedSteps(queue: QueueStatus, { uncovered }: Demand): number {
  const sum = (kinds: readonly StepDemand[]): number =>
    kinds.reduce((total, { runnable }) => total + runnable, 0);
  const known = queue.trusted ? queue.stepsUnsupported : undefined;
  return known === undefined
    ? sum(uncovered.filter(({ running }) => running === 0))
    : Math.min(known, sum(uncovered));
}
