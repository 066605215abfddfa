/**
 * Arbitrary farms for properties of plans: records in any phase with any evidence, instances in any state, statuses
 * trusted or not. Ids, addresses and types come from small pools, so that things meet that hardly ever meet in life.
 */
import * as fc from 'fast-check';
import type { Config, MachineType } from '../../lambdas/core/config/config.ts';
import { normaliseType } from '../../lambdas/core/config/parse.ts';
import { machineTypeSchema } from '../../lambdas/core/config/schema.ts';
import type {
  BackOff,
  Drain,
  Farm,
  FarmState,
  Floor,
  Instance,
  Launch,
  Machine,
  Observation,
  Phase,
  Pool,
  ProbeResult,
  QueueMachine,
  QueueStatus,
  Sighting,
  StepDemand,
  UntrustedStatus,
} from '../../lambdas/core/model.ts';

export const NOW = 1_800_000_000;
const KEYS = [
  'x86_64-linux',
  'aarch64-linux',
  'x86_64-linux:kvm',
  'x86_64-linux,aarch64-linux:big-parallel',
] as const;
const TYPES = [...KEYS, 'removed-linux'] as const;
const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'];
const IDS = ['i-00000001', 'i-00000002', 'i-00000003', 'i-00000004', 'i-00000005', 'i-00000006'];
const LAUNCHES = ['launch-a', 'launch-b', 'launch-c'];
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPropertyProperty builder';

/** Seconds ago, with the edges of every rule among them. */
const ago = fc.oneof(
  fc.constantFrom(0, 1, 29, 30, 31, 60, 119, 120, 300, 301, 600, 900, 901, 3000, 3599, 3600, 3601),
  fc.integer({ min: 0, max: 8000 }),
);
const past = ago.map((seconds) => NOW - seconds);
const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

/** Optional fields are absent when they are undefined, as the model has them. */
const record = <T extends object>(fields: {
  [Field in keyof T]-?: fc.Arbitrary<T[Field] | undefined>;
}): fc.Arbitrary<T> =>
  fc
    .record<object>(fields)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as T);

const arbitraryType = (key: string): fc.Arbitrary<MachineType> =>
  fc
    .record({
      minMachines: fc.integer({ min: 0, max: 3 }),
      maxMachines: fc.integer({ min: 0, max: 4 }),
      ignoredRunnables: fc.integer({ min: -5, max: 20 }),
      runnablesPerMachine: fc.constantFrom(0.5, 1, 3, 10),
      maxJobs: fc.integer({ min: 1, max: 4 }),
      gracePeriod: fc.constantFrom(0, 60, 900),
      billing: fc.constantFrom('hourly', 'per-second'),
      market: fc.constantFrom('on-demand', 'spot', 'spot-then-on-demand'),
      stopOnIdle: fc.boolean(),
      supportedFeatures: fc.constantFrom([], ['kvm'], ['kvm', 'nixos-test']),
      subnets: fc.constantFrom([], ['subnet-00000001', 'subnet-00000002']),
    })
    .map((written) => normaliseType('farm', key, machineTypeSchema.parse(written)));

const arbitraryConfig: fc.Arbitrary<Config> = fc
  .record({
    maxTotalMachines: fc.integer({ min: 0, max: 8 }),
    schedulePeriodSeconds: fc.constantFrom(60, 300, 900, 3600),
    machineTypes: fc.subarray([...KEYS]).chain((keys) => fc.tuple(...keys.map(arbitraryType))),
  })
  .map((knobs) => ({
    tag: 'farm',
    observeOnly: false,
    host: { instanceId: 'i-00000000', statusCommand: ['status'], environment: {}, machinesFile: '/m' },
    ...knobs,
  }));

/** The host's clock is up to ten minutes off. */
const sighting = (skew: number): fc.Arbitrary<Sighting> =>
  fc.oneof(
    past.map((at) => ({ at, hostAt: at + skew })),
    fc.record({ at: past, hostAt: past.map((at) => at + skew) }),
  );

const arbitraryDrain = (skew: number): fc.Arbitrary<Drain> =>
  record<Drain>({
    since: past,
    reason: fc.constant('some reason'),
    unlisted: some(sighting(skew)),
    acknowledged: some(sighting(skew)),
    quiet: some(sighting(skew)),
    copiedBack: some(sighting(skew)),
  });

