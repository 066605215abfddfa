/** A made-up afternoon: bursts of builds, machines that follow them a little late, ticks every five minutes. */
import type { Summary } from '../../../lambdas/core/account/summary.ts';
import type {
  History,
  MachineLine,
  RunSummary,
  Sample,
  TickLine,
} from '../../../local/programs/show/history.ts';
import type { LiveState } from '../../../local/programs/show/live-state.ts';

/** Monday 2 March 2026, noon UTC. */
export const NOON = 1_772_452_800;
const MINUTES = 300;
const SLOTS = 4;

export const summary: RunSummary = {
  buildsDone: 355,
  buildsLost: 0,
  buildsFailed: 3,
  buildsWaiting: 2,
  ticks: 60,
  launches: 20,
  terminations: 17,
  billedMachineHours: 38,
  busyMachineHours: 18.86,
  p50WaitSeconds: 485,
  p95WaitSeconds: 2764,
  violations: 0,
  problems: [],
  virtualHours: 5,
  seed: 1,
  terms: [],
};

/** Builds arrive at 12:10, 13:00 and 14:45; each minute six of x86 and two of aarch64 leave the queue. */
function waitingAt(minute: number): Record<string, number> {
  const left = (at: number, count: number, rate: number): number =>
    minute < at ? 0 : Math.max(0, count - rate * (minute - at));
  return {
    'x86_64-linux': left(10, 8, 2) + left(60, 90, 6) + left(165, 50, 6),
    'aarch64-linux': left(62, 80, 2) + left(170, 12, 2),
  };
}

function sampleAt(minute: number): Sample {
  const waiting = waitingAt(minute);
  const before = waitingAt(minute - 4);
  const total = Object.values(waiting).reduce((sum, count) => sum + count, 0);
  const wanted = Math.min(
    12,
    Math.ceil(Object.values(before).reduce((sum, count) => sum + count, 0) / SLOTS),
  );
  const booting = Math.max(0, Math.min(12, Math.ceil(total / SLOTS)) - wanted);
  return {
    at: minute * 60,
    waiting,
    running: wanted * SLOTS - (minute % 3),
    slots: wanted * SLOTS,
    done: minute,
    lost: 0,
    machines: {
      ready: wanted,
      ...(booting > 0 ? { booting } : {}),
      ...(minute % 50 > 44 ? { draining: 2 } : {}),
    },
    oldestWaitSeconds: total > 0 ? 600 : 0,
  };
}

export const quietTick: Summary = {
  result: 'done',
  message: 'nothing had to be done',
  rounds: 1,
  queue: 'trusted',
  types: [],
  machines: [],
  done: { launch: 0, start: 0, stop: 0, terminate: 0 },
  actions: [],
  problems: [],
};

export const launchTick: Summary = {
  ...quietTick,
  message: 'launched 2',
  rounds: 12,
  types: [
    {
      type: 'x86_64-linux',
      runnable: 8,
      wanted: 2,
      allowed: 2,
      machines: { booting: 2 },
      verdict: 'launch 2',
      reason: '8 runnable at 4 per machine want 2; no machine',
    },
    {
      type: 'aarch64-linux',
      runnable: 0,
      wanted: 0,
      allowed: 0,
      machines: {},
      verdict: 'keep 0',
      reason: 'idle',
    },
  ],
  machines: ['i-07370c98ead681970', 'i-0ad9cd1e86e0226a2'].map((machine) => ({
    machine,
    type: 'x86_64-linux',
    phase: 'booting',
    reason: 'waits for EC2 to run it',
  })),
  done: { launch: 2, start: 0, stop: 0, terminate: 0 },
  actions: ['launch 2 x86_64-linux: 8 runnable at 4 per machine want 2'],
};

const tickAt = (minute: number): TickLine => ({
  at: minute * 60,
  endedAt: minute * 60 + 210,
  woken: 'schedule',
  answer: minute === 10 || minute === 60 ? launchTick : quietTick,
});

export const range = (count: number, step = 1): number[] =>
  Array.from({ length: count }, (_, index) => index * step);

export const history: History = {
  title: '5 hours, seed 1',
  startedAt: NOON,
  samples: range(MINUTES + 1).map(sampleAt),
  ticks: range(60, 5).map(tickAt),
  violations: [],
  faults: [],
  waits: range(200).map((index) => ({ at: 700 + index * 40, seconds: (index % 40) * 30 })),
  summary,
};

export const nothing: History = {
  ...history,
  samples: [],
  ticks: [],
  waits: [],
  summary: { ...summary, virtualHours: 0, billedMachineHours: 0, busyMachineHours: 0 },
};

export const machine = (index: number, more: Partial<MachineLine> = {}): MachineLine => ({
  machine: `i-0${String(index).padStart(16, '0')}`,
  type: 'x86_64-linux',
  phase: 'ready',
  busySlots: 2,
  slots: SLOTS,
  paidSecondsLeft: 2590,
  reason: 'the Hydra host reached its Nix store',
  ...more,
});

/** 13:05: much to do, twelve machines. */
export const live: LiveState = {
  at: 65 * 60,
  startedAt: NOON,
  hoursTotal: 5,
  speed: 150,
  sample: { ...sampleAt(65), machines: { ready: 10, booting: 2 } },
  recent: range(66).map(sampleAt),
  machines: [
    ...range(10).map((index) => machine(index)),
    ...[10, 11].map((index) =>
      machine(index, { phase: 'booting', busySlots: 0, reason: 'waits for its SSH host key' }),
    ),
  ],
  decisions: [
    { at: 600, text: 'x86_64-linux: launch 2 (8 runnable at 4 per machine want 2; no machine)' },
    {
      at: 3600,
      text: 'x86_64-linux: launch 6 (90 runnable at 4 per machine want 23; capped at maxMachines 8)',
    },
  ],
  doneBuilds: 24,
  lostBuilds: 0,
  billedMachineHours: 14,
  idleMachineHours: 6.25,
  violations: [],
};
