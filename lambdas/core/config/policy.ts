/** How many machines a type shall have, and how they are paid: what is written, and what counts where it is not. */
import type { Billing } from '../model/index.ts';

/** The settings by which hydra-provisioner counted. Whoever names one of them means its arithmetic. */
export const ANCESTORS_KNOBS = ['runnablesPerMachine', 'ignoredRunnables', 'gracePeriod'] as const;
export type AncestorsKnob = (typeof ANCESTORS_KNOBS)[number];

/** In seconds. Most steps then start within three to seven minutes, boots included. */
export const DEFAULT_TARGET_WAIT = 600;
/** hydra-provisioner's own (its README and script, commit ecbfc27). */
const DEFAULT_RUNNABLES_PER_MACHINE = 10;

/** The parts of a written type that decide; all in seconds where they are times. */
export interface WrittenPolicy {
  readonly targetWait?: number | undefined;
  readonly runnablesPerMachine?: number | undefined;
  readonly ignoredRunnables?: number | undefined;
  readonly gracePeriod?: number | undefined;
  readonly billing?: Billing | 'auto' | undefined;
}

export interface Policy {
  /** Absent where hydra-provisioner's arithmetic counts. */
  readonly targetWaitSeconds?: number;
  readonly runnablesPerMachine: number;
  readonly ignoredRunnables: number;
  readonly gracePeriodSeconds: number;
  /** Those of hydra-provisioner's settings that are written. */
  readonly ancestorsKnobs: readonly AncestorsKnob[];
}

/** Both at once is refused by a rule; until then the target counts. */
export function policyOf(type: WrittenPolicy): Policy {
  const ancestorsKnobs = ANCESTORS_KNOBS.filter((knob) => type[knob] !== undefined);
  const target = type.targetWait ?? (ancestorsKnobs.length === 0 ? DEFAULT_TARGET_WAIT : undefined);
  return {
    ...(target === undefined ? {} : { targetWaitSeconds: target }),
    runnablesPerMachine: type.runnablesPerMachine ?? DEFAULT_RUNNABLES_PER_MACHINE,
    ignoredRunnables: type.ignoredRunnables ?? 0,
    gracePeriodSeconds: type.gracePeriod ?? 0,
    ancestorsKnobs,
  };
}

/** Whether machines for these systems run Linux, whatever image they have. */
export const isLinux = (systems: readonly string[]): boolean =>
  systems.every((system) => system.endsWith('-linux'));

export interface BillingPolicy {
  readonly billing: Billing;
  /** It is what AWS charges by, as far as the type tells, and nobody's word. */
  readonly isBillingAuto: boolean;
}

/**
 * @param systems of the type. AWS bills Linux by the second, on demand and spot (AWS: docs/develop/facts.md#ec2-billing);
 * of anything else only its image tells, so that it counts as billed by the hour.
 */
export function billingOf({ billing, targetWait }: WrittenPolicy, systems: readonly string[]): BillingPolicy {
  const written = billing ?? (targetWait === undefined ? 'hourly' : 'auto');
  if (written !== 'auto') return { billing: written, isBillingAuto: false };
  return { billing: isLinux(systems) ? 'per-second' : 'hourly', isBillingAuto: true };
}