const phases = fc.constantFrom<Phase>(
  'booting',
  'ready',
  'ready',
  'draining',
  'draining',
  'stopping',
  'stopped',
  'terminating',
  'failed',
);

const arbitraryMachine = (instanceId: string, skew: number): fc.Arbitrary<Machine> =>
  record<Machine>({
    instanceId: fc.constant(instanceId),
    type: fc.constantFrom(...TYPES),
    launchId: some(fc.constantFrom(...LAUNCHES)),
    phase: phases,
    phaseSince: past,
    reason: fc.constantFrom('not needed: enough', 'not needed, but its hour is paid', 'launched'),
    billing: fc.constantFrom('hourly', 'per-second'),
    address: some(fc.constantFrom(...ADDRESSES)),
    hostKey: some(fc.constant(KEY)),
    listed: some(sighting(skew)),
    seenListed: some(sighting(skew)),
    surplusSince: some(past),
    unreachableSince: fc.option(past, { nil: undefined, freq: 3 }),
    reached: some(sighting(skew)),
    drain: some(arbitraryDrain(skew)),
  });

const arbitraryInstance = (instanceId: string): fc.Arbitrary<Instance> =>
  record<Instance>({
    instanceId: fc.constant(instanceId),
    state: fc.constantFrom(
      'running',
      'running',
      'running',
      'pending',
      'stopping',
      'stopped',
      'shutting-down',
      'terminated',
    ),
    type: some(fc.constantFrom(...TYPES)),
    launchId: some(fc.constantFrom(...LAUNCHES)),
    address: some(fc.constantFrom(...ADDRESSES)),
    startedAt: some(past),
    instanceType: some(fc.constant('c7i.2xlarge')),
    subnet: some(fc.constant('subnet-00000001')),
    market: fc.constantFrom('on-demand', 'spot'),
    interrupted: fc.boolean().map((yes) => yes),
  });

const arbitraryPool: fc.Arbitrary<Pool> = fc.record({
  instanceType: fc.constant('c7i.2xlarge'),
  subnet: fc.constantFrom('', 'subnet-00000001'),
  market: fc.constantFrom('on-demand', 'spot'),
});

const arbitraryStep: fc.Arbitrary<StepDemand> = fc
  .record({
    system: fc.constantFrom('x86_64-linux', 'aarch64-linux', 'i686-linux', 'builtin', 'riscv64-linux'),
    features: fc.subarray(['big-parallel', 'kvm', 'nixos-test']),
    runnable: fc.nat({ max: 40 }),
    running: fc.nat({ max: 4 }),
  })
  .map((step) => ({ key: [step.system, ...step.features].join(':'), ...step }));

const arbitraryQueueMachine = (hostNow: number): fc.Arbitrary<QueueMachine> =>
  record<QueueMachine>({
    address: fc.constantFrom(...ADDRESSES),
    listed: fc.boolean(),
    currentJobs: fc.constantFrom(0, 0, 1, 3),
    idleSince: some(ago.map((seconds) => hostNow - seconds)),
    disabledUntil: some(fc.constantFrom(hostNow - 10, hostNow + 60)),
    lastFailure: some(ago.map((seconds) => hostNow - seconds)),
    consecutiveFailures: fc.nat({ max: 4 }),
  });

const causes: readonly UntrustedStatus['cause'][] = [
  'unreachable',
  'failed',
  'unreadable',
  'down',
  'stale',
  'restarted',
  'unsupported',
];

