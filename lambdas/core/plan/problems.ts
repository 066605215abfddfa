/** What is wrong with the world around the farm: what keeps everything from being launched, and what people have to know. */
import { MISSED_SECONDS } from '../life/absence.ts';
import { objectionTo } from '../life/boot.ts';
import type { Untouchable } from '../life/inventory.ts';
import type { Context } from '../life/context.ts';
import { isRunnerReplaced } from '../life/runner.ts';
import type { Planned } from '../life/planned.ts';
import type { Problem } from '../model/index.ts';
import * as words from '../reason/words/index.ts';
import { STUCK_SECONDS, isStuck } from '../capacity/taken.ts';

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
  const offerFailures = isRunnerReplaced(observation) ? undefined : state.farm.offerFailures;
  const lack = dialect.lackOfFarm(context.config);
  if (lack !== undefined) return words.nothingLaunched(lack);
  if (unofferable !== undefined) return words.unofferable(cannotOffer, unofferable);
  if (offerFailures !== undefined && offerFailures.times >= OFFER_FAILURES_MAX)
    return words.offersFail(cannotOffer, OFFER_FAILURES_MAX, offerFailures);
  const unheeded = dialect.unheeded(context, machines);
  return unheeded && words.nothingLaunched(unheeded);
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
    ...observation.problems.map(words.notAsked),
    ...(hold === undefined ? [] : [hold]),
    ...(context.status?.troubles ?? []),
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
  return more > 0 ? [...found.slice(0, NAMED_MACHINES), words.more(more)] : found;
}

const stuck = ({ observation: { now } }: Context, planned: Planned): Problem | undefined => {
  const { machine, instance } = planned;
  return instance !== undefined && isStuck(planned, now)
    ? words.stuck(machine.instanceId, instance.state, STUCK_SECONDS)
    : undefined;
};

const untagged = ({ machine }: Planned): Problem | undefined =>
  machine.untagged && words.lostTag(machine.instanceId);

function objectionable(context: Context, planned: Planned): Problem | undefined {
  const objection = objectionTo(context, planned);
  return objection === undefined ? undefined : words.objectionable(planned.machine.instanceId, objection);
}

function missing({ observation: { now } }: Context, { machine }: Planned): Problem | undefined {
  const seconds = machine.missing === undefined ? 0 : now - machine.missing.since;
  return seconds < MISSED_SECONDS ? undefined : words.missing(machine.instanceId, MISSED_SECONDS);
}

const strange = ({ config }: Context, { instance, why }: Untouchable): Problem | undefined =>
  why.kind === 'stranger' ? words.stranger(instance.instanceId, config.tag) : undefined;
