/** A machine type: as people write it, and as the code uses it. A setting is one line here, and its use. */
import * as z from 'zod';
import { imageSchema, normaliseImage } from './image.ts';
import type { Image } from './image.ts';
import { instanceRequirementsSchema, normaliseRequirements } from './instance-requirements.ts';
import type { InstanceRequirements } from './instance-requirements.ts';
import { billingOf, policyOf } from './policy.ts';
import type { BillingPolicy, Policy } from './policy.ts';
import { architectureOf } from './systems.ts';
import { warmSchema } from './warm.ts';
import { WORD, pathSchema, wordSchema, written } from './words.ts';
import type { Written } from './words.ts';

const count = z.int().min(0);
const WORDS = `${WORD}(,${WORD})*`;
const TYPE_KEY = new RegExp(`^${WORDS}(:${WORDS})?$`);

const DEFAULT_INSTANCE_TYPES = { x86_64: 'c7i.2xlarge', arm64: 'c7g.2xlarge' } as const;

export const typeKeySchema = z
  .string()
  .max(256, 'must be at most 256 characters: it becomes a tag')
  .regex(TYPE_KEY, 'must be SYSTEM[,SYSTEM…][:FEATURE[,FEATURE…]], such as x86_64-linux:kvm');

export const machineTypeSchema = z.strictObject({
  minMachines: count.default(0).describe('Machines kept even without demand'),
  maxMachines: count.default(1).describe('Never more machines than this; beats minMachines'),
  warm: warmSchema,
  targetWait: z
    .number()
    .min(60)
    .max(86_400)
    .optional()
    .describe(
      'Seconds a step may expect to wait for a machine; never beside runnablesPerMachine, ignoredRunnables or gracePeriod; default 600, where none of those is named',
    ),
  runnablesPerMachine: z
    .number()
    .positive()
    .optional()
    .describe('Runnable steps that are worth one machine, as with hydra-provisioner; default 10'),
  ignoredRunnables: z
    .int()
    .optional()
    .describe(
      'Runnable steps left to the static builders, as with hydra-provisioner; may be negative; default 0',
    ),
  maxJobs: z.int().min(1).max(10_000).default(1).describe('Steps a machine builds at once'),
  speedFactor: z
    .number()
    .min(1e-6)
    .max(1e6)
    .default(1)
    .describe('Relative speed, for the queue runner’s choice'),
  placement: z
    .enum(['pack', 'spread'])
    .default('pack')
    .describe('Whether steps fill one machine before the next; the Rust queue runner always packs'),
  sshKey: pathSchema.optional().describe('Private key on the Hydra host, readable by the queue runner'),
  sshUser: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,30}$/, 'must be a user name')
    .default('root')
    .describe('User the queue runner connects as; the user data makes it, and Nix trusts it like root'),
  sshPort: z
    .int()
    .min(1)
    .max(65_535)
    .default(22)
    .describe('Port it connects to; queue runners with an old Nix know only 22'),
  stopOnIdle: z.boolean().default(false).describe('Stop idle machines instead of terminating them'),
  gracePeriod: z
    .number()
    .min(0)
    .optional()
    .describe('Seconds a machine stays after it was last needed, as with hydra-provisioner; default 0'),
  billing: z
    .enum(['hourly', 'per-second', 'auto'])
    .optional()
    .describe(
      'How AWS bills the platform; auto is per-second for Linux, hourly for all else; default hourly, or auto where targetWait is written',
    ),
  bootTimeout: z
    .number()
    .min(30)
    .max(7200)
    .default(600)
    .describe('Seconds from launch to ready before it is given up'),
  instanceTypes: z
    .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'must be an EC2 instance type such as c7i.2xlarge'))
    .min(1)
    .max(25)
    .optional()
    .describe('Tried in this order; default c7i.2xlarge, or c7g.2xlarge for ARM'),
  instanceRequirements: instanceRequirementsSchema.optional(),
  subnets: z
    .array(
      z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'must be a subnet id such as subnet-0123456789abcdef0'),
    )
    .max(16)
    .default([])
    .describe('Tried in this order; empty for the launch template’s own'),
  market: z
    .enum(['on-demand', 'spot', 'spot-then-on-demand'])
    .default('on-demand')
    .describe('What is launched; spot machines are cheaper, and may be taken away at two minutes’ notice'),
  dollarsPerHour: z
    .number()
    .positive()
    .max(1000)
    .optional()
    .describe('What a machine costs, for what people are told; default what AWS says, asked once a day'),
  image: imageSchema.optional(),
  supportedFeatures: z
    .array(wordSchema)
    .default([])
    .describe('Features offered beyond those in the type’s name'),
  publicHostKey: z
    .string()
    .regex(
      /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}( [ -~]*)?$/,
      'must be one public key line in ASCII',
    )
    .optional()
    .describe('Host key all machines of the type share; default read from each machine'),
  launchTemplate: z
    .string()
    .regex(/^[A-Za-z0-9().\-/_]{3,128}$/, 'must be a launch template name')
    .optional()
    .describe('Name of a launch template of your own; default the one the stack makes'),
});

