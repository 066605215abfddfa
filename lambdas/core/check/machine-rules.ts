/** Rules 1 to 4: what may happen to machines. */
import type { Config } from '../config/config.ts';
import type { Action, Instance, Machine, Observation } from '../model.ts';
import type { Plan } from '../plan/plan.ts';

type Ending = Extract<Action, { kind: 'stop' | 'terminate' }>;

const endingsOf = (plan: Plan): readonly Ending[] =>
  plan.actions.filter((action): action is Ending => action.kind === 'stop' || action.kind === 'terminate');

const stored = (observation: Observation, id: string): Machine | undefined =>
  observation.state.machines.find(({ instanceId }) => instanceId === id);

const shown = (observation: Observation, id: string): Instance | undefined =>
  observation.instances.find(({ instanceId }) => instanceId === id);

/** Machines that once were ready: the queue runner may have work on them. */
const wasAtWork = (machine: Machine | undefined): boolean =>
  machine?.phase === 'ready' || machine?.phase === 'draining';

/** Rule 1: without a trusted status nobody that was at work ends, and nobody starts to drain for want of demand. */
export function unknownIsNotIdle(config: Config, observation: Observation, plan: Plan): readonly string[] {
  if (observation.queue.trusted) return [];
  const ended = endingsOf(plan)
    .filter(({ instanceId }) => wasAtWork(stored(observation, instanceId)))
    .map(({ kind, instanceId }) => `would ${kind} ${instanceId} although the queue status is not trusted`);
  const configured = new Set(config.machineTypes.map(({ key }) => key));
  const drained = plan.machines
    .filter(
      (machine) => machine.phase === 'draining' && stored(observation, machine.instanceId)?.phase === 'ready',
    )
    .filter((machine) => configured.has(machine.type) && machine.unreachableSince === undefined)
    .filter((machine) => shown(observation, machine.instanceId)?.interrupted !== true)
    .map(({ instanceId }) => `would drain ${instanceId} although the queue status is not trusted`);
  return [...ended, ...drained];
}

/** Rule 2: who was at work ends only with all evidence of a drain; who was never listed only if the runner agrees. */
export function nobodyIsKilledAtWork(
  _config: Config,
  observation: Observation,
  plan: Plan,
): readonly string[] {
  return endingsOf(plan).flatMap(({ kind, instanceId }) => {
    const before = stored(observation, instanceId);
    const after = plan.machines.find((machine) => machine.instanceId === instanceId);
    const why = wasAtWork(before)
      ? missingEvidence(observation, after)
      : stillKnown(observation, before, after);
    return why === undefined ? [] : [`would ${kind} ${instanceId}: ${why}`];
  });
}

function missingEvidence({ queue, now }: Observation, machine: Machine | undefined): string | undefined {
  const { unlisted, acknowledged, quiet, copiedBack } = machine?.drain ?? {};
  if (!queue.trusted) return 'the queue status is not trusted';
  if (unlisted === undefined) return 'its line was not seen to leave the machines file';
  if (acknowledged === undefined || acknowledged.hostAt <= unlisted.hostAt)
    return 'the queue runner has not acknowledged the drain';
  if (quiet === undefined || quiet.hostAt < acknowledged.hostAt)
    return 'it was not seen quiet after the drain';
  if (Math.min(queue.at - quiet.hostAt, now - quiet.at) < 30)
    return 'there are no two quiet statuses 30 s apart';
  if (copiedBack === undefined || copiedBack.hostAt < quiet.hostAt)
    return 'outputs may still be copied back from it';
  const seen = machine?.address === undefined ? undefined : queue.machines.get(machine.address);
  if (seen === undefined && queue.runnerStartedAt <= unlisted.hostAt)
    return 'the queue status does not show it';
  if (seen !== undefined && (seen.listed || seen.currentJobs > 0))
    return 'the queue status shows it listed or busy';
  return undefined;
}

