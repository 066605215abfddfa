/** Records for tests of state stores: whole ones, bare ones, and arbitrary ones. */
import * as fc from 'fast-check';
import type {
  BackOff,
  Drain,
  Farm,
  FarmState,
  Floor,
  Launch,
  Machine,
  Phase,
  Pool,
  Sighting,
} from '../../lambdas/core/model/index.ts';
import type { StateChanges } from '../../lambdas/ports.ts';

const NO_CHANGES: StateChanges = { machines: [], closedMachines: [], launches: [], closedLaunches: [] };

export function changes(some: Partial<StateChanges>): StateChanges {
  return { ...NO_CHANGES, ...some };
}

/** Only what a machine must have. */
export function bareMachine(instanceId: string, reason = 'EC2 accepted the launch'): Machine {
  return {
    instanceId,
    type: 'x86_64-linux',
    phase: 'booting',
    phaseSince: 1_790_000_000,
    reason,
    billing: 'hourly',
  };
}

const sighting = (at: number): Sighting => ({ at, hostAt: at - 0.25 });

const WHOLE_DRAIN: Required<Drain> = {
  since: 1_790_000_200,
  reason: '',
  withdrawn: sighting(1_790_000_210),
  knownWithdrawn: sighting(1_790_000_220),
  quiet: sighting(1_790_000_230),
  noneFinishing: sighting(1_790_000_240),
  clear: sighting(1_790_000_260),
};

const SPOT_POOL: Pool = { instanceType: 'c7i.2xlarge', subnet: 'subnet-0aaaaaaa', market: 'spot' };

/** Everything a machine can have, in letters of several alphabets. */
export const WHOLE_MACHINE: Required<Machine> = {
  ...bareMachine('i-0aaaaaaaaaaaaaaa1', 'überzählig: 需要なし 🐑 "quoted"\nsecond line'),
  phase: 'draining',
  billing: 'per-second',
  launchId: 'launch-1',
  runner: 'rust',
  address: '10.0.3.7',
  identity: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO+Zx builder',
  offered: sighting(1_790_000_060.125),
  seenOffered: sighting(1_790_000_090),
  unknownToRunner: true,
  surplusSince: 1_790_000_100.5,
  unreachableSince: 1_790_000_110,
  reached: sighting(1_790_000_120),
  startedAt: 1_789_999_000,
  interrupted: true,
  goingDownSince: 1_790_000_125,
  untagged: true,
  doubtedSince: 1_790_000_105,
  drain: WHOLE_DRAIN,
  pool: SPOT_POOL,
  missing: { since: 1_790_000_130.5, looks: 2 },
  starts: { undone: 1, refused: 2, until: 1_790_000_140, startedAt: 1_789_998_000 },
};

export const BARE_LAUNCH: Launch = {
  id: 'launch-0',
  type: 'x86_64-linux',
  count: 1,
  pools: [],
  requestedAt: 1_790_000_000,
};

export const WHOLE_LAUNCH: Required<Launch> = {
  ...BARE_LAUNCH,
  id: 'launch-1',
  count: 12,
  runner: 'rust',
  pools: [SPOT_POOL, { ...SPOT_POOL, market: 'on-demand' }],
};

export const WHOLE_FARM: Required<Farm> = {
  runner: { kind: 'rust', since: 1_790_000_000.5 },
  lastTrustedAt: 1_790_000_000,
  untrustedSince: 1_790_000_001,
  stalledSince: 1_790_000_002,
  lastNudgedAt: 1_790_000_003,
  lastTickAt: 1_790_000_004.75,
  waiting: [{ type: 'x86_64-linux', since: 1_790_000_002.5 }],
  durations: [{ type: 'x86_64-linux', mean: 312 }],
  gaps: [{ type: 'a', need: 2, falls: [{ from: 3, to: 9, since: 0.5 }], seen: [{ group: 2, counts: [3] }] }],
  backOffs: [
    { type: 'x86_64-linux', pool: SPOT_POOL, failures: 3, until: 1_790_000_500, reason: 'no capacity' },
    { type: 'aarch64-linux', failures: 1, until: 1_790_000_600, reason: 'never ready', trial: true },
    {
      type: 'aarch64-linux',
      market: 'on-demand',
      failures: 2,
      until: 1_790_000_700,
      at: 1_790_000_100.5,
      reason: 'denied',
      cause: 'refused',
    },
  ],
  unrecorded: [
    { instanceId: 'i-0ccccccccccccccc1', type: 'x86_64-linux' },
    { instanceId: 'i-0ccccccccccccccc2' },
  ],
  offeredDigest: 'c0ffee'.repeat(10).padEnd(64, '0'),
  hasOffered: true,
  offerFailures: { times: 2, since: 1_790_000_003.5, says: 'no space left on device', remedy: 'make room' },
  buildsQueued: 800,
  templates: [{ name: 'hydra-provisioned-x86_64-linux', id: 'lt-0123456789abcdef0' }],
};