export type WrittenMachineType = z.output<typeof machineTypeSchema>;

export type MarketPolicy = WrittenMachineType['market'];

/** What the code knows by another name or unit than people write it, or fills in where they do not. */
interface FilledIn extends Policy, BillingPolicy {
  /** The key as written, `SYSTEMS[:FEATURES]`. */
  readonly key: string;
  readonly systems: readonly string[];
  /** Features of the key: supported, and demanded of every step that is to run here. */
  readonly features: readonly string[];
  readonly bootTimeoutSeconds: number;
  /** Empty where EC2 chooses by `instanceRequirements`. */
  readonly instanceTypes: readonly string[];
  readonly instanceRequirements?: InstanceRequirements;
  readonly image: Image;
  /** Name of the EC2 launch template. */
  readonly launchTemplate: string;
}

/** What is known by another name. */
type Renamed = 'gracePeriod' | 'bootTimeout' | 'targetWait';

/** One entry of `systemTypes`: what was written, and what was filled in. */
export type MachineType = Written<Omit<WrittenMachineType, keyof FilledIn | Renamed>> & FilledIn;

/** Takes a type's name apart and fills in what depends on it. The key must have passed the schema. */
export function normaliseType(tag: string, key: string, type: WrittenMachineType): MachineType {
  const { image, instanceTypes, instanceRequirements, launchTemplate, ...others } = type;
  const { bootTimeout, targetWait, gracePeriod, ...rest } = others;
  const [systems = '', features = ''] = key.split(':');
  const first = architectureOf(systems.split(',')[0] ?? '') ?? 'x86_64';
  const requirements = instanceRequirements && normaliseRequirements(instanceRequirements, first);
  const architecture = requirements?.architecture ?? first;
  return {
    ...written(rest),
    ...policyOf({ ...rest, targetWait, gracePeriod }),
    key,
    systems: systems.split(','),
    features: features === '' ? [] : features.split(','),
    ...billingOf({ ...rest, targetWait }, systems.split(',')),
    bootTimeoutSeconds: bootTimeout,
    instanceTypes: instanceTypes ?? (requirements ? [] : [DEFAULT_INSTANCE_TYPES[first]]),
    ...(requirements && { instanceRequirements: requirements }),
    image: normaliseImage(image, architecture),
    launchTemplate: launchTemplate ?? launchTemplateName(tag, key),
  };
}

/** The launch template the stack makes for a type; EC2 allows letters, digits and `().-/_` in such names. */
export function launchTemplateName(tag: string, key: string): string {
  return `${tag}-${key}`.replace(/[^A-Za-z0-9().\-/_]/g, '-').slice(0, 128);
}

/** Systems a machine of this type builds for: i686 runs on any x86_64 machine. */
export function systemsOf(type: MachineType): readonly string[] {
  const { systems } = type;
  return systems.includes('x86_64-linux') && !systems.includes('i686-linux')
    ? [...systems, 'i686-linux']
    : systems;
}

/** Every feature a machine of this type offers. */
export function featuresOf(type: MachineType): readonly string[] {
  return [...new Set([...type.features, ...type.supportedFeatures])];
}
