/** A burst: many steps at one instant, and how long until the last machine for them can be used. */
import type { Workload } from '../../../world/workload.ts';
import { ROUND_TRIP_SECONDS } from '../../../world/ports/ssm-refusal.ts';
import { playTrace } from './play-trace.ts';
import type { Clock, Written } from './settings.ts';
import { farmFor } from './settings.ts';

/** Boots that are tried, in seconds: a fast image, and a usual one. */
export const BURST_BOOTS = [45, 120] as const;

const STEPS = 96;
const STEP_SECONDS = 600;
/** Where between two ticks it begins, in parts of the clock's period. */
const PHASES = [0.1, 0.3, 0.5, 0.7, 0.9];
/** Ticks before it, so that a steady farm is met. */
const TICKS_BEFORE = 2;

export interface BurstOptions {
  readonly clock: Clock;
  readonly bootSeconds: number;
  /** Settings of the machine type. */
  readonly type: Written;
}

export interface Burst {
  readonly clock: string;
  readonly bootSeconds: number;
  /** Seconds from the burst to the last machine being offered, for each phase of the clock. */
  readonly lastOffered: readonly number[];
  readonly violations: readonly string[];
}

const WORKLOAD: Workload = [
  {
    atSeconds: 0,
    system: 'x86_64-linux',
    features: [],
    durationsSeconds: Array.from({ length: STEPS }, () => STEP_SECONDS),
  },
];

export async function playBurst({ clock, bootSeconds, type }: BurstOptions): Promise<Burst> {
  const farm = farmFor(WORKLOAD, { name: 'burst', type, clock }, 'per-second');
  const played = [];
  for (const phase of PHASES) {
    const leadSeconds = (TICKS_BEFORE + phase) * clock.periodSeconds;
    played.push(await playTrace({ workload: WORKLOAD, farm, bootSeconds, leadSeconds }));
  }
  return {
    clock: clock.name,
    bootSeconds,
    lastOffered: played.map(({ offeredAt }) => offeredAt.at(-1) ?? Infinity),
    violations: played.flatMap(({ violations }) => violations),
  };
}

/** The mean over the phases, by what no policy can avoid: the boot, and one command that offers the machine. */
export const burstRatio = ({ lastOffered, bootSeconds }: Burst): number =>
  lastOffered.reduce((sum, seconds) => sum + seconds, 0) /
  lastOffered.length /
  (bootSeconds + ROUND_TRIP_SECONDS);
