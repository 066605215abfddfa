/** The configuration as the rest of the code uses it: defaults filled in, type names taken apart. */
import type { HostConfig } from './host.ts';
import type { MachineType } from './machine-type.ts';
import type { RuleProblem, Suggest } from './problem.ts';

export interface Config {
  readonly tag: string;
  /** Ticks observe and report what they would do, and change nothing. */
  readonly observeOnly: boolean;
  /** Time between scheduled ticks, in seconds. */
  readonly schedulePeriodSeconds: number;
  /** Whether a watch on the Hydra host wakes ticks, beside the schedule. */
  readonly watch: boolean;
  /** Whether an evaluation that is running may be launched for, before its builds are there. */
  readonly launchAhead: boolean;
  readonly maxTotalMachines: number;
  /** What all machines together may cost an hour, in dollars; absent for no limit. */
  readonly maxDollarsPerHour?: number;
  /** Further tags of fleets, machines and volumes; absent for none. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly host: HostConfig;
  readonly machineTypes: readonly MachineType[];
}

/** A rule between settings; it may be asked of a configuration that is wrong elsewhere. */
export type ConfigRule = (config: Config, suggest: Suggest) => readonly RuleProblem[];
