/** Parts of a farm, valid by default; each test says only what matters to it. */
import type { Config } from '../../lambdas/core/config/config.ts';
import type { MachineType, WrittenMachineType } from '../../lambdas/core/config/machine-type.ts';
import { machineTypeSchema, normaliseType } from '../../lambdas/core/config/machine-type.ts';
import type {
  EpochSeconds,
  FarmState,
  Instance,
  Launch,
  Machine,
  Observation,
  QueueMachine,
  Sighting,
  StepDemand,
  TrustedStatus,
  UntrustedStatus,
} from '../../lambdas/core/model/index.ts';
import { makePlan } from '../../lambdas/core/plan/plan.ts';
import { cppLife } from '../../lambdas/hydra/cpp/life/life.ts';
import { listingsFor } from '../../lambdas/hydra/cpp/life/listing.ts';
import type { Listing } from '../../lambdas/hydra/cpp/life/listing.ts';
import type { Plan } from '../../lambdas/core/plan/plan.ts';
import { problemInWords } from '../../lambdas/core/reason/problem.ts';

export const NOW: EpochSeconds = 1_800_000_000;
export const LINUX = 'x86_64-linux';
export const ADDRESS = '10.0.0.1';
export const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGivenGivenGivenGiven builder';

/** The launch template all machines come from. */
export const TEMPLATE = { name: 'farm-builders', id: 'lt-00000001' };

export function aType(key = LINUX, written: Partial<WrittenMachineType> = {}): MachineType {
  const knobs = { maxMachines: 10, runnablesPerMachine: 1, ...written };
  return normaliseType('farm', key, machineTypeSchema.parse(knobs));
}

export const aConfig = (
  types: readonly MachineType[] = [aType()],
  changed: Partial<Config> = {},
): Config => ({
  tag: 'farm',
  observeOnly: false,
  schedulePeriodSeconds: 300,
  watch: true,
  launchAhead: true,
  maxTotalMachines: 20,
  host: {
    runner: 'auto',
    instanceId: 'i-00000000',
    statusCommand: ['status'],
    environment: {},
    machinesFile: '/machines',
    restUrl: 'http://[::1]:8080',
  },
  machineTypes: types,
  ...changed,
});

/** Seen at once on both clocks, which agree. */
export const sightingAt = (at: EpochSeconds): Sighting => ({ at, hostAt: at });

/** An hour and a half old, listed and known to the queue runner. */
export const aMachine = (changed: Partial<Machine> = {}): Machine => ({
  instanceId: 'i-00000001',
  type: LINUX,
  phase: 'ready',
  phaseSince: NOW - 5000,
  reason: 'the Hydra host reached its Nix store',
  billing: 'per-second',
  address: ADDRESS,
  identity: HOST_KEY,
  offered: sightingAt(NOW - 5000),
  seenOffered: sightingAt(NOW - 4970),
  ...changed,
});

export const aBootingMachine = (changed: Partial<Machine> = {}): Machine => ({
  instanceId: 'i-00000001',
  type: LINUX,
  phase: 'booting',
  phaseSince: NOW - 60,
  reason: 'launched',
  billing: 'per-second',
  ...changed,
});

export const anInstance = (changed: Partial<Instance> = {}): Instance => ({
  instanceId: 'i-00000001',
  state: 'running',
  type: LINUX,
  templateId: TEMPLATE.id,
  address: ADDRESS,
  startedAt: NOW - 5400,
  instanceType: 'c7i.2xlarge',
  subnet: 'subnet-00000001',
  market: 'on-demand',
  interrupted: false,
  ...changed,
});

/** Listed and idle for ten seconds. */
export const aQueueMachine = (changed: Partial<QueueMachine> = {}): QueueMachine => ({
  key: ADDRESS,
  offered: true,
  currentJobs: 0,
  idleSince: NOW - 10,
  consecutiveFailures: 0,
  ...changed,
});

