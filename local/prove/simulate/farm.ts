/** Farms by number: the same seed gives the same machine types, caps and queue. */
import { checkConfig } from '../../../lambdas/config-file/config-file.ts';
import type { Config } from '../../../lambdas/core/config/config.ts';
import type { SimulatedRunner } from './fault-kind.ts';
import { limited } from './limited.ts';
import type { WrittenFarm, WrittenType } from './written-farm.ts';
import { generateWorkload } from '../../world/generator.ts';
import type { KindShare } from '../../world/generator.ts';
import { Random } from '../../world/random.ts';
import type { Arrival, Workload } from '../../world/workload.ts';

export interface Farm {
  /** As written, so that it can be changed on the way. */
  readonly written: WrittenFarm;
  readonly config: Config;
  readonly workload: Workload;
}

const HOST = 'i-0123456789abcdef0';
const TAG = 'simulated';
/** Where builders dial in, where they do. */
export const RUNNER_ADDRESS = 'https://hydra.example.org:443';

const hostOf = (runner: SimulatedRunner): WrittenFarm['host'] => ({
  instanceId: HOST,
  ...(runner !== 'cpp' && { queueRunnerAddr: RUNNER_ADDRESS }),
});

const SUBNETS = ['a', 'b', 'c'].map((letter) => `subnet-0${letter.repeat(16)}`);

interface Kind {
  readonly key: string;
  /** Probability that a farm has it. */
  readonly chance: number;
  readonly instanceTypes: readonly string[];
  readonly supportedFeatures: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    key: 'x86_64-linux',
    chance: 1,
    instanceTypes: ['c7i.2xlarge', 'c7a.2xlarge'],
    supportedFeatures: ['benchmark'],
  },
  { key: 'aarch64-linux', chance: 0.6, instanceTypes: ['c7g.2xlarge', 'c8g.2xlarge'], supportedFeatures: [] },
  { key: 'x86_64-linux:kvm', chance: 0.5, instanceTypes: ['c8i.4xlarge'], supportedFeatures: ['nixos-test'] },
  { key: 'x86_64-linux:big-parallel', chance: 0.3, instanceTypes: ['c7i.8xlarge'], supportedFeatures: [] },
];

export function farmOf(seed: number, hours: number, start: number, runner: SimulatedRunner = 'cpp'): Farm {
  const random = new Random(Math.imul(seed + 7, 0x27d4eb2f));
  const kinds = KINDS.filter(({ chance }) => random.chance(chance));
  const written = limited(seed, {
    tag: TAG,
    maxTotalMachines: random.pick([4, 8, 12, 20]),
    host: hostOf(runner),
    systemTypes: Object.fromEntries(
      kinds.map((kind) => [kind.key, warmed(seed, chosen(seed, kind, dialled(seed, typeOf(random, kind))))]),
    ),
  });
  return {
    written,
    config: configOf(written),
    workload: evaluated(seed, workloadOf(random.fork(), hours, start, kinds)),
  };
}

/** @throws ConfigError */
export const configOf = (written: WrittenFarm): Config => checkConfig('simulated farm', written);

function typeOf(random: Random, { instanceTypes, supportedFeatures }: Kind): WrittenType {
  const stopOnIdle = random.chance(0.25);
  const minMachines = random.chance(0.2) ? 1 : 0;
  return {
    minMachines,
    maxMachines: 2 + random.index(7),
    // Ignored builds are left to other builders; here that can only be a machine that is always there.
    ignoredRunnables: minMachines > 0 && random.chance(0.5) ? 2 : 0,
    runnablesPerMachine: 1 + random.index(8),
    maxJobs: 2 + random.index(3),
    billing: random.pick(['hourly', 'per-second']),
    gracePeriod: random.pick([0, 0, 300, 900]),
    bootTimeout: random.pick([300, 600]),
    market: stopOnIdle ? 'on-demand' : random.pick(['on-demand', 'spot', 'spot-then-on-demand']),
    stopOnIdle,
    subnets: random.chance(0.5) ? SUBNETS : [],
    instanceTypes: random.chance(0.5) ? instanceTypes : instanceTypes.slice(0, 1),
    supportedFeatures,
  };
}

