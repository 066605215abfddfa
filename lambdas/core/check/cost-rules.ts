/** Rules 3 and 4: what may be bought, and what is not thrown away. */
import type { Config } from '../config/config.ts';
import type { Action, Machine, Observation } from '../model.ts';
import type { Plan } from '../plan/plan.ts';
import { endingsOf, isAddressChanged, isKnownUnreachable, shown, stored } from './facts.ts';

const HOUR_SECONDS = 3600;
/** A whole drain fits into this, in seconds. */
const DRAIN_SECONDS = 300;

type OfType = (type: string | undefined) => boolean;

/** Rule 3: requested, pending, running, stopping and hand-made machines, and what the plan adds, stay under the caps. */
export function capsAreHard(config: Config, observation: Observation, plan: Plan): readonly string[] {
  const caps: [string, number, OfType][] = [
    ['maxTotalMachines', config.maxTotalMachines, () => true],
    ...config.machineTypes.map(({ key, maxMachines }): [string, number, OfType] => [
      `maxMachines of ${key}`,
      maxMachines,
      (type) => type === key,
    ]),
  ];
  return caps.flatMap(([name, cap, counts]) => {
    if (!grows(plan, observation, counts)) return [];
    const machines = machinesAfter(observation, plan, counts);
    return machines > cap ? [`${machines} machines would exceed ${name}, which is ${cap}`] : [];
  });
}

/** A launch sent again was under the cap when it was first sent; it is not this plan that breaks a lowered one. */
function grows(plan: Plan, observation: Observation, counts: OfType): boolean {
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

function machinesAfter(observation: Observation, plan: Plan, counts: OfType): number {
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
    .reduce((sum, { id, count }) => sum + Math.max(0, count - broughtBy(id, observation, plan)), 0);
  return alive.length + unseen.length + starts.length + requested;
}

/** Machines of a launch that are known already, whatever has become of them: it brings no more than it was asked for. */
function broughtBy(launch: string, observation: Observation, plan: Plan): number {
  const ids = [...observation.instances, ...plan.machines]
    .filter(({ launchId }) => launchId === launch)
    .map(({ instanceId }) => instanceId);
  return new Set(ids).size;
}

/** Rule 4: under hourly billing nobody is drained or ended for want of demand before the end of the paid hour is near. */
export function paidTimeIsUsed(config: Config, observation: Observation, plan: Plan): readonly string[] {
  const nearSeconds = config.schedulePeriodSeconds + DRAIN_SECONDS;
  const ended = new Map(endingsOf(plan).map(({ instanceId, kind }) => [instanceId, kind]));
  return plan.machines.flatMap((machine) => {
    const { instanceId, phase } = machine;
    const isNewDrain = phase === 'draining' && stored(observation, instanceId)?.phase === 'ready';
    const what = ended.get(instanceId) ?? (isNewDrain ? 'drain' : undefined);
    const left = secondsPaid(observation, machine);
    return what !== undefined && left > nearSeconds && isOnlyUnneeded(config, observation, machine)
      ? [`would ${what} ${instanceId} with ${Math.round(left)} s paid for (${machine.reason})`]
      : [];
  });
}

function secondsPaid(observation: Observation, { instanceId, billing }: Machine): number {
  const startedAt = shown(observation, instanceId)?.startedAt;
  if (billing !== 'hourly' || startedAt === undefined) return 0;
  return HOUR_SECONDS - (Math.max(0, observation.now - startedAt) % HOUR_SECONDS);
}

/** Whether nothing but want of demand speaks against a machine. */
function isOnlyUnneeded(
  config: Config,
  observation: Observation,
  { instanceId, type: key }: Machine,
): boolean {
  const type = config.machineTypes.find((other) => other.key === key);
  const before = stored(observation, instanceId);
  const instance = shown(observation, instanceId);
  if (type === undefined || instance?.state !== 'running' || instance.interrupted) return false;
  if (isKnownUnreachable(observation, instanceId) || isAddressChanged(observation, instanceId)) return false;
  if (before?.phase === 'booting') return observation.now - before.phaseSince < type.bootTimeoutSeconds;
  return before === undefined || before.phase === 'ready' || before.phase === 'draining';
}
