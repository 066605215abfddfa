/** From what people wrote to what the code uses: shape, then rules, every problem at once. */
import * as z from 'zod';
import type { Config, HostConfig, Image, MachineType } from './config.ts';
import { knownDeployKeys } from './deploy-schema.ts';
import type { WrittenDeploy } from './deploy-schema.ts';
import { configRules } from './rules.ts';
import type { RuledConfig } from './rules.ts';
import { configSchema, hostSchema, machineTypeSchema, NIXOS_IMAGES, typeKeySchema } from './schema.ts';
import type { WrittenConfig, WrittenMachineType } from './schema.ts';

/** One thing to mend in the configuration. */
export interface ConfigProblem {
  /** Where, such as `systemTypes.x86_64-linux.maxMachines`; empty for the whole file. */
  readonly path: string;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** The closest of `known` to a misspelt `word`, or undefined when none is close. */
export type Suggest = (word: string, known: readonly string[]) => string | undefined;

export type ParsedConfig =
  | { readonly config: Config; readonly problems?: undefined }
  | { readonly config?: undefined; readonly problems: readonly ConfigProblem[] };

/** Reads a configuration. Never throws; reports every problem it finds, each with its path and a remedy. */
export function parseConfig(written: unknown, suggest: Suggest): ParsedConfig {
  const shape = configSchema.safeParse(written);
  if (!shape.success) {
    const issues = shape.error.issues.flatMap((issue) => describeIssue(issue, issue.path, suggest));
    return { problems: [...issues, ...problemsBetween(soundParts(written))] };
  }
  const config = normaliseConfig(shape.data);
  const problems = problemsBetween(config);
  return problems.length > 0 ? { problems } : { config };
}

const problemsBetween = (config: RuledConfig): ConfigProblem[] => configRules.flatMap((rule) => rule(config));

/** Stands for a schedule that cannot be read: no rule minds it. */
const OFTEN = 'rate(1 minute)';

/** What the rules can be asked about a file whose shape is wrong elsewhere: every problem is told at once. */
function soundParts(written: unknown): RuledConfig {
  const { shape } = configSchema;
  const lenient = z
    .object({
      tag: shape.tag.catch(''),
      schedule: shape.schedule.catch(OFTEN),
      maxTotalMachines: shape.maxTotalMachines.catch(Infinity),
      systemTypes: z.record(z.string(), z.unknown()).catch({}),
    })
    .catch({ tag: '', schedule: OFTEN, maxTotalMachines: Infinity, systemTypes: {} });
  const { tag, schedule, maxTotalMachines, systemTypes } = lenient.parse(written);
  const machineTypes = Object.entries(systemTypes).flatMap(([key, type]) => {
    const parsed = machineTypeSchema.safeParse(type);
    return typeKeySchema.safeParse(key).success && parsed.success
      ? [normaliseType(tag, key, parsed.data)]
      : [];
  });
  return { maxTotalMachines, machineTypes, schedulePeriodSeconds: periodOf(schedule) };
}

const periodOf = (schedule: string): number => Number(/\d+/.exec(schedule)?.[0]) * 60;

type Path = readonly PropertyKey[];

function describeIssue(issue: z.core.$ZodIssue, at: Path, suggest: Suggest): ConfigProblem[] {
  const path = at.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(at);
      return issue.keys.map((key) => ({
        path: path === '' ? key : `${path}.${key}`,
        message: unknownSetting(key, known, suggest),
      }));
    }
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message }));
    case 'invalid_union':
      return closestBranch(issue.errors).flatMap((inner) =>
        describeIssue(inner, [...at, ...inner.path], suggest),
      );
    default:
      return [{ path, message: issue.message }];
  }
}

/** Of the things a value could have been, the one it misses by least. */
const closestBranch = (branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] =>
  branches.toSorted((a, b) => faultsIn(a) - faultsIn(b))[0] ?? [];

const faultsIn = (issues: readonly z.core.$ZodIssue[]): number =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);

/** What is wrong with a key that nobody knows, and what may have been meant. */
export function unknownKey(key: string, known: readonly string[], suggest: Suggest): string {
  const closest = suggest(key, known);
  return `unknown key; ${closest === undefined ? `known keys are ${known.join(', ')}` : `did you mean "${closest}"?`}`;
}

