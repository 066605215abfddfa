/** Where missing machines come from: stopped ones first, then launches, all in one tick, within the caps. */
import { restOfPool, restOfType, trialOf } from './back-off.ts';
import type { MachineType } from '../config/machine-type.ts';
import type { TypeDemand } from './demand.ts';
import type { BackOff, Launch } from '../model/index.ts';
import { servingNow } from '../life/following.ts';
import { move } from '../life/phases.ts';
import { serving } from '../life/runner.ts';
import { isCapacity } from '../life/planned.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';
import { poolsOf, poolIn, usablePools } from './pools.ts';
import { affordable, fitting, lessened } from './room.ts';
import type { Room, RoomOfType } from './room.ts';
import { knownCost } from './taken.ts';
import { problemInWords } from '../reason/problem.ts';
import * as words from '../reason/words/index.ts';

/** What one type gets beyond the machines it has. */
export interface ScaleOut {
  readonly machines: readonly Planned[];
  readonly launch: Launch | undefined;
  /** Machines it could get and that are not asked for, because those before were refused or never got ready. */
  readonly resting: number;
  /** Why not more, when there is a reason; for people. */
  readonly shortfall: string | undefined;
}

/** What one type has, and what it may get. */
export interface Supply {
  readonly demand: TypeDemand;
  readonly machines: readonly Planned[];
  /** Machines of unanswered launches of this type. */
  readonly requested: number;
  readonly room: RoomOfType;
  /** The id a new launch shall have. */
  readonly launchId: string;
}

/** Brings one type up to what demand allows. */
export function scaleOut(context: Context, supply: Supply): ScaleOut {
  const { demand, machines, requested } = supply;
  const lacking = demand.allowed - machines.filter(isCapacity).length - requested;
  if (context.hold !== undefined)
    return {
      machines,
      launch: undefined,
      resting: Math.max(0, lacking),
      shortfall: lacking > 0 ? problemInWords(context.hold) : undefined,
    };
  const trial = trialBefore(context, demand.type, machines);
  const tried = trial === undefined ? lacking : Math.min(lacking, 1 - booting(machines) - requested);
  const out = bring(context, supply, Math.max(0, tried));
  if (lacking <= 0 || trial === undefined) return out;
  const shortfall = out.shortfall ?? words.triesOne(trial.reason);
  return { ...out, resting: out.resting + lacking - Math.max(0, tried), shortfall };
}

/** As {@link scaleOut}, for so many missing machines. */
function bring(context: Context, supply: Supply, missing: number): ScaleOut {
  const { demand, machines, room } = supply;
  if (missing <= 0) return { machines, launch: undefined, resting: 0, shortfall: undefined };
  const places = Math.max(0, Math.min(missing, room.type));
  const { startable, left } = affordableStarts(context, machines, { places, room: room.total });
  const started = machines.map((planned) =>
    startable.has(planned) ? start(context, planned, demand) : planned,
  );
  const count = Math.min(places - startable.size, affordable({ ...room, total: left }));
  const capped =
    missing > startable.size + count ? capReason(context, demand.type, { ...room, total: left }) : undefined;
  if (count <= 0) return { machines: started, launch: undefined, resting: 0, shortfall: capped };
  return { machines: started, ...launchOf(context, supply, count, capped) };
}

/**
 * A broken image or key would cost as many machines at every attempt as the queue wants. After a failure that no ready
 * machine contradicts, or after two in a row, one machine shows whether it is any better now; so it does in pools that
 * all lately lost machines.
 */
function trialBefore(
  { backOffs, observation }: Context,
  type: MachineType,
  machines: readonly Planned[],
): BackOff | undefined {
  const failed = trialOf(backOffs, type.key, {}, observation.now);
  const isContradicted = machines.some(({ machine }) => machine.phase === 'ready');
  if (failed !== undefined && (failed.failures > 1 || !isContradicted)) return failed;
  return usablePools(type, backOffs, observation.now).trial;
}

const booting = (machines: readonly Planned[]): number =>
  machines.filter((planned) => planned.machine.phase === 'booting' && isCapacity(planned)).length;

/** A machine whose start AWS undid twice is not started a third time; one whose start was refused waits. */
export const UNDONE_STARTS_MAX = 2;

function startableOf(context: Context, machines: readonly Planned[]): readonly Planned[] {
  const { now } = context.observation;
  const rests = (planned: Planned): boolean => {
    const pool = poolIn(planned.instance);
    const { type } = planned.machine;
    return (
      restOfType(context.backOffs, type, now) !== undefined ||
      (pool !== undefined && restOfPool(context.backOffs, type, pool, now) !== undefined)
    );
  };
  return machines.filter(
    (planned) =>
      planned.machine.phase === 'stopped' &&
      planned.order?.kind !== 'drain' &&
      planned.instance?.state === 'stopped' &&
      !planned.instance.interrupted &&
      planned.machine.untagged === undefined &&
      (planned.machine.starts?.undone ?? 0) < UNDONE_STARTS_MAX &&
      (planned.machine.starts?.until ?? 0) <= now &&
      !rests(planned),
  );
}

/** Each is paid for by what that machine costs. */
function affordableStarts(
  context: Context,
  machines: readonly Planned[],
  { places, room }: { readonly places: number; readonly room: Room },
): { readonly startable: ReadonlySet<Planned>; readonly left: Room } {
  const startable = new Set<Planned>();
  let left = room;
  for (const planned of startableOf(context, machines)) {
    const price = knownCost(context, planned);
    if (startable.size >= places || price === undefined || fitting(left, price) < 1) continue;
    startable.add(planned);
    left = lessened(left, 1, price);
  }
  return { startable, left };
}

function start(context: Context, planned: Planned, demand: TypeDemand): Planned {
  const reason = words.startedAgain(demand.reason);
  return {
    ...planned,
    machine: move(servingNow(planned.machine, context.dialect), 'start', reason, context.observation.now),
    isForeign: false,
    action: 'start',
  };
}

function capReason({ config }: Context, type: MachineType, room: RoomOfType): string {
  const { total, price } = room;
  if (!price.ok) return words.unknownPrice(problemInWords(price.problem));
  if (room.type <= affordable(room)) return words.atTypeCap(type.maxMachines);
  return total.machines <= affordable(room)
    ? words.atTotalCap(config.maxTotalMachines)
    : words.atDollarCap(config.maxDollarsPerHour ?? Infinity, price.value);
}

function launchOf(
  context: Context,
  { demand: { type }, launchId: id }: Supply,
  count: number,
  capped: string | undefined,
): Omit<ScaleOut, 'machines'> {
  const { backOffs } = context;
  const { now } = context.observation;
  const ofType = restOfType(backOffs, type.key, now);
  if (ofType !== undefined) return { launch: undefined, resting: count, shortfall: words.rests(ofType, now) };
  const { pools, without } = usablePools(type, backOffs, now);
  if (pools.length === 0) {
    const first = poolsOf(type)
      .map((pool) => restOfPool(backOffs, type.key, pool, now))
      .find((rest) => rest !== undefined);
    return {
      launch: undefined,
      resting: first === undefined ? 0 : count,
      shortfall: first === undefined ? words.noPool : words.rests(first, now),
    };
  }
  const { kind } = context.dialect;
  const fields = { id, type: type.key, count, pools, requestedAt: now, ...serving(kind) };
  const launch = without === undefined ? fields : { ...fields, without };
  return { launch, resting: 0, shortfall: capped };
}