function arbitraryQueue(skew: number): fc.Arbitrary<QueueStatus> {
  const at = fc.constantFrom(0, 3, 100).map((seconds) => NOW + skew - seconds);
  const demand = fc.array(arbitraryStep, { maxLength: 4 });
  const trusted = at.chain((dumpedAt) =>
    fc
      .record({
        uptime: fc.oneof(ago, fc.constant(1_000_000)).map((seconds) => seconds + 60),
        demand,
        machines: fc.array(arbitraryQueueMachine(dumpedAt), { maxLength: 4 }),
        stepsCopyingBack: fc.constantFrom(0, 2, undefined),
        stepsUnsupported: fc.constantFrom(0, 1),
      })
      .map(({ uptime, machines, ...rest }): QueueStatus => ({
        trusted: true,
        at: dumpedAt,
        runnerStartedAt: dumpedAt - uptime,
        machines: new Map(machines.map((machine) => [machine.address, machine])),
        ...rest,
      })),
  );
  const untrusted = record<UntrustedStatus>({
    trusted: fc.constant(false as const),
    cause: fc.constantFrom(...causes),
    reason: fc.constant('some reason'),
    demand: some(demand),
    hostSystem: some(fc.constant('x86_64-linux')),
  });
  return fc.oneof({ weight: 3, arbitrary: trusted }, { weight: 1, arbitrary: untrusted });
}

function arbitraryState(skew: number): fc.Arbitrary<FarmState> {
  const farm = record<Farm>({
    lastTrustedAt: some(past),
    untrustedSince: some(past),
    stalledSince: some(past),
    lastRepublishedAt: some(past),
    lastTickAt: some(past),
    backOffs: fc.array(
      record<BackOff>({
        type: fc.constantFrom(...TYPES),
        pool: some(arbitraryPool),
        failures: fc.integer({ min: 1, max: 9 }),
        until: ago.map((seconds) => NOW + 4000 - seconds),
        reason: fc.constant('no capacity'),
      }),
      { maxLength: 3 },
    ),
  });
  const launch = (id: string): fc.Arbitrary<Launch> =>
    fc.record({
      id: fc.constant(id),
      type: fc.constantFrom(...TYPES),
      count: fc.integer({ min: 1, max: 3 }),
      pools: fc.array(arbitraryPool, { minLength: 1, maxLength: 2 }),
      requestedAt: past,
    });
  const floor: fc.Arbitrary<Floor> = fc.record({
    type: fc.constantFrom(...TYPES),
    count: fc.integer({ min: 1, max: 5 }),
    until: fc.constant(NOW + 600),
  });
  return fc.record({
    farm,
    machines: fc.subarray(IDS).chain((ids) => fc.tuple(...ids.map((id) => arbitraryMachine(id, skew)))),
    launches: fc.subarray(LAUNCHES).chain((ids) => fc.tuple(...ids.map(launch))),
    floors: fc.uniqueArray(floor, { selector: ({ type }) => type, maxLength: 2 }),
  });
}

const probe: fc.Arbitrary<ProbeResult> = fc.record({
  instanceId: fc.constantFrom(...IDS),
  reached: fc.boolean(),
  detail: fc.constantFrom('', 'no route'),
});

const arbitraryObservation: fc.Arbitrary<Observation> = fc
  .integer({ min: -600, max: 600 })
  .chain((skew) =>
    fc.record({
      now: fc.constant(NOW),
      state: arbitraryState(skew),
      instances: fc.subarray(IDS).chain((ids) => fc.tuple(...ids.map(arbitraryInstance))),
      queue: arbitraryQueue(skew),
      probes: fc.uniqueArray(probe, { selector: ({ instanceId }) => instanceId, maxLength: 6 }),
      hostKeys: fc.subarray(IDS).map((ids) => new Map(ids.map((id) => [id, KEY]))),
      quietMachines: fc.subarray(IDS).map((ids) => new Set(ids)),
      unreadable: fc.subarray(IDS, { maxLength: 2 }),
    }),
  )
  .map(({ unreadable, ...observation }) => withUnreadable(observation, unreadable));

/** An id is either a machine's or an unreadable record's. */
function withUnreadable(observation: Observation, ids: readonly string[]): Observation {
  const known = new Set(observation.state.machines.map(({ instanceId }) => instanceId));
  const unreadable = ids
    .filter((id) => !known.has(id))
    .map((instanceId) => ({ key: `machine#${instanceId}`, instanceId, problem: 'phase: not known' }));
  return unreadable.length === 0
    ? observation
    : { ...observation, state: { ...observation.state, unreadable } };
}

export interface Farmed {
  readonly config: Config;
  readonly observation: Observation;
}

export const arbitraryFarm: fc.Arbitrary<Farmed> = fc.record({
  config: arbitraryConfig,
  observation: arbitraryObservation,
});
