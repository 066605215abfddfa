/** Records for tests of state stores: whole ones and bare ones. */
import type {
  Drain,
  Farm,
  FarmState,
  Launch,
  Machine,
  Pool,
  Prices,
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
  missing: sighting(1_790_000_235),
  noneFinishing: sighting(1_790_000_240),
  clear: sighting(1_790_000_260),
  endAsked: true,
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
  shownAtWork: { over: 1_800_000_000 },
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
  dollarsPerHour: 0.357,
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
  without: ['c7i.2xlarge', 'm6a.large'],
};

export const WHOLE_PRICES: Required<Prices> = {
  askedAt: 1_790_000_000,
  asked: ['c7i.2xlarge', 'c99.huge'],
  prices: [
    { instanceType: 'c7i.2xlarge', market: 'on-demand', dollarsPerHour: 0.357 },
    { instanceType: 'c7i.2xlarge', market: 'spot', zone: 'us-east-1a', dollarsPerHour: 0.123456 },
  ],
  problem: { says: 'c99.huge could not be asked for', remedy: 'none' },
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
  jobsets: [{ jobset: 'p:j', since: 1_700_000_000, ended: 3, fruitful: 2 }],
  watch: {
    id: '4780e1b8-f56b-4de5-95f2-95db273d1602',
    since: 1_790_000_004.75,
    until: 1_790_000_304.75,
    inVain: 2,
    problem: { says: 'not understood' },
  },
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
