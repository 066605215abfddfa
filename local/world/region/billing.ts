/** What running costs: per instance, from `running` to `stopping` or `shutting-down`, each start by itself. */
import type { Billing, EpochSeconds } from '../../../lambdas/core/model/index.ts';
import type { InstanceState, RegionInstance } from './instance.ts';

export interface BilledInterval {
  readonly startedAt: EpochSeconds;
  /** Absent while it runs. */
  readonly stoppedAt?: EpochSeconds;
}

const HOUR_SECONDS = 3600;
/** Least that a start costs where seconds are billed (AWS: docs/develop/facts.md#ec2-billing). */
const PER_SECOND_MINIMUM_SECONDS = 60;

/** Seconds charged for one start that ran for `seconds`. */
export function billedSeconds(seconds: number, billing: Billing): number {
  if (billing === 'per-second') return Math.max(PER_SECOND_MINIMUM_SECONDS, Math.ceil(seconds));
  return Math.max(1, Math.ceil(seconds / HOUR_SECONDS)) * HOUR_SECONDS;
}

export class BillingMeter {
  readonly #intervals = new Map<string, BilledInterval[]>();
  readonly #dollarsPerHour = new Map<string, number>();

  /** Fed by the region with every state an instance enters. */
  enter(instance: RegionInstance, state: InstanceState, now: EpochSeconds, dollarsPerHour: number): void {
    const intervals = this.#intervals.get(instance.instanceId) ?? [];
    const last = intervals.at(-1);
    if (state === 'running') {
      this.#dollarsPerHour.set(instance.instanceId, dollarsPerHour);
      this.#intervals.set(instance.instanceId, [...intervals, { startedAt: now }]);
    } else if (last !== undefined && last.stoppedAt === undefined) {
      intervals[intervals.length - 1] = { ...last, stoppedAt: now };
    }
  }

  get instanceIds(): readonly string[] {
    return [...this.#intervals.keys()];
  }

  intervals(instanceId: string): readonly BilledInterval[] {
    return this.#intervals.get(instanceId) ?? [];
  }

  /** Seconds charged for one instance up to `now`. */
  seconds(instanceId: string, billing: Billing, now: EpochSeconds): number {
    return this.intervals(instanceId).reduce(
      (sum, { startedAt, stoppedAt }) => sum + billedSeconds((stoppedAt ?? now) - startedAt, billing),
      0,
    );
  }

  totalSeconds(billing: Billing, now: EpochSeconds): number {
    return this.instanceIds.reduce((sum, id) => sum + this.seconds(id, billing, now), 0);
  }

  totalDollars(billing: Billing, now: EpochSeconds): number {
    return this.instanceIds.reduce(
      (sum, id) =>
        sum + (this.seconds(id, billing, now) / HOUR_SECONDS) * (this.#dollarsPerHour.get(id) ?? 0),
      0,
    );
  }
}
