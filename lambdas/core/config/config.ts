/** The configuration as the rest of the code uses it: defaults filled in, type names taken apart. */
import type { Billing } from '../model/index.ts';

export type MarketPolicy = 'on-demand' | 'spot' | 'spot-then-on-demand';

/** Where the machine image of a type comes from; looked up at each launch because images are deleted after 90 days. */
export type Image =
  | { readonly id: string }
  | { readonly owner: string; readonly name: string; readonly architecture: 'x86_64' | 'arm64' };

/** One entry of `systemTypes`. Durations are in seconds. */
export interface MachineType {
  /** The key as written, `SYSTEMS[:FEATURES]`. */
  readonly key: string;
  readonly systems: readonly string[];
  /** Features of the key: supported, and demanded of every step that is to run here. */
  readonly features: readonly string[];
  /** Features supported beyond those of the key, without being demanded. */
  readonly supportedFeatures: readonly string[];
  readonly minMachines: number;
  readonly maxMachines: number;
  readonly ignoredRunnables: number;
  readonly runnablesPerMachine: number;
  readonly maxJobs: number;
  readonly speedFactor: number;
  /** Path on the Hydra host; absent for the key that ssh takes by itself. */
  readonly sshKey?: string;
  /** Whom the queue runner connects as. */
  readonly sshUser: string;
  readonly sshPort: number;
  readonly stopOnIdle: boolean;
  readonly gracePeriodSeconds: number;
  readonly billing: Billing;
  readonly bootTimeoutSeconds: number;
  readonly instanceTypes: readonly string[];
  readonly subnets: readonly string[];
  readonly market: MarketPolicy;
  readonly image: Image;
  readonly publicHostKey?: string;
  /** Name of the EC2 launch template. */
  readonly launchTemplate: string;
}

/** How to reach the queue runner on its host. */
export interface HostConfig {
  /** `i-…` or `mi-…`; `deploy.hydraHost` until the function has put in the id its environment tells. */
  readonly instanceId: string;
  /** Program and arguments, run without a shell. */
  readonly statusCommand: readonly string[];
  /** The user to run it as; absent for the agent's own (root). */
  readonly user?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path of the machines file we own. */
  readonly machinesFile: string;
}

export interface Config {
  readonly tag: string;
  /** Ticks observe and report what they would do, and change nothing. */
  readonly observeOnly: boolean;
  /** Time between scheduled ticks, in seconds. */
  readonly schedulePeriodSeconds: number;
  readonly maxTotalMachines: number;
  /** Further tags of fleets, machines and volumes; absent for none. */
  readonly tags?: Readonly<Record<string, string>>;
  /** More machine-hours in a day are told to people; absent for no limit. */
  readonly machineHoursPerDay?: number;
  readonly host: HostConfig;
  readonly machineTypes: readonly MachineType[];
}