/** Some farms keep machines in their working hours. Their other luck is the same. */
function warmed(seed: number, type: WrittenType): WrittenType {
  const luck = new Random(Math.imul(seed + 7, 0x85ebca6b));
  if (!luck.chance(0.2)) return type;
  const timezone = luck.pick(['UTC', 'Europe/Berlin', 'Asia/Kolkata']);
  return {
    ...type,
    warm: [{ cron: luck.pick(['* 8-17 * * *', '30-59 6,18 * * *']), timezone, machines: 1 }],
  };
}

/** Every other farm works by a target wait instead, and where steps are spread. Its other luck is the same. */
function dialled(seed: number, type: WrittenType): WrittenType {
  const luck = new Random(Math.imul(seed + 3, 0x9e3779b1));
  if (!luck.chance(0.5)) return type;
  const { ignoredRunnables, runnablesPerMachine, gracePeriod, ...rest } = type;
  void [ignoredRunnables, runnablesPerMachine, gracePeriod];
  return {
    ...rest,
    targetWait: luck.pick([60, 120, 300, 600, 1800]),
    placement: luck.pick(['pack', 'pack', 'spread']),
  };
}

/** In some farms EC2 chooses the machines. Their other luck is the same. */
function chosen(seed: number, kind: Kind, type: WrittenType): WrittenType {
  const luck = new Random(Math.imul(seed + 5, 0xc2b2ae35));
  if (!luck.chance(0.25) || kind.instanceTypes.length === 1) return type;
  const { instanceTypes, ...rest } = type;
  void instanceTypes;
  const instanceRequirements = {
    vCpus: { min: 8, max: luck.pick([8, 16]) },
    memoryGiB: { min: 16 },
    excludeFamilies: luck.chance(0.5) ? ['c5', 'm*'] : [],
  };
  return { ...rest, instanceRequirements };
}

/** Jobsets of each kind, among which its batches are. */
const JOBSETS = 3;

/** Most batches end an evaluation that Hydra's database tells of. All other luck is the same. */
function evaluated(seed: number, workload: Workload): Workload {
  const luck = new Random(Math.imul(seed + 9, 0x165667b1));
  return workload.map((arrival) => {
    const { system, features } = arrival;
    const jobset = ['simulated:', system, ...features, luck.index(JOBSETS)].join('-');
    const seconds = Math.round(luck.between(20, 400));
    return luck.chance(0.8) ? { ...arrival, evaluation: { jobset, seconds } } : arrival;
  });
}

function workloadOf(random: Random, hours: number, start: number, kinds: readonly Kind[]): Workload {
  const date = new Date(start * 1000);
  const shares = kinds.map(({ key }): KindShare => {
    const [system = '', features = ''] = key.split(':');
    return { system, features: features === '' ? [] : features.split(','), share: features === '' ? 4 : 1 };
  });
  const arrivals = generateWorkload({
    random: random.fork(),
    hours,
    startHour: date.getUTCHours(),
    startDay: date.getUTCDay(),
    kinds: [
      ...shares,
      { system: 'builtin', features: [], share: 0.3 },
      { system: 'i686-linux', features: [], share: 0.3 },
    ],
    peakBatchesPerHour: random.between(1, 4),
  });
  return arrivals.map((arrival) => spiced(random, arrival));
}

/** Small batches; some with outputs that take minutes to copy back, some that fail. */
function spiced(random: Random, arrival: Arrival): Arrival {
  const durationsSeconds = arrival.durationsSeconds.slice(0, 24);
  return {
    ...arrival,
    durationsSeconds,
    ...(random.chance(0.15) ? { outputMiB: Math.round(random.between(500, 6000)) } : {}),
    ...(random.chance(0.15) ? { failing: 1 + random.index(3) } : {}),
  };
}
