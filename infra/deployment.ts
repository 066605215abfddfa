/** What is deployed: the configuration file with its `deploy` part, defaults filled in. */
import type { Upload } from '../lambdas/core/config/builder-schema.ts';
import type { Config } from '../lambdas/core/config/config.ts';
import type { MachineType } from '../lambdas/core/config/machine-type.ts';
import { launchTemplateName } from '../lambdas/core/config/machine-type.ts';
import type { WrittenDeploy } from '../lambdas/core/config/deploy-schema.ts';
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';
import type { Given } from './given.ts';
import type { HydraHostProps } from './hydra-host.ts';

/** How the builders of one machine type are set up. */
export interface BuilderSettings {
  readonly userData: 'nixos' | 'none';
  readonly rootDevice: string;
  readonly diskGiB: number;
  readonly diskIops: number;
  /** MiB per second. */
  readonly diskThroughput: number;
  readonly swapGiB: number;
  readonly buildDirectory: 'disk' | 'memory' | 'instance-store';
  /** Beside cache.nixos.org. */
  readonly substituters: readonly string[];
  /** Whether cache.nixos.org comes last of them. */
  readonly nixosCache: boolean;
  readonly trustedPublicKeys: readonly string[];
  readonly nestedVirtualization: boolean;
  readonly deadManMinutes: number;
  readonly upload?: Upload;
}

/** A machine type whose launch template the stack makes. */
export interface BuilderType {
  readonly type: MachineType;
  readonly settings: BuilderSettings;
}

export interface Deployment {
  /**
   * Path of the configuration.
   * @default - it was written in an app, and is in no file
   */
  readonly configFile?: string;
  /** The configuration as it was written; it goes into the function's bundle as it is. */
  readonly text: string;
  /** What an app gives as constructs. */
  readonly given: Given;
  readonly config: Config;
  readonly deploy: WrittenDeploy;
  /** Machine types whose launch template the stack makes; the others name one of their own. */
  readonly builders: readonly BuilderType[];
  /** The Hydra that comes with the stack, if one does. */
  readonly hydraHost?: HydraHostProps;
  /** What is not a mistake but may not be what was meant. */
  readonly warnings: readonly ConfigProblem[];
}

/** What the schema’s descriptions promise. */
export const DEFAULT_BUILDER: BuilderSettings = {
  userData: 'nixos',
  rootDevice: '/dev/xvda',
  diskGiB: 100,
  // What every gp3 volume has without extra cost (AWS: docs/develop/facts.md#ebs-gp3-volumes).
  diskIops: 3000,
  diskThroughput: 125,
  swapGiB: 4,
  buildDirectory: 'disk',
  substituters: [],
  nixosCache: true,
  trustedPublicKeys: [],
  nestedVirtualization: false,
  deadManMinutes: 90,
};

/** Whether the stack makes this type's launch template; one with a name of its own is the user's. */
export const isOurTemplate = (config: Config, type: MachineType): boolean =>
  type.launchTemplate === launchTemplateName(config.tag, type.key);