/** Steps of one kind, as the runner names them: `system[:feature,…]`. */
export function steps(key: string, runnable: number, running = 0): StepDemand {
  const [system = '', features = ''] = key.split(':');
  return { key, system, features: features === '' ? [] : features.split(','), runnable, running };
}

export type TrustedParts = Partial<Omit<TrustedStatus, 'machines' | 'stepsFinishing'>> & {
  readonly machines?: readonly QueueMachine[];
  /** Undefined for a runner that does not count them. */
  readonly stepsFinishing?: number | undefined;
};

/** Dumped this moment by a runner that has been up for days, with nothing in the queue. */
export function aStatus({ machines = [], ...changed }: TrustedParts = {}): TrustedStatus {
  const { stepsFinishing, ...rest } = { stepsFinishing: 0, ...changed };
  return {
    trusted: true,
    at: NOW,
    runnerStartedAt: NOW - 500_000,
    demand: [],
    machines: new Map(machines.map((machine) => [machine.key, machine])),
    ...(stepsFinishing === undefined ? {} : { stepsFinishing }),
    stepsUnsupported: 0,
    ...rest,
  };
}

export const untrusted = (changed: Partial<UntrustedStatus> = {}): UntrustedStatus => ({
  trusted: false,
  cause: 'unreachable',
  says: 'the Hydra host cannot be asked',
  ...changed,
});

export const aLaunch = (changed: Partial<Launch> = {}): Launch => ({
  id: 'launch-1',
  type: LINUX,
  count: 1,
  pools: [{ instanceType: 'c7i.2xlarge', subnet: '', market: 'on-demand' }],
  requestedAt: NOW - 20,
  ...changed,
});

type ObservationParts = Omit<Partial<Observation>, 'state'> & Partial<FarmState>;

/** What is remembered and what is seen, in one. */
export function anObservation(parts: ObservationParts = {}): Observation {
  const { farm, machines, launches, floors, unreadable, ...seen } = parts;
  return {
    now: NOW,
    state: {
      farm: farm ?? { backOffs: [] },
      machines: machines ?? [],
      launches: launches ?? [],
      floors: floors ?? [],
      ...(unreadable === undefined ? {} : { unreadable }),
    },
    instances: [],
    queue: aStatus(),
    readiness: [],
    identities: new Map(),
    storeUse: new Map(),
    templates: [TEMPLATE],
    denied: new Set(),
    problems: [],
    ...seen,
  };
}

export const planFor = (observation: Observation, config: Config = aConfig()): Plan =>
  makePlan(cppLife, config, observation, (n) => `new-${n}`);

/** The machines file that a plan's offers come to. */
export const listingsOf = ({ context, offers }: Plan): readonly Listing[] =>
  listingsFor(context.config, offers);

/** A copy without some optional fields. */
export function lacking<T extends object, Field extends keyof T>(
  whole: T,
  ...fields: Field[]
): Omit<T, Field> {
  const left = { ...whole };
  for (const field of fields) Reflect.deleteProperty(left, field);
  return left;
}

/** The one machine of a plan for a single machine. */
export function onlyMachine(plan: Plan): Machine {
  const [machine, ...others] = plan.machines;
  if (machine === undefined || others.length > 0)
    throw new Error(`the plan has ${plan.machines.length} machines`);
  return machine;
}

/** Actions in short, such as `terminate i-00000001` or `launch 2 x86_64-linux`. */
export const actionsIn = (plan: Plan): readonly string[] =>
  plan.actions.map((action) =>
    action.kind === 'launch'
      ? `launch ${action.launch.count} ${action.launch.type}`
      : `${action.kind} ${action.instanceId}`,
  );

/** What people are told by a plan, each in a line. */
export const problemsIn = ({ problems }: Plan): readonly string[] => problems.map(problemInWords);

/** What is said of a type or a machine. */
export const saidOf = (plan: Plan, subject: string): string =>
  plan.decisions
    .filter(({ subject: of }) => ('machine' in of ? of.machine : of.type) === subject)
    .map(({ verdict, reason }) => `${verdict}: ${reason}`)
    .join('\n');
