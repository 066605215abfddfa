/** What is deployed: the configuration file with its `deploy` part, checked as a whole, defaults filled in. */
import { readFileSync } from 'node:fs';
import { ConfigError, readConfigFile } from '../lambdas/adapters/config-file.ts';
import type { Upload } from '../lambdas/core/config/builder-schema.ts';
import type { Config, MachineType } from '../lambdas/core/config/config.ts';
import type { WrittenDeploy } from '../lambdas/core/config/deploy-schema.ts';
import { launchTemplateName } from '../lambdas/core/config/parse.ts';
import { configSchema } from '../lambdas/core/config/schema.ts';
import { deploymentRules } from './deployment-rules.ts';
import type { HydraHostProps } from './hydra-host.ts';

/** How the builders of one machine type are set up. */
export interface BuilderSettings {
  readonly userData: 'nixos' | 'none';
  readonly rootDevice: string;
  readonly diskGiB: number;
  readonly diskIops: number;
  /** MiB a second. */
  readonly diskThroughput: number;
  readonly swapGiB: number;
  readonly buildDirectory: 'disk' | 'memory' | 'instance-store';
  readonly substituters: readonly string[];
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
  /** Path of the file; it goes into the function's bundle as it is. */
  readonly configFile: string;
  readonly config: Config;
  readonly deploy: WrittenDeploy;
  /** Machine types whose launch template the stack makes; the others name one of their own. */
  readonly builders: readonly BuilderType[];
  /** The Hydra that comes with the stack, if one does. */
  readonly hydraHost?: HydraHostProps;
}

/** What the schema’s descriptions promise. */
export const DEFAULT_BUILDER: BuilderSettings = {
  userData: 'nixos',
  rootDevice: '/dev/xvda',
  diskGiB: 100,
  // What every gp3 volume has without extra cost (AWS documentation).
  diskIops: 3000,
  diskThroughput: 125,
  swapGiB: 4,
  buildDirectory: 'disk',
  substituters: ['https://cache.nixos.org'],
  trustedPublicKeys: [],
  nestedVirtualization: false,
  deadManMinutes: 90,
};

/** @throws ConfigError with every problem and its remedy, of the configuration itself or of what deploying it needs. */
export function readDeployment(configFile: string): Deployment {
  const config = readConfigFile(configFile);
  const { deploy = {} } = configSchema.parse(JSON.parse(readFileSync(configFile, 'utf8')));
  const builders = config.machineTypes
    .filter((type) => isOurTemplate(config, type))
    .map((type) => ({ type, settings: settingsOf(deploy, type.key) }));
  const deployment = {
    configFile,
    config,
    deploy,
    builders,
    ...(deploy.hydraHost && { hydraHost: written(deploy.hydraHost) }),
  };
  const problems = deploymentRules.flatMap((rule) => rule(deployment));
  if (problems.length > 0) throw new ConfigError(configFile, problems);
  return deployment;
}

/** Whether the stack makes this type's launch template; one with a name of its own is the user's. */
export const isOurTemplate = (config: Config, type: MachineType): boolean =>
  type.launchTemplate === launchTemplateName(config.tag, type.key);

function settingsOf(deploy: WrittenDeploy, key: string): BuilderSettings {
  return { ...DEFAULT_BUILDER, ...written(deploy.builder), ...written(deploy.builders?.[key]) };
}

/** Only what was written: a key that is there but undefined would hide the default. */
const written = <T extends object>(part: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(part ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
