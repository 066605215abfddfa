/** One plan beside what it was made from, looked up once for all rules. */
import type { Config } from '../config/config.ts';
import type { MachineType } from '../config/machine-type.ts';
import type {
  Action,
  Instance,
  Launch,
  Machine,
  Observation,
  QueueMachine,
  Sighting,
  TrustedStatus,
} from '../model/index.ts';
import type { Plan } from '../plan/plan.ts';
import type { Dialect, Whereabouts } from '../life/dialect.ts';

/** One rule: how the plan breaks it, in words; nothing when it holds. */
export type PlanRule = (facts: Facts) => readonly string[];

/**
 * What the rules have to know of a kind of queue runner. Written anew for them: a dialect's checks share no code with the
 * part of it that plans.
 */
export interface DialectChecks {
  readonly kind: Dialect['kind'];
  readonly keyOf: Dialect['keyOf'];
  /** What the status shows of a machine, if that is no memory of one that is gone. */
  seenIn(status: TrustedStatus, machine: Whereabouts): QueueMachine | undefined;
  /** Whether all is known of a machine that an offer of it needs. */
  isOfferable(machine: Machine): boolean;
  /** Whether a trusted status that does not show a withdrawn machine says that the queue runner does not have it. */
  mayBeMissing(machine: Machine, withdrawn: Sighting, status: TrustedStatus): boolean;
  /** Whether a machine without jobs is shown to have nothing fetched from it any more, whatever is finishing elsewhere. */
  isClear(
    observation: Observation,
    status: TrustedStatus,
    shown: { instanceId: string; seen: QueueMachine | undefined },
  ): boolean;
  /** Rules that only plans for this queue runner have to keep, by the number they have in the design. */
  readonly rules: readonly (readonly [number, PlanRule])[];
}

export interface Facts {
  readonly dialect: DialectChecks;
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

export function factsOf(dialect: DialectChecks, config: Config, observation: Observation, plan: Plan): Facts {
  const byId = <T extends { readonly instanceId: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
    new Map(items.map((item) => [item.instanceId, item]));
  return {
    dialect,
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
  const check = observation.readiness.find(({ instanceId }) => instanceId === id);
  return unreachableSince === undefined
    ? doubtedSince !== undefined && check?.reached === false
    : check?.reached !== true;
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

/** Whether EC2 shows a machine under another key than the queue runner knows it by. */
export function isKeyChanged({ before, instances, dialect: { keyOf } }: Facts, id: string): boolean {
  const [machine, instance] = [before.get(id), instances.get(id)];
  if (machine?.address === undefined || instance?.address === undefined) return false;
  return keyOf(machine) !== keyOf(instance);
}

/** What the status shows of a machine; undefined where it is not trusted, or does not show it. */
export const seenAs = (
  { dialect, observation: { queue } }: Facts,
  machine: Whereabouts,
): QueueMachine | undefined => (queue.trusted ? dialect.seenIn(queue, machine) : undefined);

/** Whether a machine or a launch is for the queue runner in force. */
export const isForThisRunner = (
  { dialect }: Pick<Facts, 'dialect'>,
  { runner = 'cpp' }: Pick<Machine | Launch, 'runner'>,
): boolean => runner === dialect.kind;

/** Whether the queue runner may give a machine work, or has. */
export const isAtWork = (seen: QueueMachine | undefined): boolean =>
  seen !== undefined && (seen.offered || seen.currentJobs > 0);

/** An instance that is there; stopped ones too. */
export const exists = (instance: Pick<Instance, 'state'> | undefined): boolean =>
  instance !== undefined && instance.state !== 'terminated' && instance.state !== 'shutting-down';
