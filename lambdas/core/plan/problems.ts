/** What is wrong with the world around the farm: what keeps everything from being launched, and what people have to know. */
import { MISSED_SECONDS } from '../life/absence.ts';
import { objectionTo } from '../life/boot.ts';
import type { Untouchable } from '../life/inventory.ts';
import type { Context } from '../life/context.ts';
import type { Planned } from '../life/planned.ts';
import type { Problem } from '../model/index.ts';
import { inContext } from '../reason/problem.ts';
import { STUCK_SECONDS, isStuck } from '../capacity/scale-out.ts';

/** What failed this often in a row does not work by trying once more. */
const OFFER_FAILURES_MAX = 3;
/** Named one by one up to here; the farm's record and the answer have their bounds. */
const NAMED_MACHINES = 20;

/**
 * Why nothing may be launched or started: a machine that could not be offered to the queue runner would be paid for
 * nothing. What is there is kept and used as it is.
 */
export function holdOf(context: Context, machines: readonly Planned[]): Problem | undefined {
  const { dialect, observation } = context;
  const { unofferable, state } = observation;
  const { cannotOffer } = dialect.words;
  const { offerFailures } = state.farm;
  const waits = `nothing is launched while ${cannotOffer}`;
  if (unofferable !== undefined) return inContext(waits, unofferable);
  if (offerFailures !== undefined && offerFailures.times >= OFFER_FAILURES_MAX)
    return inContext(`${waits}, ${OFFER_FAILURES_MAX} times in a row or more`, offerFailures);
  const unheeded = dialect.unheeded(context, machines);
  return unheeded && inContext('nothing is launched meanwhile', unheeded);
}

/**
 * Everything people have to know of, each with what to do. A problem keeps its words as long as it lasts, so that many
 * rounds tell of it once: how long it has lasted is in the journal.
 */
export function problemsOf(
  context: Context,
  machines: readonly Planned[],
  untouchable: readonly Untouchable[],
): readonly Problem[] {
  const { halfSeen, hold, observation } = context;
  return [
    ...observation.problems.map((problem) => inContext('not everything could be asked', problem)),
    ...(hold === undefined ? [] : [hold]),
    ...(halfSeen === undefined ? [] : [{ says: halfSeen }]),
    ...ofMachines(machines, (planned) => stuck(context, planned)),
    ...ofMachines(machines, untagged),
    ...ofMachines(machines, (planned) => objectionable(context, planned)),
    ...ofMachines(machines, (planned) => missing(context, planned)),
    ...ofMachines(untouchable, (one) => strange(context, one)),
  ];
}

function ofMachines<One>(
  machines: readonly One[],
  problem: (one: One) => Problem | undefined,
): readonly Problem[] {
  const found = machines.flatMap((one) => problem(one) ?? []);
  const more = found.length - NAMED_MACHINES;
  return more > 0
    ? [...found.slice(0, NAMED_MACHINES), { says: `and ${more} machines more of which the same is true` }]
    : found;
}

const stuck = ({ observation: { now } }: Context, planned: Planned): Problem | undefined =>
  isStuck(planned, now)
    ? {
        says: `${planned.machine.instanceId} has been ${planned.instance?.state} for over ${STUCK_SECONDS / 60} min, which is not normal, though AWS does not bill it: it holds no place for work any more`,
        remedy: 'stop it with force in the EC2 console, or ask AWS support',
      }
    : undefined;

const untagged = ({ machine }: Planned): Problem | undefined =>
  machine.untagged && {
    says: `${machine.instanceId} bears our tag no more, so it is drained and ended, unless somebody protects it`,
    remedy:
      'keep whoever took the tag off from doing so; where the function may not end it any more, it powers itself off when it is idle',
  };

function objectionable(context: Context, planned: Planned): Problem | undefined {
  const { machine } = planned;
  const objection = objectionTo(context, planned);
  if (objection === undefined) return undefined;
  return {
    says: `${machine.instanceId} is not offered to the queue runner, and is ended when its time to boot is over: it lacks ${objection}`,
    remedy: 'read its console in EC2 before it is gone',
  };
}

function missing({ observation: { now } }: Context, { machine }: Planned): Problem | undefined {
  const seconds = machine.missing === undefined ? 0 : now - machine.missing.since;
  if (seconds < MISSED_SECONDS) return undefined;
  const says = `EC2 has not shown ${machine.instanceId} for over ${MISSED_SECONDS / 60} min; it counts as there until EC2 denies it for good`;
  return { says };
}

const strange = ({ config }: Context, { instance, why }: Untouchable): Problem | undefined =>
  why.kind === 'stranger'
    ? {
        says: `${instance.instanceId} bears our tag "${config.tag}", but EC2 does not say that a fleet launched it from one of our launch templates: it counts against the caps, and nothing else is done with it`,
        remedy: 'take the tag hydra-autoscaler:farm off it, and find out who may write it',
      }
    : undefined;
