/** What deploying needs beyond a configuration that the function could work with: one rule per function. */
import type { MachineType } from '../lambdas/core/config/machine-type.ts';
import type { RuleProblem } from '../lambdas/core/config/problem.ts';
import type { BuilderType, Deployment } from './deployment.ts';
import { documentsFit } from './document-rules.ts';
import { hydraHostRules } from './hydra-host-rules.ts';
import { fileHoldsAllMachines } from './limits.ts';
import { nativeRules, nativeWarnings } from './native-rules.ts';
import { networkRules, networkWarnings } from './network-rules.ts';
import { isExample, placeholdersIn } from './placeholders.ts';
import { queueRunnerRules, queueRunnerWarnings } from './queue-runner-rules.ts';
import { uploadFault } from './upload-fault.ts';

/** It may be asked of a configuration that is wrong elsewhere. */
type Rule = (deployment: Deployment) => readonly RuleProblem[];

type Setting = keyof BuilderType['settings'];

/** The problem of one builder: the setting it is about, what is wrong with it, and which others it follows from. */
type BuilderProblem = readonly [
  field: Setting,
  says: string,
  ...from: readonly (Setting | keyof BuilderType['type'])[],
];

const eachBuilder =
  (rule: (builder: BuilderType) => BuilderProblem | undefined): Rule =>
  ({ builders }) =>
    builders.flatMap((builder) => {
      const problem = rule(builder);
      if (problem === undefined) return [];
      const [field, says, ...others] = problem;
      const { key } = builder.type;
      // A setting may also stand for all builders, and it may be one of the machine type.
      const from = [field, ...others].flatMap((name) => [
        `deploy.builders.${key}.${name}`,
        `deploy.builder.${name}`,
        `systemTypes.${key}.${name}`,
      ]);
      return [{ path: `deploy.builders.${key}.${field}`, says, from }];
    });

/** Without a subnet EC2 launches into the default VPC, where a security group of another VPC is refused. */
const subnetsInTheVpc: Rule = ({ builders, deploy }) =>
  deploy.vpc === undefined
    ? []
    : builders
        .filter(({ type }) => type.subnets.length === 0)
        .map(({ type }) => ({
          path: `systemTypes.${type.key}.subnets`,
          says: `is empty, which means the default VPC, but deploy.vpc is ${deploy.vpc}; list subnets of that VPC`,
        }));

const knownBuilders: Rule = ({ builders, config, deploy }) =>
  Object.keys(deploy.builders ?? {})
    .filter((key) => !builders.some(({ type }) => type.key === key))
    .map((key) => ({
      path: `deploy.builders.${key}`,
      says: config.machineTypes.some((type) => type.key === key)
        ? 'belongs to a machine type with a launchTemplate of its own, which this cannot change; remove one of the two'
        : `names no machine type; known are ${builders.map(({ type }) => type.key).join(', ') || 'none'}`,
      from: [`systemTypes.${key}`],
    }));

/** Families that can nest virtual machines, all Intel (AWS: docs/develop/facts.md#ec2-nested-virtualization). */
const NESTING_FAMILY = /^[cmr]8i(d|-flex)?\./;
const METAL = /\.metal(-|$)/;

/** EC2 may choose anything for the others. */
const isListed = ({ instanceRequirements }: MachineType): boolean => instanceRequirements === undefined;

/** A machine that offers kvm without /dev/kvm fails every step that asks for it. */
const kvmIsReal = eachBuilder(({ type, settings }) => {
  const offersKvm = [...type.features, ...type.supportedFeatures].includes('kvm');
  const isMetal = isListed(type) && type.instanceTypes.every((name) => METAL.test(name));
  if (!offersKvm || settings.nestedVirtualization || isMetal) return undefined;
  return [
    'nestedVirtualization',
    'is off, so these machines have no /dev/kvm although the type offers "kvm"; switch it on, or use *.metal instance types only',
    'instanceTypes',
  ];
});

