/** From the configuration file to what is deployed, checked as a whole. */
import { readFileSync } from 'node:fs';
import { ConfigError, examineFile, readFileAs, readWrittenAs } from '../lambdas/config-file/config-file.ts';
import type { Examined, ExaminedFile } from '../lambdas/config-file/config-file.ts';
import { suggest } from '../lambdas/config-file/suggest.ts';
import type { Config } from '../lambdas/core/config/config.ts';
import type { WrittenDeploy } from '../lambdas/core/config/deploy-schema.ts';
import { USUAL_STACK, calledAs, parseConfig } from '../lambdas/core/config/parse.ts';
import type { ConfigProblem } from '../lambdas/core/config/problem.ts';
import { configSchema } from '../lambdas/core/config/schema.ts';
import type { WrittenFarm } from '../lambdas/core/config/schema.ts';
import { inSubnets } from '../lambdas/core/config/subnets.ts';
import { written } from '../lambdas/core/config/words.ts';
import { deploymentRules, deploymentWarnings } from './deployment-rules.ts';
import { DEFAULT_BUILDER, isOurTemplate } from './deployment.ts';
import type { BuilderSettings, Deployment } from './deployment.ts';
import { tokensIn } from './given.ts';
import type { Given } from './given.ts';

/** What an app that gives no constructs gives. */
const NOTHING: Given = { deploy: {} };

/**
 * @param farm path of the configuration, or what would stand in it.
 * @param stack the name of the stack, which is the farm's where the configuration gives it none.
 * @throws ConfigError with every problem and its remedy, of the configuration itself or of what deploying it needs.
 */
export const readDeployment = (
  farm: string | WrittenFarm,
  stack = USUAL_STACK,
  given = NOTHING,
): Deployment =>
  typeof farm === 'string'
    ? readFileAs(farm, examination(inFile(farm), stack, given))
    : readWrittenAs('farm', resolved(farm), examination(inApp(farm), stack, given));

/** @throws ConfigError */
function resolved(farm: WrittenFarm): WrittenFarm {
  const unknown = tokensIn(farm);
  if (unknown.length > 0) throw new ConfigError('farm', unknown);
  return farm;
}

/** Where a configuration is from. */
interface Source {
  readonly configFile?: string;
  readonly text: () => string;
}

const inFile = (configFile: string): Source => ({ configFile, text: () => readFileSync(configFile, 'utf8') });

const inApp = (farm: WrittenFarm): Source => ({ text: () => JSON.stringify(farm, null, 2) });

/**
 * The same for callers that want to hear of everything and deploy nothing.
 * @throws UnreadableConfigError
 */
export const examineDeployment = (configFile: string): ExaminedFile<Deployment> =>
  examineFile(configFile, examination(inFile(configFile), USUAL_STACK, NOTHING));

/** A nested stack has no name yet, and others may have one that is too long. */
const STACK_IS_NO_TAG: ConfigProblem = {
  path: 'tag',
  says: 'is missing, and the name of the stack cannot stand for it: it is not known yet, or longer than 100 characters; give the farm a tag of its own',
};

const examination =
  (source: Source, stack: string, given: Given) =>
  (written: unknown): Examined<Deployment> => {
    const isName = configSchema.shape.tag.safeParse(stack).success;
    const { config, sound, problems, warnings } = parseConfig(
      isName ? calledAs(stack, written) : written,
      suggest,
    );
    const nameless = isName || sound.written.tag !== undefined ? [] : [STACK_IS_NO_TAG];
    const deployment = deploymentOf(source, config, sound.written.deploy ?? {}, given);
    const found = deploymentRules.flatMap((rule) => rule(deployment));
    const told = sound.standing(deploymentWarnings.flatMap((rule) => rule(deployment)));
    const all = [...warnings, ...told];
    return {
      found: { ...deployment, warnings: all },
      problems: [...nameless, ...problems, ...sound.standing(found)],
      warnings: all,
    };
  };

function deploymentOf(
  source: Source,
  parsed: Config,
  writtenDeploy: WrittenDeploy,
  given: Given,
): Deployment {
  const config = inSubnets(parsed, given.subnets);
  const deploy = { ...writtenDeploy, ...given.deploy };
  const builders = config.machineTypes
    .filter((type) => isOurTemplate(config, type))
    .map((type) => ({ type, settings: settingsOf(deploy, type.key) }));
  return {
    ...(source.configFile !== undefined && { configFile: source.configFile }),
    text: source.text(),
    given,
    config,
    deploy,
    builders,
    warnings: [],
    ...(deploy.hydraHost && { hydraHost: { ...written(deploy.hydraHost), ...firstOf(given.subnets) } }),
  };
}

const firstOf = (subnets: readonly string[] = []): { readonly subnet?: string } =>
  subnets[0] === undefined ? {} : { subnet: subnets[0] };

function settingsOf(deploy: WrittenDeploy, key: string): BuilderSettings {
  return { ...DEFAULT_BUILDER, ...written(deploy.builder ?? {}), ...written(deploy.builders?.[key] ?? {}) };
}
