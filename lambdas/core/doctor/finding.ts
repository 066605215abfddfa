/** What the doctor says: one sentence a check, in plain words, with a remedy where something is wrong. */
import type { Config } from '../config/config.ts';
import type { Observation } from '../model.ts';
import type { Plan } from '../plan/plan.ts';

/** `bad` keeps the farm from working, `doubtful` costs money or will hurt later. */
export type Health = 'good' | 'doubtful' | 'bad';

export interface Finding {
  /** What was looked at, in a few words. */
  readonly check: string;
  readonly health: Health;
  readonly says: string;
  readonly remedy?: string;
}

/** Something that was looked for: there, or why not. */
export type Found<T> = { readonly found: T } | { readonly missing: string };

/** What the launches of one machine type need, as AWS shows it. */
export interface Prerequisites {
  /** The id of the image a launch would take now. */
  readonly image: Found<string>;
  /** The id of the launch template. */
  readonly launchTemplate: Found<string>;
  /** Of the type's own subnets; empty where it names none. */
  readonly subnets: Found<readonly { readonly subnet: string; readonly freeAddresses: number }[]>;
}

/** Everything the doctor looks at. */
export interface Examined {
  readonly config: Config;
  readonly observation: Observation;
  readonly plan: Plan;
  /** By machine type. */
  readonly prerequisites: ReadonlyMap<string, Prerequisites>;
}

export const good = (check: string, says: string): Finding => ({ check, health: 'good', says });
export const doubtful = (check: string, says: string, remedy: string): Finding => ({
  check,
  health: 'doubtful',
  says,
  remedy,
});
export const bad = (check: string, says: string, remedy: string): Finding => ({
  check,
  health: 'bad',
  says,
  remedy,
});
