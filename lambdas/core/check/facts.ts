/** One plan beside what it was made from, looked up once for all rules. */
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import type { Action, Instance, Machine, Observation } from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';

export interface Facts {
  readonly config: Config;
  readonly observation: Observation;
  readonly plan: Plan;
  readonly types: ReadonlyMap<string, MachineType>;
  /** Machines as they were remembered before the plan. */
  readonly before: ReadonlyMap<string, Machine>;
  /** Machines as the plan would remember them. */
  readonly after: ReadonlyMap<string, Machine>;
  readonly instances: ReadonlyMap<string, Instance>;
  readonly endings: readonly Ending[];
}

export type Ending = Extract<Action, { kind: 'stop' | 'terminate' }>;

export function factsOf(config: Config, observation: Observation, plan: Plan): Facts {
  const byId = <T extends { readonly instanceId: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
    new Map(items.map((item) => [item.instanceId, item]));
  return {
    config,
    observation,
    plan,
    types: new Map(config.machineTypes.map((type) => [type.key, type])),
    before: byId(observation.state.machines),
    after: byId(plan.machines),
    instances: byId(observation.instances),
    endings: plan.actions.filter((action) => action.kind === 'stop' || action.kind === 'terminate'),
  };
}

/** Whether a machine was doubted to answer before, and has not answered now. */
export function isKnownUnreachable({ before, observation }: Facts, id: string): boolean {
  const { doubtedSince, unreachableSince } = before.get(id) ?? {};
  const probe = observation.readiness.find(({ instanceId }) => instanceId === id);
  return unreachableSince === undefined
    ? doubtedSince !== undefined && probe?.reached === false
    : probe?.reached !== true;
}

/** Whether AWS has announced that it will take a machine: its word now or, where it cannot be asked, the remembered one. */
export const isTaken = ({ before, instances }: Facts, id: string): boolean =>
  instances.get(id)?.interrupted ?? before.get(id)?.interrupted ?? false;

/** A machine that EC2 has denied for this long, in seconds, is no longer expected. */
const DENIED_SECONDS = 1800;

/** Whether EC2's answer leaves out half or more of the machines it had shown. */
export function isHalfMissing({ before, instances, observation: { denied, now } }: Facts): boolean {
  const shown = [...before.values()].filter(
    ({ instanceId, address, startedAt, phase, missing }) =>
      (address !== undefined || startedAt !== undefined) &&
      phase !== 'terminating' &&
      !(denied.has(instanceId) && missing !== undefined && now - missing.since >= DENIED_SECONDS),
  );
  const missing = shown.filter(({ instanceId }) => !instances.has(instanceId)).length;
  return missing > 0 && missing * 2 >= shown.length;
}

/** Whether EC2 shows a machine at another address than the queue runner knows it at. */
export function isAddressChanged({ before, instances }: Facts, id: string): boolean {
  const [old, now] = [before.get(id)?.address, instances.get(id)?.address];
  return old !== undefined && now !== undefined && old !== now;
}

/** An instance that is there; stopped ones too. */
export const exists = (instance: Pick<Instance, 'state'> | undefined): boolean =>
  instance !== undefined && instance.state !== 'terminated' && instance.state !== 'shutting-down';