const nestingIsPossible = eachBuilder(({ type, settings }) => {
  if (!settings.nestedVirtualization) return undefined;
  if (!isListed(type))
    return [
      'nestedVirtualization',
      'works on C8i, M8i and R8i only, and instanceRequirements let EC2 choose others; name instanceTypes instead',
      'instanceRequirements',
    ];
  const unfit = type.instanceTypes.filter((name) => !NESTING_FAMILY.test(name));
  if (unfit.length > 0)
    return [
      'nestedVirtualization',
      `works on C8i, M8i and R8i only, not on ${unfit.join(', ')}`,
      'instanceTypes',
    ];
  if (type.market === 'on-demand') return undefined;
  return ['nestedVirtualization', 'cannot be had on spot machines; set the type’s market to "on-demand"'];
});

/** Families with local NVMe disks carry a `d` behind their generation: c7gd, m6id, i4i and its kin are all disks. */
const LOCAL_DISK = /^(i\d|[a-z]+\d[a-z]*d[a-z]*(-[a-z]+)?\.)/;

const instanceStoreExists = eachBuilder(({ type, settings }) => {
  if (settings.buildDirectory === 'instance-store' && type.instanceRequirements?.localDisk === false)
    return [
      'buildDirectory',
      'is "instance-store", and instanceRequirements let EC2 choose machines without a local disk; set localDisk there',
      'instanceRequirements',
    ];
  const without = type.instanceTypes.filter((name) => !LOCAL_DISK.test(name));
  if (settings.buildDirectory !== 'instance-store' || without.length === 0) return undefined;
  return [
    'buildDirectory',
    `is "instance-store", but ${without.join(', ')} has no local disk; use "disk"`,
    'instanceTypes',
  ];
});

/**
 * EC2 refuses more than 0.25 MiB per second for each provisioned operation
 * (AWS: docs/develop/facts.md#ebs-gp3-volumes).
 */
const throughputFits = eachBuilder(({ settings: { diskIops, diskThroughput } }) =>
  diskThroughput <= diskIops / 4
    ? undefined
    : ['diskThroughput', `of ${diskThroughput} needs diskIops of at least ${diskThroughput * 4}`, 'diskIops'],
);

/** What NixOS images have; a build without a user of its own waits for one, holding its slot. */
const NIXOS_BUILD_USERS = 32;

const usersForAllJobs = eachBuilder(({ type, settings }) =>
  settings.userData === 'none' || type.maxJobs <= NIXOS_BUILD_USERS
    ? undefined
    : [
        'userData',
        `sets up NixOS images, which have ${NIXOS_BUILD_USERS} build users for ${type.maxJobs} maxJobs; lower maxJobs or bake an image`,
      ],
);

/** Fewer, and idle machines would end because ticks are rare rather than gone. */
const TICKS_UNTIL_DEAD = 3;

const ticksCanBeHeard: Rule = ({ builders, config }) => {
  const least = Math.ceil((config.schedulePeriodSeconds * TICKS_UNTIL_DEAD) / 60);
  return builders
    .filter(({ settings }) => settings.deadManMinutes < least)
    .map(({ type, settings }) => ({
      path: `deploy.builders.${type.key}.deadManMinutes`,
      says: `is ${settings.deadManMinutes}, but with this schedule ${TICKS_UNTIL_DEAD} ticks take ${least} minutes; give at least that`,
    }));
};

const uploadIsComplete = eachBuilder(({ settings }) => {
  const fault = uploadFault(settings);
  return fault === undefined ? undefined : ['upload', fault];
});

const isFilledIn: Rule = (deployment) => (isExample(deployment.configFile) ? [] : placeholdersIn(deployment));

/** The example itself may be looked at, and deployed to where nothing is real. */
const isTheExample: Rule = (deployment) =>
  isExample(deployment.configFile) ? placeholdersIn(deployment) : [];

export const deploymentRules: readonly Rule[] = [
  isFilledIn,
  ...hydraHostRules,
  fileHoldsAllMachines,
  ...networkRules,
  ...nativeRules,
  ...queueRunnerRules,
  subnetsInTheVpc,
  documentsFit,
  knownBuilders,
  kvmIsReal,
  nestingIsPossible,
  instanceStoreExists,
  throughputFits,
  usersForAllJobs,
  ticksCanBeHeard,
  uploadIsComplete,
];

/** What is told and not refused. */
export const deploymentWarnings: readonly Rule[] = [
  isTheExample,
  ...networkWarnings,
  ...nativeWarnings,
  ...queueRunnerWarnings,
];