/** Of a farm whose store holds nothing at all, not even the lease of a first tick. */
export const BLANK_STATE: FarmState = {
  farm: { backOffs: [] },
  machines: [],
  launches: [],
  floors: [],
  isBlank: true,
};

export const EMPTY_STATE: FarmState = { farm: { backOffs: [] }, machines: [], launches: [], floors: [] };

/** Objects as the code makes them; exotic prototypes are not part of the model. */
const PLAIN = { noNullPrototype: true };

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const name = fc.string({ unit: fc.constantFrom(...'abz09-_,:.'), minLength: 1, maxLength: 12 });
const count = fc.nat({ max: 10_000 });
/** Within some decades of now, often with a fraction. */
const seconds = fc.oneof(fc.nat(), fc.double({ min: 0.001, max: 4e9, noNaN: true }));
const market = fc.constantFrom('on-demand', 'spot');
const phase = fc.constantFrom<Phase>(
  'booting',
  'ready',
  'draining',
  'stopping',
  'stopped',
  'terminating',
  'failed',
);

const arbitrarySighting: fc.Arbitrary<Sighting> = fc.record({ at: seconds, hostAt: seconds }, PLAIN);

const arbitraryDrain: fc.Arbitrary<Drain> = fc.record(
  {
    since: seconds,
    reason: text,
    withdrawn: arbitrarySighting,
    knownWithdrawn: arbitrarySighting,
    quiet: arbitrarySighting,
    noneFinishing: arbitrarySighting,
    clear: arbitrarySighting,
  },
  { ...PLAIN, requiredKeys: ['since', 'reason'] },
);

const arbitraryMachine: fc.Arbitrary<Machine> = fc.record(
  {
    instanceId: name,
    type: name,
    phase,
    phaseSince: seconds,
    reason: text,
    billing: fc.constantFrom('hourly', 'per-second'),
    launchId: name,
    address: text,
    identity: text,
    offered: arbitrarySighting,
    seenOffered: arbitrarySighting,
    surplusSince: seconds,
    unreachableSince: seconds,
    reached: arbitrarySighting,
    startedAt: seconds,
    drain: arbitraryDrain,
    untagged: fc.constant(true as const),
  },
  { ...PLAIN, requiredKeys: ['instanceId', 'type', 'phase', 'phaseSince', 'reason', 'billing'] },
);

const arbitraryPool: fc.Arbitrary<Pool> = fc.record({ instanceType: text, subnet: text, market }, PLAIN);

const arbitraryLaunch: fc.Arbitrary<Launch> = fc.record(
  {
    id: name,
    type: name,
    count,
    pools: fc.array(arbitraryPool, { maxLength: 4 }),
    requestedAt: seconds,
  },
  { ...PLAIN, requiredKeys: ['id', 'type', 'count', 'pools', 'requestedAt'] },
);

const arbitraryFloor: fc.Arbitrary<Floor> = fc.record(
  { type: name, count, until: seconds.map((value) => value + 1), by: text },
  { ...PLAIN, requiredKeys: ['type', 'count', 'until'] },
);

const arbitraryBackOff: fc.Arbitrary<BackOff> = fc.record(
  {
    type: name,
    pool: arbitraryPool,
    failures: count,
    until: seconds,
    reason: text,
    trial: fc.constant(true as const),
  },
  { ...PLAIN, requiredKeys: ['type', 'failures', 'until', 'reason'] },
);

const arbitraryFarm: fc.Arbitrary<Farm> = fc.record(
  {
    backOffs: fc.array(arbitraryBackOff, { maxLength: 4 }),
    lastTrustedAt: seconds,
    untrustedSince: seconds,
    stalledSince: seconds,
    lastNudgedAt: seconds,
    lastTickAt: seconds,
  },
  { ...PLAIN, requiredKeys: ['backOffs'] },
);

/** States as `load(0)` returns them: unique ids, each list in their order. */
export const arbitraryState: fc.Arbitrary<FarmState> = fc.record(
  {
    farm: arbitraryFarm,
    machines: byId(arbitraryMachine, (machine) => machine.instanceId),
    launches: byId(arbitraryLaunch, (launch) => launch.id),
    floors: byId(arbitraryFloor, (floor) => floor.type),
  },
  PLAIN,
);

function byId<T>(arbitrary: fc.Arbitrary<T>, idOf: (record: T) => string): fc.Arbitrary<T[]> {
  return fc
    .uniqueArray(arbitrary, { selector: idOf, maxLength: 5 })
    .map((records) => records.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1)));
}
