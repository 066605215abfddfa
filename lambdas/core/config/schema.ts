/**
 * The configuration file as people write it. Words and defaults that hydra-provisioner had are its own
 * (its README and script, commit ecbfc27); everything else is new. The JSON Schema for editors is made from this.
 */
import * as z from 'zod';
import { deploySchema } from './deploy-schema.ts';
import { STACKS_OWN_HOST } from './hydra-host-schema.ts';

/** Names that end up as one column, or part of one, of the machines file: nothing there may split or comment a line. */
const WORD = '[A-Za-z0-9][A-Za-z0-9_.+-]*';
const WORDS = `${WORD}(,${WORD})*`;
const TYPE_KEY = new RegExp(`^${WORDS}(:${WORDS})?$`);
const ABSOLUTE_PATH = /^\/[A-Za-z0-9_.+/-]*$/;

const word = z.string().regex(new RegExp(`^${WORD}$`), 'must be letters, digits, "_", ".", "+" or "-"');
const count = z.int().min(0);
const path = z.string().regex(ABSOLUTE_PATH, 'must be an absolute path without spaces or special characters');

/** The official images, by x86_64 and arm64 under one name. */
export const NIXOS_IMAGES = { owner: '427812963091', name: 'nixos/26.05*' } as const;

const imageSchema = z
  .union([
    z.strictObject({
      id: z
        .string()
        .regex(/^ami-[0-9a-f]{8,17}$/, 'must be an AMI id such as ami-0123456789abcdef0')
        .describe('This very image, instead of looking one up'),
    }),
    z.strictObject({
      owner: z
        .string()
        .default(NIXOS_IMAGES.owner)
        .describe('Account that publishes the image; the default is that of NixOS'),
      name: z.string().default(NIXOS_IMAGES.name).describe('Name pattern; the newest match is launched'),
      architecture: z
        .enum(['x86_64', 'arm64'])
        .optional()
        .describe('Of the image; default that of the type’s first system'),
    }),
  ])
  .describe('The machine image, looked up at each launch; default the newest official one of NixOS');

/** What an image may be described by, in either way. */
export const imageKeys = ['id', 'owner', 'name', 'architecture'] as const;

export const machineTypeSchema = z.strictObject({
  minMachines: count.default(0).describe('Machines kept even without demand'),
  maxMachines: count.default(1).describe('Never more machines than this; beats minMachines'),
  ignoredRunnables: z
    .int()
    .default(0)
    .describe('Runnable steps left to the static builders; may be negative'),
  runnablesPerMachine: z
    .number()
    .positive()
    .default(10)
    .describe('Runnable steps that are worth one machine'),
  maxJobs: z.int().min(1).max(10_000).default(1).describe('Steps a machine builds at once'),
  speedFactor: z
    .number()
    .min(1e-6)
    .max(1e6)
    .default(1)
    .describe('Relative speed, for the queue runner’s choice'),
  sshKey: path.optional().describe('Private key on the Hydra host, readable by the queue runner'),
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
  gracePeriod: z.number().min(0).default(0).describe('Seconds a machine stays after it was last needed'),
  billing: z
    .enum(['hourly', 'per-second'])
    .default('hourly')
    .describe('How AWS bills the platform; Linux on demand is billed per second'),
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
  image: imageSchema.optional(),
  supportedFeatures: z.array(word).default([]).describe('Features offered beyond those in the type’s name'),
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

const INSTANCE_ID_REMEDY = `must be i-… (EC2) or mi-… (hybrid), as SSM shows it, or "${STACKS_OWN_HOST}"`;
const INSTANCE_ID = new RegExp(
  `^(i-[0-9a-f]{8,17}|mi-[0-9a-f]{17}|${STACKS_OWN_HOST.replace('.', String.raw`\.`)})$`,
);

export const hostSchema = z.strictObject({
  instanceId: z
    .string(INSTANCE_ID_REMEDY)
    .regex(INSTANCE_ID, INSTANCE_ID_REMEDY)
    .describe(
      `The SSM managed instance Hydra’s queue runner runs on, or "${STACKS_OWN_HOST}" for the one of that setting`,
    ),
  statusCommand: z
    .array(
      z
        .string()
        .min(1)
        .max(1000)
        .regex(/^[^\n\0]*$/, 'must be one line'),
    )
    .min(1)
    .default(['hydra-queue-runner', '--status'])
    .describe(
      'Program and arguments, run without a shell; in Docker ["docker", "exec", "-e", "LOGNAME=hydra", "hydra", "hydra-queue-runner", "--status"]',
    ),
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]*$/, 'must be a user name')
    .optional()
    .describe('User to run it as, hydra-queue-runner on NixOS; default root'),
  environment: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
      z.string().regex(/^[^\n\0]*$/, 'must be one line'),
    )
    .default({})
    .describe('Environment for it, such as HYDRA_DBI'),
  machinesFile: path
    .default('/var/lib/hydra/provisioner/machines')
    .describe('Our machines file; list it in the queue runner’s NIX_REMOTE_SYSTEMS beside the static one'),
});

export const typeKeySchema = z
  .string()
  .max(256, 'must be at most 256 characters: it becomes a tag')
  .regex(TYPE_KEY, 'must be SYSTEM[,SYSTEM…][:FEATURE[,FEATURE…]], such as x86_64-linux:kvm');

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  tag: z
    .string()
    .regex(/^[A-Za-z0-9_.:/=+@-]{1,100}$/, 'must be a tag value of at most 100 characters')
    .optional()
    .describe('The farm’s name, which marks its instances; one farm, one tag; default the name of the stack'),
  observeOnly: z.boolean().default(false).describe('Look and report, change nothing'),
  schedule: z
    .string()
    .regex(/^rate\(([1-9][0-9]?) minutes?\)$/, 'must be rate(N minutes), N from 1 to 99')
    .default('rate(5 minutes)')
    .describe('How often a tick runs; every 25 minutes at least where billing is hourly'),
  maxTotalMachines: count.default(20).describe('Never more machines of all types together than this'),
  host: z
    .strictObject(hostSchema.shape, 'must be an object with at least "instanceId"')
    .describe('Where Hydra’s queue runner is, and how to ask it'),
  systemTypes: z
    .record(typeKeySchema, machineTypeSchema)
    .default({})
    .describe('The machine types, keyed SYSTEMS[:FEATURES]'),
  deploy: deploySchema.optional().describe('What only `cdk deploy` reads: network, builders, alarms'),
});

export type WrittenConfig = z.output<typeof configSchema>;
export type WrittenMachineType = z.output<typeof machineTypeSchema>;
