/** What is deployed: the configuration file with its `deploy` part, checked as a whole, defaults filled in. */
import { examineFile, readFileAs } from '../lambdas/config-file/config-file.ts';
import type { Examined, ExaminedFile } from '../lambdas/config-file/config-file.ts';
import { suggest } from '../lambdas/config-file/suggest.ts';
import type { Upload } from '../lambdas/core/config/builder-schema.ts';
import type { Config, MachineType } from '../lambdas/core/config/config.ts';
import type { WrittenDeploy } from '../lambdas/core/config/deploy-schema.ts';
import { USUAL_STACK, calledAs, launchTemplateName, readConfig } from '../lambdas/core/config/parse.ts';
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';
import { configSchema } from '../lambdas/core/config/schema.ts';
import { deploymentRules, deploymentWarnings } from './deployment-rules.ts';
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
  /** Path of the file; it goes into the function's bundle as it is. */
  readonly configFile: string;
  readonly config: Config;
  readonly deploy: WrittenDeploy;
  /** Machine types whose launch template the stack makes; the others name one of their own. */
  readonly builders: readonly BuilderType[];
  /** The Hydra that comes with the stack, if one does. */
  readonly hydraHost?: HydraHostProps;
  /** What is no mistake and may not be what was meant. */
  readonly warnings: readonly ConfigProblem[];
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
  substituters: [],
  nixosCache: true,
  trustedPublicKeys: [],
  nestedVirtualization: false,
  deadManMinutes: 90,
};

/**
 * @param stack the name of the stack, which is the farm's where the configuration gives it none.
 * @throws ConfigError with every problem and its remedy, of the configuration itself or of what deploying it needs.
 */
export const readDeployment = (configFile: string, stack = USUAL_STACK): Deployment =>
  readFileAs(configFile, examination(configFile, stack));

/**
 * The same for whoever wants to hear of everything and deploy nothing.
 * @throws UnreadableConfigError
 */
export const examineDeployment = (configFile: string): ExaminedFile<Deployment> =>
  examineFile(configFile, examination(configFile, USUAL_STACK));

/** A nested stack has no name yet, and others may have one that is too long. */
const STACK_IS_NO_TAG: ConfigProblem = {
  path: 'tag',
  message:
    'is missing, and the name of the stack cannot stand for it: it is not known yet, or longer than 100 characters; give the farm a tag of its own',
};

const examination =
  (configFile: string, stack: string) =>
  (written: unknown): Examined<Deployment> => {
    const isName = configSchema.shape.tag.safeParse(stack).success;
    const { config, sound, problems, warnings } = readConfig(
      isName ? calledAs(stack, written) : written,
      suggest,
    );
    const nameless = isName || sound.written.tag !== undefined ? [] : [STACK_IS_NO_TAG];
    const deployment = deploymentOf(configFile, config, sound.written.deploy ?? {});
    const found = deploymentRules.flatMap((rule) => rule(deployment));
    const told = sound.standing(deploymentWarnings.flatMap((rule) => rule(deployment)));
    const all = [...warnings, ...told];
    return {
      found: { ...deployment, warnings: all },
      problems: [...nameless, ...problems, ...sound.standing(found)],
      warnings: all,
    };
  };

function deploymentOf(configFile: string, config: Config, deploy: WrittenDeploy): Deployment {
  const builders = config.machineTypes
    .filter((type) => isOurTemplate(config, type))
    .map((type) => ({ type, settings: settingsOf(deploy, type.key) }));
  return {
    configFile,
    config,
    deploy,
    builders,
    warnings: [],
    ...(deploy.hydraHost && { hydraHost: written(deploy.hydraHost) }),
  };
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
