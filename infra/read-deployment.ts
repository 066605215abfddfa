/** From the configuration file to what is deployed, checked as a whole. */
import { examineFile, readFileAs } from '../lambdas/config-file/config-file.ts';
import type { Examined, ExaminedFile } from '../lambdas/config-file/config-file.ts';
import { suggest } from '../lambdas/config-file/suggest.ts';
import type { Config } from '../lambdas/core/config/config.ts';
import type { WrittenDeploy } from '../lambdas/core/config/deploy-schema.ts';
import { USUAL_STACK, calledAs, parseConfig } from '../lambdas/core/config/parse.ts';
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';
import { configSchema } from '../lambdas/core/config/schema.ts';
import { written } from '../lambdas/core/config/words.ts';
import { deploymentRules, deploymentWarnings } from './deployment-rules.ts';
import { DEFAULT_BUILDER, isOurTemplate } from './deployment.ts';
import type { BuilderSettings, Deployment } from './deployment.ts';

/**
 * @param stack the name of the stack, which is the farm's where the configuration gives it none.
 * @throws ConfigError with every problem and its remedy, of the configuration itself or of what deploying it needs.
 */
export const readDeployment = (configFile: string, stack = USUAL_STACK): Deployment =>
  readFileAs(configFile, examination(configFile, stack));

/**
 * The same for callers that want to hear of everything and deploy nothing.
 * @throws UnreadableConfigError
 */
export const examineDeployment = (configFile: string): ExaminedFile<Deployment> =>
  examineFile(configFile, examination(configFile, USUAL_STACK));

/** A nested stack has no name yet, and others may have one that is too long. */
const STACK_IS_NO_TAG: ConfigProblem = {
  path: 'tag',
  says: 'is missing, and the name of the stack cannot stand for it: it is not known yet, or longer than 100 characters; give the farm a tag of its own',
};

const examination =
  (configFile: string, stack: string) =>
  (written: unknown): Examined<Deployment> => {
    const isName = configSchema.shape.tag.safeParse(stack).success;
    const { config, sound, problems, warnings } = parseConfig(
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

function settingsOf(deploy: WrittenDeploy, key: string): BuilderSettings {
  return { ...DEFAULT_BUILDER, ...written(deploy.builder ?? {}), ...written(deploy.builders?.[key] ?? {}) };
}
