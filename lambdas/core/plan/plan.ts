/** One round's plan: pure, whole, with a reason for everything. The stages stand in the order they run. */
import { afterSetback, afterSuccess, withoutOld } from '../back-off.ts';
import type { Config } from '../config/config.ts';
import { demandOf } from '../demand.ts';
import type { Demand, TypeDemand } from '../demand.ts';
import type { Action, BackOff, Decision, Farm, Launch, Listing, Machine, Observation } from '../model.ts';
import { waitingAfter } from '../waiting.ts';
import { checkHealth } from './boot.ts';
import { decisionsOf } from './decisions.ts';
import { judgeDispatcher } from './dispatcher.ts';
import type { Dispatcher } from './dispatcher.ts';
import { forgetShown, progressDrain } from './drain.ts';
import { endMachine } from './ending.ts';
import { takeInventory } from './inventory.ts';
import type { Inventory } from './inventory.ts';
import { listingsFor, noteSeenListed } from './listing.ts';
import { contextOf, isPaused } from './planned.ts';
import type { Context, Planned } from './planned.ts';
import { canReturn } from './scale-in.ts';
import { poolsOf } from './scale-out.ts';
import { scaleTypes } from './scale.ts';
import type { Scaled } from './scale.ts';
import { isSettled } from './settled.ts';

export interface Plan {
  readonly actions: readonly Action[];
  /** The farm as it shall be remembered. */
  readonly farm: Farm;
  /** Every machine as it shall be remembered. */
  readonly machines: readonly Machine[];
  /** Records to forget, with the reason. */
  readonly closedMachines: ReadonlyMap<string, string>;
  /** Launches to be sent (again); saved before anything is sent. */
  readonly launches: readonly Launch[];
  readonly closedLaunches: readonly string[];
  /** The machines file. */
  readonly listings: readonly Listing[];
  /** The file shall get a new modification time even if it says the same. */
  readonly republish: boolean;
  readonly demand: Demand;
  /** Machines that are allowed and not asked for, because those before were refused or never got ready. */
  readonly resting: number;
  readonly decisions: readonly Decision[];
  /** What the reason of each decision is put together from, by machine type or instance id. */
  readonly reasons: ReadonlyMap<string, readonly string[]>;
  /** Nothing is going to change before the next tick, so there is no use in another round. */
  readonly settled: boolean;
}

/**
 * Plans one round.
 * @param launchId the id of the n-th launch of this round; unique for ever, at most 64 ASCII characters.
 */
export function makePlan(config: Config, observation: Observation, launchId: (n: number) => string): Plan {
  const seen = contextOf(config, observation);
  const demand = demandOf(config, observation.queue, observation.state.floors);
  const inventory = takeInventory(seen);
  const healthy = inventory.machines.map((planned) =>
    progressDrain(seen, noteRunner(seen, checkHealth(seen, planned))),
  );
  const context: Context = { ...seen, backOffs: bootBackOffs(seen, healthy) };
  const dispatcher = judgeDispatcher(context, healthy);
  const scaled = scaleTypes(
    context,
    demand,
    { ...inventory, machines: healthy },
    dispatcher.stalledTypes,
    launchId,
  );
  const ended = scaled.machines.map((planned) => endMachine(context, demandFor(demand, planned), planned));
  return assemble(context, demand, inventory, dispatcher, { ...scaled, machines: ended });
}

function noteRunner(context: Context, planned: Planned): Planned {
  if (context.status === undefined) return planned;
  const sighting = { at: context.observation.now, hostAt: context.status.at };
  const noted = { ...planned, machine: noteSeenListed(planned, sighting) };
  return canReturn(noted) ? noted : { ...noted, machine: forgetShown(context, noted) };
}

const demandFor = (demand: Demand, { machine }: Planned): TypeDemand | undefined =>
  demand.types.find(({ type }) => type.key === machine.type);

function assemble(
  context: Context,
  demand: Demand,
  inventory: Inventory,
  dispatcher: Dispatcher,
  scaled: Scaled,
): Plan {
  const { machines, launches } = scaled;
  const sent = [...inventory.unanswered, ...launches];
  const unanswered = inventory.unanswered.filter(({ type }) => !isPaused(context, type));
  return {
    actions: actionsOf(demand, machines, unanswered, launches),
    farm: nextFarm(context, demand, dispatcher),
    machines: machines.map(({ machine }) => machine),
    closedMachines: inventory.closed,
    launches: sent,
    closedLaunches: inventory.closedLaunches,
    listings: listingsFor(context.config, machines),
    republish: dispatcher.republish,
    demand,
    resting: scaled.resting,
    ...decisionsOf(context, demand, scaled, inventory, dispatcher),
    settled: isSettled(context, machines, [...unanswered, ...launches], dispatcher),
  };
}

function actionsOf(
  demand: Demand,
  machines: readonly Planned[],
  unanswered: readonly Launch[],
  launches: readonly Launch[],
): Action[] {
  const ofMachines = machines.flatMap(({ machine, action }): Action[] =>
    action === undefined ? [] : [{ kind: action, instanceId: machine.instanceId, reason: machine.reason }],
  );
  return [
    ...ofMachines,
    ...unanswered.map((launch): Action => ({
      kind: 'launch',
      launch,
      reason: 'its first answer never came',
    })),
    ...launches.map((launch): Action => ({
      kind: 'launch',
      launch,
      reason: demand.types.find(({ type }) => type.key === launch.type)?.reason ?? 'allowed by its demand',
    })),
  ];
}

function nextFarm(context: Context, demand: Demand, dispatcher: Dispatcher): Farm {
  const { state, now } = context.observation;
  const trust = context.status === undefined ? untrusted(state.farm, now) : { lastTrustedAt: now };
  const backOffs = withoutOld(context.backOffs, context.config.machineTypes, now);
  const waiting = waitingAfter(context.observation, demand, dispatcher.besideFreeSlots);
  const clocks = waiting.length === 0 ? {} : { waiting };
  return { ...trust, ...dispatcher.farm, ...clocks, backOffs, lastTickAt: now };
}

const untrusted = ({ lastTrustedAt, untrustedSince }: Farm, now: number): Partial<Farm> => ({
  ...(lastTrustedAt === undefined ? {} : { lastTrustedAt }),
  untrustedSince: untrustedSince ?? now,
});

/** Machines that boot but never get ready would be launched for ever: each such failure rests the type for longer. */
function bootBackOffs(context: Context, machines: readonly Planned[]): readonly BackOff[] {
  const { state, now } = context.observation;
  const before = new Map(state.machines.map((machine) => [machine.instanceId, machine.phase]));
  let backOffs = state.farm.backOffs;
  for (const { machine, type } of machines) {
    if (type === undefined || before.get(machine.instanceId) !== 'booting') continue;
    if (machine.phase === 'ready') backOffs = afterSuccess(backOffs, type.key, undefined);
    if (machine.phase !== 'failed') continue;
    const setback = { kind: 'never-ready', reason: `${machine.instanceId} was ${machine.reason}` };
    backOffs = afterSetback(backOffs, type.key, setback, poolsOf(type), now);
  }
  return backOffs;
}
