/** Rule 3: the caps are hard. */
import type { Action, Instance, Machine } from '../model/index.ts';
import type { Facts } from './facts.ts';

type OfType = (type: string | undefined) => boolean;

/** Rule 3: requested, pending, running, stopping, hidden and hand-made machines, and what the plan adds, stay under the caps. */
export function capsAreHard(facts: Facts): readonly string[] {
  const { config } = facts;
  const caps: [string, number, OfType][] = [
    ['maxTotalMachines', config.maxTotalMachines, () => true],
    ...config.machineTypes.map(({ key, maxMachines }): [string, number, OfType] => [
      `maxMachines of ${key}`,
      maxMachines,
      (type) => type === key,
    ]),
  ];
  return caps.flatMap(([name, cap, counts]) => {
    if (!grows(facts, counts)) return [];
    const machines = machinesAfter(facts, counts);
    return machines > cap ? [`${machines} machines would exceed ${name}, which is ${cap}`] : [];
  });
}

/** A launch sent again was under the cap when it was first sent; it is not this plan that breaks a lowered one. */
function grows({ plan, observation, after }: Facts, counts: OfType): boolean {
  const known = new Set(observation.state.launches.map(({ id }) => id));
  return plan.actions.some((action) => {
    if (action.kind === 'start') return counts(typeOfAction(action, after));
    return action.kind === 'launch' && !known.has(action.launch.id) && counts(action.launch.type);
  });
}

function typeOfAction(action: Action, after: Facts['after']): string | undefined {
  return action.kind === 'launch' ? action.launch.type : after.get(action.instanceId)?.type;
}

/** What AWS has been stopping for half an hour and more, and does not bill, holds no place: the one exception. */
const STUCK_SECONDS = 1800;

function holdsPlace({ before, observation }: Facts, { instanceId, state }: Instance): boolean {
  if (state !== 'stopping') return state === 'pending' || state === 'running' || state === 'unknown';
  const { phase, goingDownSince = observation.now } = before.get(instanceId) ?? {};
  return phase !== 'stopping' || observation.now - goingDownSince < STUCK_SECONDS;
}

function machinesAfter(facts: Facts, counts: OfType): number {
  const { observation, plan, after, instances } = facts;
  const alive = observation.instances.filter(
    (instance) =>
      holdsPlace(facts, instance) && counts(after.get(instance.instanceId)?.type ?? instance.type),
  );
  const unseen = plan.machines.filter(
    (machine) => !instances.has(machine.instanceId) && machine.phase !== 'stopped' && counts(machine.type),
  );
  const { unrecorded = [] } = observation.state.farm;
  const hidden = unrecorded.filter(
    ({ instanceId, type }) =>
      !instances.has(instanceId) && !observation.denied.has(instanceId) && counts(type),
  );
  const starts = plan.actions.filter(
    (action) => action.kind === 'start' && counts(typeOfAction(action, after)),
  );
  const requested = plan.launches
    .filter(({ type }) => counts(type))
    .reduce(
      (sum, { id, count }) =>
        sum + Math.max(0, count - broughtBy(id, [...observation.instances, ...plan.machines])),
      0,
    );
  return alive.length + unseen.length + hidden.length + starts.length + requested;
}

/** Machines of a launch that are known already, whatever has become of them: it brings no more than it was asked for. */
function broughtBy(launch: string, known: readonly Pick<Machine, 'instanceId' | 'launchId'>[]): number {
  const ids = known.filter(({ launchId }) => launchId === launch).map(({ instanceId }) => instanceId);
  return new Set(ids).size;
}
