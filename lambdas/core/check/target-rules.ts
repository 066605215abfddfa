/** Rule 4, of types that work by a target wait: nothing is bought that no step fills, and nothing ended that steps wait for. */
import type { MachineType } from '../config/machine-type.ts';
import { standingFloor } from '../config/warm.ts';
import type { Evaluation, Harvest, Machine, StepDemand } from '../model/index.ts';
import { machineOrder } from '../reason/orders.ts';
import { exists, isForThisRunner, isHalfMissing, isTaken, seenAs } from './facts.ts';
import type { Facts } from './facts.ts';

/** Kinds of steps that any machine takes are said to require this. */
const PSEUDO = new Set(['local']);

export const targetsAreKept = (facts: Facts): readonly string[] =>
  facts.config.machineTypes
    .filter(({ targetWaitSeconds }) => targetWaitSeconds !== undefined)
    .flatMap((type) => [
      ...boughtForNobody(facts, type),
      ...endedInNeed(facts, type),
      ...boughtTwice(facts, type),
    ]);

/** Whether steps of a kind could count for a type: more may than do, and the rule is only stricter for it. */
function mayCount(
  type: MachineType,
  { system, features = type.features }: Pick<StepDemand, 'system' | 'features'>,
): boolean {
  const { systems, supportedFeatures } = type;
  const isI686 = system === 'i686-linux' && systems.includes('x86_64-linux');
  if (!systems.includes(system) && !isI686 && system !== 'builtin') return false;
  const offered = new Set([...type.features, ...supportedFeatures]);
  return (
    features.every((feature) => offered.has(feature) || PSEUDO.has(feature)) &&
    type.features.every((feature) => features.includes(feature))
  );
}

/** Steps that wait and could count for it, or are called like it. */
const waiting = ({ observation: { queue } }: Facts, type: MachineType): number =>
  (queue.demand ?? [])
    .filter((kind) => kind.key === type.key || mayCount(type, kind))
    .reduce((sum, { runnable }) => sum + runnable, 0);

const jobsOn = (facts: Facts, machine: Machine): number => seenAs(facts, machine)?.currentJobs ?? 0;

const machinesOf = ({ plan }: Facts, { key }: MachineType): readonly Machine[] =>
  plan.machines.filter(({ type }) => type === key);

/** New launches of the plan, in machines. */
function bought({ plan, observation }: Facts, { key }: MachineType): number {
  const known = new Set(observation.state.launches.map(({ id }) => id));
  return plan.launches
    .filter(({ id, type }) => type === key && !known.has(id))
    .reduce((sum, { count }) => sum + count, 0);
}

/** An evaluation that lasts longer than the longest before it, this often and a minute more, is no reason for anything. */
const LATE = { times: 2, seconds: 60 };
/** For so long one that has ended may have left builds that the queue runner does not show, in seconds. */
const ENDED_SECONDS = 120;

/** Builds that evaluations may be about to queue for it: the most that any of the last ones brought. */
const coming = ({ config, observation: { notice } }: Facts, type: MachineType): number =>
  (config.launchAhead ? (notice?.evaluations ?? []) : [])
    .filter((evaluation) => mayBring(evaluation, notice?.at ?? 0))
    .reduce((sum, { harvests }) => sum + Math.max(...harvests.map((one) => broughtFor(type, one))), 0);

/** What brought builds once may have done so by chance. */
function mayBring({ since, endedAt = -Infinity, harvests }: Evaluation, at: number): boolean {
  if (harvests.length < 2) return false;
  if (since === undefined) return at - endedAt <= ENDED_SECONDS;
  return at - since <= LATE.times * Math.max(...harvests.map(({ seconds }) => seconds)) + LATE.seconds;
}

const broughtFor = (type: MachineType, { kinds }: Harvest): number =>
  kinds.filter((kind) => mayCount(type, kind)).reduce((sum, { builds }) => sum + builds, 0);

/** However long steps take and wait: machines that they do not fill, with those there are, help nobody. */
function boughtForNobody(facts: Facts, type: MachineType): readonly string[] {
  const count = bought(facts, type);
  if (count === 0) return [];
  const machines = machinesOf(facts, type);
  const running = machines.reduce((sum, machine) => sum + jobsOn(facts, machine), 0);
  const floors = facts.observation.state.floors.filter((floor) => floor.type === type.key);
  const standing = standingFloor(type, facts.observation.now);
  const floor = Math.max(standing, ...floors.map((one) => one.count));
  const useful = Math.max(
    floor,
    Math.ceil((waiting(facts, type) + running + coming(facts, type)) / type.maxJobs),
  );
  const there = machines.filter(
    (machine) => (machine.phase === 'booting' || machine.phase === 'ready') && isFaultless(facts, machine),
  ).length;
  return count + there > useful
    ? [`would launch ${count} ${type.key} beside ${there}, where all steps fill ${useful}, whatever the wait`]
    : [];
}

/** Whether nothing but want of demand speaks against it, as far as that can be told with certainty. */
function isFaultless(facts: Facts, machine: Machine): boolean {
  const { instanceId, unreachableSince, doubtedSince, untagged, drain } = machine;
  const instance = facts.instances.get(instanceId);
  return (
    instance?.state === 'running' &&
    instance.untagged !== true &&
    untagged === undefined &&
    unreachableSince === undefined &&
    doubtedSince === undefined &&
    drain?.endAsked === undefined &&
    !isTaken(facts, instanceId) &&
    isForThisRunner(facts, machine) &&
    machineOrder(facts.observation.state.orders, instanceId)?.kind !== 'drain'
  );
}

/** A machine on its way comes to steps that wait: it is not ended for want of demand. */
function endedInNeed(facts: Facts, type: MachineType): readonly string[] {
  if (!facts.observation.queue.trusted || waiting(facts, type) === 0) return [];
  const { observation, before, endings } = facts;
  const counting = typesCounting(facts, type);
  return endings.flatMap(({ instanceId, kind }) => {
    const machine = before.get(instanceId);
    if (machine?.phase !== 'booting' || machine.type !== type.key || !counting) return [];
    if (!exists(facts.instances.get(instanceId)) || !isFaultless(facts, machine)) return [];
    return observation.now - machine.phaseSince < type.bootTimeoutSeconds
      ? [`would ${kind} ${instanceId} on its way, while steps wait for ${type.key}`]
      : [];
  });
}

/** Whether the steps that wait can count for no other type. */
const typesCounting = ({ config, observation: { queue } }: Facts, type: MachineType): boolean =>
  (queue.demand ?? [])
    .filter((kind) => kind.runnable > 0 && (kind.key === type.key || mayCount(type, kind)))
    .some((kind) => config.machineTypes.every((other) => other === type || !mayCount(other, kind)));

/** A machine that drains goes back to work before another one is bought. */
function boughtTwice(facts: Facts, type: MachineType): readonly string[] {
  if (bought(facts, type) === 0 || !facts.observation.queue.trusted || isHalfMissing(facts)) return [];
  const idle = machinesOf(facts, type).filter((machine) => {
    const former = facts.before.get(machine.instanceId);
    const isDraining = former?.phase === 'draining' && machine.phase === 'draining';
    return isDraining && isFaultless(facts, machine) && facts.dialect.isOfferable(machine);
  });
  return idle.map(
    ({ instanceId }) => `would launch ${type.key} while ${instanceId} drains, which could go back to work`,
  );
}
