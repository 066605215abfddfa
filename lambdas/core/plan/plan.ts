/** One round's plan: pure, whole, with a reason for everything. The stages stand in the order they run. */
import type { Config } from '../config/config.ts';
import { demandOf } from '../capacity/demand.ts';
import type { Demand, TypeDemand } from '../capacity/demand.ts';
import { pacesOf } from '../capacity/target-wait.ts';
import { forgetOffer, isToAnswerFirst, noteSeenOffered } from '../life/offering.ts';
import type { Action, Decision, Farm, Launch, Machine, Observation } from '../model/index.ts';
import type { Problem } from '../model/problem.ts';
import { checkHealth, noteKnown } from '../life/boot.ts';
import { decisionsOf } from './decisions.ts';
import type { Parts } from './decisions.ts';
import { judgeDispatcher } from './dispatcher.ts';
import { forgetShown, progressDrain } from '../life/drain.ts';
import { endMachine } from './ending.ts';
import { takeInventory } from '../life/inventory.ts';
import { isPaused } from '../life/planned.ts';
import { contextOf } from './context.ts';
import { canReturn } from '../life/returning.ts';
import { servedBy } from '../life/runner.ts';
import type { Context } from '../life/context.ts';
import type { Dialect, Offer } from '../life/dialect.ts';
import type { Planned } from '../life/planned.ts';
import { nextFarm } from './next-farm.ts';
import { holdOf, problemsOf } from './problems.ts';
import { backOffsAfter, failedOf, fallenOf } from '../capacity/setbacks.ts';
import type { Failed, Fallen } from '../capacity/setbacks.ts';
import type { Reason } from '../reason/reason.ts';
import * as words from '../reason/words/index.ts';
import { scaleTypes } from '../capacity/scale.ts';
import { isAwaited, isDue, isSettled } from './settled.ts';

export interface Plan {
  readonly actions: readonly Action[];
  /** The farm as it shall be remembered. */
  readonly farm: Farm;
  /** Every machine as it shall be remembered. */
  readonly machines: readonly Machine[];
  /** The same, each with what is seen of it. */
  readonly planned: readonly Planned[];
  /** What it was made from, and what follows for everything. */
  readonly context: Context;
  /** Records to forget, with the reason. */
  readonly closedMachines: ReadonlyMap<string, string>;
  /** Launches to be sent (again); saved before anything is sent. */
  readonly launches: readonly Launch[];
  readonly closedLaunches: readonly string[];
  /** What the queue runner is offered. */
  readonly offers: readonly Offer[];
  /** It is to be woken, even if the same is offered as before. */
  readonly nudge: boolean;
  readonly demand: Demand;
  /** Machines that are allowed and not asked for, because those before were refused or never got ready. */
  readonly resting: number;
  readonly decisions: readonly Decision[];
  /** What the reason of each decision is put together from, by machine type or instance id. */
  readonly reasons: ReadonlyMap<string, readonly Reason[]>;
  /** Machines that came to nothing in this round, or no longer answer. */
  readonly failed: readonly Failed[];
  /** What is wrong with the world, for people; nothing else stops because of it. */
  readonly problems: readonly Problem[];
  /** Somebody sent a machine away, and only looks are missing until it can go. */
  readonly isAwaited: boolean;
  /** A machine may be ready at any moment: the next look is better sooner. */
  readonly isDue: boolean;
  /** Nothing is going to change before the next tick, so there is no use in another round. */
  readonly settled: boolean;
}

/**
 * Plans one round.
 * @param launchId the id of the n-th launch of this round; unique forever, at most 64 ASCII characters.
 */
export function makePlan(
  dialect: Dialect,
  config: Config,
  observation: Observation,
  launchId: (n: number) => string,
): Plan {
  const seen = contextOf(dialect, config, observation);
  const inventory = takeInventory(seen);
  const healthy = inventory.machines.map((planned) =>
    progressDrain(seen, noteRunner(seen, forgetOffer(seen, checkHealth(seen, planned)))),
  );
  const paces = pacesOf(config.machineTypes, { farm: observation.state.farm, now: observation.now }, healthy);
  const demand = demandOf(config, observation, paces);
  const fallen = fallenOf(seen, inventory, healthy);
  const hold = holdOf(seen, healthy);
  const context: Context = {
    ...seen,
    backOffs: backOffsAfter(seen, fallen, healthy),
    ...(hold === undefined ? {} : { hold }),
  };
  const dispatcher = judgeDispatcher(context, healthy);
  const scaled = scaleTypes(
    context,
    demand,
    { inventory: { ...inventory, machines: healthy }, stalled: dispatcher.stalledTypes },
    launchId,
  );
  const ended = scaled.machines.map((planned) => endMachine(context, demandFor(demand, planned), planned));
  return assemble(context, {
    ...{ demand, inventory, dispatcher, fallen },
    scaled: { ...scaled, machines: ended },
  });
}

function noteRunner(context: Context, planned: Planned): Planned {
  if (context.status === undefined) return planned;
  const sighting = { at: context.observation.now, hostAt: context.status.at };
  const known = noteKnown(context, planned);
  const noted = { ...known, machine: noteSeenOffered(known, sighting) };
  return canReturn(context, noted) ? noted : { ...noted, machine: forgetShown(context, noted) };
}

const demandFor = (demand: Demand, { machine }: Planned): TypeDemand | undefined =>
  demand.types.find(({ type }) => type.key === machine.type);

function assemble(context: Context, parts: Parts & { readonly fallen: readonly Fallen[] }): Plan {
  const { demand, inventory, dispatcher, scaled, fallen } = parts;
  const { machines, launches } = scaled;
  const sent = [...inventory.unanswered, ...launches];
  const isHeld = (type: string): boolean => context.hold !== undefined || isPaused(context, type);
  const unanswered = inventory.unanswered.filter(
    (launch) => !isHeld(launch.type) && servedBy(launch) === context.dialect.kind,
  );
  return {
    actions: actionsOf(demand, machines, unanswered, launches),
    farm: nextFarm(context, demand, dispatcher, inventory),
    machines: machines.map(({ machine }) => machine),
    planned: machines,
    context,
    closedMachines: inventory.closed,
    launches: sent,
    closedLaunches: inventory.closedLaunches,
    offers: context.dialect.offersOf(
      machines.filter(({ machine, isForeign }) => isForeign !== true && !isToAnswerFirst(machine)),
    ),
    nudge: dispatcher.nudge,
    demand,
    resting: scaled.resting,
    ...decisionsOf(context, parts),
    failed: failedOf(context, fallen, machines),
    problems: problemsOf(context, machines, inventory.untouchable),
    isAwaited: machines.some((planned) => isAwaited(context, planned)),
    isDue: machines.some(isDue),
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
    ...unanswered.map((launch): Action => ({ kind: 'launch', launch, reason: words.sentAgain })),
    ...launches.map((launch): Action => ({
      kind: 'launch',
      launch,
      reason: demand.types.find(({ type }) => type.key === launch.type)?.reason ?? words.allowed,
    })),
  ];
}