/** The same, or what has taken the place of one of hydra-provisioner's. */
function unknownSetting(key: string, known: readonly string[], suggest: Suggest): string {
  const retired: Record<string, string> = {
    nixopsExpr: 'NixOps is not used here: describe the machine with image, instanceTypes and subnets',
    nixPath: 'NixOps is not used here: remove it',
    sshCommand: 'use host.statusCommand',
    updateCommand: 'the machines file is written over SSM: set host.machinesFile',
  };
  return retired[key] === undefined ? unknownKey(key, known, suggest) : `unknown key; ${retired[key]}`;
}

function knownKeys(path: Path): string[] {
  if (path[0] === 'deploy') return knownDeployKeys(path.slice(1));
  if (path[0] === 'host') return Object.keys(hostSchema.shape);
  if (path[0] === 'systemTypes' && path.length === 2) return Object.keys(machineTypeSchema.shape);
  if (path[0] === 'systemTypes') return ['id', 'owner', 'name', 'architecture'];
  return Object.keys(configSchema.shape);
}

function normaliseConfig(written: WrittenConfig): Config {
  return {
    tag: written.tag,
    observeOnly: written.observeOnly,
    schedulePeriodSeconds: periodOf(written.schedule),
    maxTotalMachines: written.maxTotalMachines,
    ...limitOf(written.deploy),
    host: normaliseHost(written.host),
    machineTypes: Object.entries(written.systemTypes).map(([key, type]) =>
      normaliseType(written.tag, key, type),
    ),
  };
}

/** What of `deploy` the function goes by: when to tell people. */
const limitOf = ({ machineHoursPerDay }: WrittenDeploy = {}): Pick<Config, 'machineHoursPerDay'> =>
  machineHoursPerDay === undefined ? {} : { machineHoursPerDay };

function normaliseHost(host: WrittenConfig['host']): HostConfig {
  const { user, ...rest } = host;
  return user === undefined ? rest : { ...rest, user };
}

/** Takes a type's name apart and fills in what depends on it. The key must have passed the schema. */
export function normaliseType(tag: string, key: string, written: WrittenMachineType): MachineType {
  const [systems = '', features = ''] = key.split(':');
  const architecture = systems.startsWith('aarch64') ? 'arm64' : 'x86_64';
  return {
    key,
    systems: systems.split(','),
    features: features === '' ? [] : features.split(','),
    supportedFeatures: written.supportedFeatures,
    minMachines: written.minMachines,
    maxMachines: written.maxMachines,
    ignoredRunnables: written.ignoredRunnables,
    runnablesPerMachine: written.runnablesPerMachine,
    maxJobs: written.maxJobs,
    speedFactor: written.speedFactor,
    ...(written.sshKey === undefined ? {} : { sshKey: written.sshKey }),
    stopOnIdle: written.stopOnIdle,
    gracePeriodSeconds: written.gracePeriod,
    billing: written.billing,
    bootTimeoutSeconds: written.bootTimeout,
    instanceTypes: written.instanceTypes ?? [architecture === 'arm64' ? 'c7g.2xlarge' : 'c7i.2xlarge'],
    subnets: written.subnets,
    market: written.market,
    image: normaliseImage(written.image, architecture),
    ...(written.publicHostKey === undefined ? {} : { publicHostKey: written.publicHostKey }),
    launchTemplate: written.launchTemplate ?? launchTemplateName(tag, key),
  };
}

function normaliseImage(written: WrittenMachineType['image'], architecture: 'x86_64' | 'arm64'): Image {
  if (written === undefined) return { ...NIXOS_IMAGES, architecture };
  if ('id' in written) return { id: written.id };
  return { owner: written.owner, name: written.name, architecture: written.architecture ?? architecture };
}

/** The launch template the stack makes for a type; EC2 allows letters, digits and `().-/_` in such names. */
export function launchTemplateName(tag: string, key: string): string {
  return `${tag}-${key}`.replace(/[^A-Za-z0-9().\-/_]/g, '-').slice(0, 128);
}