function stillKnown(
  { queue }: Observation,
  before: Machine | undefined,
  after: Machine | undefined,
): string | undefined {
  const ending =
    before?.phase === 'terminating' || before?.phase === 'stopping' || before?.phase === 'stopped';
  if (ending || !queue.trusted || after?.address === undefined) return undefined;
  const seen = queue.machines.get(after.address);
  return seen?.listed === true ? 'the queue runner lists it' : undefined;
}

/** Rule 3: requested, pending, running, stopping and hand-made machines, and what the plan adds, stay under the caps. */
export function capsAreHard(config: Config, observation: Observation, plan: Plan): readonly string[] {
  const adding = plan.actions.filter(({ kind }) => kind === 'launch' || kind === 'start');
  const grown = new Set(adding.map((action) => typeOfAction(action, plan)));
  if (grown.size === 0) return [];
  const caps: [string, number, (type: string | undefined) => boolean][] = [
    ['maxTotalMachines', config.maxTotalMachines, () => true],
    ...config.machineTypes
      .filter(({ key }) => grown.has(key))
      .map(({ key, maxMachines }): [string, number, (type: string | undefined) => boolean] => [
        `maxMachines of ${key}`,
        maxMachines,
        (type) => type === key,
      ]),
  ];
  return caps.flatMap(([name, cap, counts]) => {
    const machines = machinesAfter(observation, plan, counts);
    return machines > cap && isNew(plan, observation, counts)
      ? [`${machines} machines would exceed ${name}, which is ${cap}`]
      : [];
  });
}

/** A launch sent again was under the cap when it was first sent; it is not this plan that breaks a lowered one. */
function isNew(plan: Plan, observation: Observation, counts: (type: string | undefined) => boolean): boolean {
  const known = new Set(observation.state.launches.map(({ id }) => id));
  return plan.actions.some((action) => {
    if (action.kind === 'start') return counts(typeOfAction(action, plan));
    return action.kind === 'launch' && !known.has(action.launch.id) && counts(action.launch.type);
  });
}

function typeOfAction(action: Action, plan: Plan): string | undefined {
  if (action.kind === 'launch') return action.launch.type;
  return plan.machines.find(({ instanceId }) => instanceId === action.instanceId)?.type;
}

function machinesAfter(
  observation: Observation,
  plan: Plan,
  counts: (type: string | undefined) => boolean,
): number {
  const alive = observation.instances.filter(
    ({ state, type }) => (state === 'pending' || state === 'running' || state === 'stopping') && counts(type),
  );
  const shownIds = new Set(observation.instances.map(({ instanceId }) => instanceId));
  const unseen = plan.machines.filter(
    (machine) => !shownIds.has(machine.instanceId) && machine.phase !== 'stopped' && counts(machine.type),
  );
  const starts = plan.actions.filter(
    (action) => action.kind === 'start' && counts(typeOfAction(action, plan)),
  );
  const requested = plan.launches
    .filter(({ type }) => counts(type))
    .reduce((sum, { id, count }) => {
      const visible = [...alive, ...unseen].filter(({ launchId }) => launchId === id).length;
      return sum + Math.max(0, count - visible);
    }, 0);
  return alive.length + unseen.length + starts.length + requested;
}

/** Rule 4: under hourly billing nobody ends for want of demand with more than one tick of paid time left. */
export function paidTimeIsUsed(config: Config, observation: Observation, plan: Plan): readonly string[] {
  const latestSeconds = config.schedulePeriodSeconds + 300;
  return endingsOf(plan).flatMap(({ kind, instanceId, reason }) => {
    const before = stored(observation, instanceId);
    const startedAt = shown(observation, instanceId)?.startedAt;
    const type = config.machineTypes.find(({ key }) => key === before?.type);
    const forDemand =
      wasAtWork(before) && type !== undefined && before?.reason.startsWith('not needed') === true;
    if (!forDemand || before?.billing !== 'hourly' || startedAt === undefined) return [];
    const left = 3600 - (Math.max(0, observation.now - startedAt) % 3600);
    return left > latestSeconds
      ? [`would ${kind} ${instanceId} with ${Math.round(left)} s paid for (${reason})`]
      : [];
  });
}
