/** From what people wrote to what the code uses: shape, then rules, every problem at once. */
import type { Config, ConfigRule } from './config.ts';
import { normaliseHost } from './host.ts';
import { normaliseType } from './machine-type.ts';
import type { ConfigProblem, Suggest } from './problem.ts';
import { configWarnings, meantRules, neededRules } from './rules.ts';
import type { WrittenConfig } from './schema.ts';
import { soundParts } from './sound-parts.ts';
import type { SoundParts } from './sound-parts.ts';

/** A configuration as far as it can be understood. */
export interface ParsedConfig {
  /** With what is wrong taken out: to be used only where `problems` is empty, or to look for more of them. */
  readonly config: Config;
  readonly sound: SoundParts;
  readonly problems: readonly ConfigProblem[];
  /** What is not a mistake but may not be what was meant. */
  readonly warnings: readonly ConfigProblem[];
}

/** What the stack is called where nobody names it. */
export const USUAL_STACK = 'hydra-autoscaler';

/** What was written, as the stack of that name means it: a farm without a tag of its own is called like its stack. */
export const calledAs = (stack: string, written: unknown): unknown =>
  typeof written === 'object' && written !== null && !Array.isArray(written) && !('tag' in written)
    ? { ...written, tag: stack }
    : written;

const ALL_RULES = [...neededRules, ...meantRules];

/**
 * Reads a configuration. Never throws; reports every problem it finds, each with its path and a remedy.
 * @param rules between settings, for callers that do not want all.
 */
export function parseConfig(
  written: unknown,
  suggest: Suggest,
  rules: readonly ConfigRule[] = ALL_RULES,
): ParsedConfig {
  const sound = soundParts(written, suggest);
  const config = normaliseConfig(sound.written);
  const problems = rules.flatMap((rule) => rule(config, suggest));
  const warnings = configWarnings.flatMap((rule) => rule(config, suggest));
  return {
    config,
    sound,
    problems: [...sound.problems, ...sound.standing(problems)],
    warnings: sound.standing(warnings),
  };
}

const periodOf = (schedule: string): number => Number(/\d+/.exec(schedule)?.[0]) * 60;

function normaliseConfig(written: WrittenConfig): Config {
  const { tag = USUAL_STACK } = written;
  return {
    tag,
    observeOnly: written.observeOnly,
    schedulePeriodSeconds: periodOf(written.schedule),
    watch: written.watch,
    launchAhead: written.launchAhead,
    maxTotalMachines: written.maxTotalMachines,
    ...(written.maxDollarsPerHour === undefined ? {} : { maxDollarsPerHour: written.maxDollarsPerHour }),
    ...(written.deploy?.tags === undefined ? {} : { tags: written.deploy.tags }),
    host: normaliseHost(written.host),
    machineTypes: Object.entries(written.systemTypes).map(([key, type]) => normaliseType(tag, key, type)),
  };
}
