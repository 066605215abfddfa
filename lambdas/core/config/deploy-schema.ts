/**
 * The part of the configuration that only `cdk deploy` reads: network, builders, alarms. The function checks it with the
 * rest, so that one file has one truth, and uses none of it. Everything here ends up in templates or in shell scripts:
 * each pattern leaves out what could end a quote.
 */
import * as z from 'zod';
import { hydraHostSchema, IPV4_RANGE } from './hydra-host-schema.ts';

const PUBLIC_KEY =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}( [A-Za-z0-9@._-]+)?$/;

/** What Nix accepts as a store, without anything a shell or nix.conf could misread. */
const storeUrl = z
  .string()
  .regex(/^(https?|s3):\/\/[A-Za-z0-9._~:/?&=%+@-]+$/, 'must be an https://, http:// or s3:// store address');

export const uploadSchema = z.strictObject({
  to: z
    .string()
    .regex(
      /^(s3:\/\/[a-z0-9.-]{3,63}(\?[A-Za-z0-9._~:/&=%+-]+)?|cachix:[a-z0-9-]+)$/,
      'must be s3://BUCKET?region=REGION or cachix:CACHE',
    )
    .describe('Binary cache every output is copied to after its build'),
  secret: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)[A-Za-z0-9/_+=.@-]+$/,
      'must be the ARN of a Secrets Manager secret or an SSM parameter',
    )
    .describe(
      'Holds the Nix signing key (S3) or the auth token (Cachix); read by the machine, never part of user data',
    ),
  program: z
    .string()
    .regex(/^\/nix\/store\/[a-z0-9]{32}-[A-Za-z0-9+._?=-]+$/, 'must be a store path')
    .optional()
    .describe('Store path of Cachix’s client, fetched from the substituters; Cachix only'),
});

export const builderSchema = z.strictObject({
  userData: z
    .enum(['nixos', 'none'])
    .optional()
    .describe(
      'Whether a NixOS image is set up at boot, or the image brings everything itself; default nixos',
    ),
  rootDevice: z
    .string()
    .regex(/^\/dev\/[a-z0-9]+$/, 'must be a device such as /dev/xvda')
    .optional()
    .describe('Root device of the image, as NixOS images have it; default /dev/xvda'),
  diskGiB: z.int().min(8).max(16_384).optional().describe('Root disk, gp3, encrypted; default 100'),
  diskIops: z
    .int()
    .min(3000)
    .max(16_000)
    .optional()
    .describe('Operations a second; more than 3000 cost extra; default 3000'),
  diskThroughput: z
    .int()
    .min(125)
    .max(1000)
    .optional()
    .describe('MiB a second; more than 125 cost extra; default 125'),
  swapGiB: z.int().min(0).max(512).optional().describe('Swap file, 0 for none; default 4'),
  buildDirectory: z
    .enum(['disk', 'memory', 'instance-store'])
    .optional()
    .describe(
      'Where Nix builds: the root disk, a tmpfs of most of the memory, or the local NVMe disk; default disk',
    ),
  substituters: z
    .array(storeUrl)
    .max(10)
    .optional()
    .describe('Where builders fetch what is built already; default https://cache.nixos.org'),
  trustedPublicKeys: z
    .array(
      z.string().regex(/^[A-Za-z0-9._-]+:[A-Za-z0-9+/]{43}=$/, 'must be NAME:KEY as nix-store prints it'),
    )
    .max(10)
    .optional()
    .describe('Signing keys of further substituters'),
  nestedVirtualization: z
    .boolean()
    .optional()
    .describe('Gives C8i, M8i and R8i machines /dev/kvm; on-demand only; default false'),
  deadManMinutes: z
    .int()
    .min(15)
    .max(1440)
    .optional()
    .describe(
      'An idle machine that heard nothing from the autoscaler for so long powers itself off; default 90',
    ),
  upload: uploadSchema.optional().describe('Copies every output to a binary cache'),
});

export const deploySchema = z.strictObject({
  hydraHost: hydraHostSchema
    .optional()
    .describe('Makes a Hydra as well, for those who have none; `host.instanceId` is then "deploy.hydraHost"'),
  vpc: z
    .string()
    .regex(/^vpc-[0-9a-f]{8,17}$/, 'must be a VPC id such as vpc-0123456789abcdef0')
    .optional()
    .describe('Network of the builders; default the account’s default VPC'),
  hydraSource: z
    .string()
    .regex(
      new RegExp(`^(sg-[0-9a-f]{8,17}|${IPV4_RANGE})$`),
      'must be a security group id (sg-…) or an IPv4 range such as 10.0.0.5/32',
    )
    .optional()
    .describe(
      'The only source that reaches builders, on port 22: the Hydra host’s security group or address; default that of `deploy.hydraHost`, else it is needed',
    ),
  queueRunnerKey: z
    .string()
    .regex(PUBLIC_KEY, 'must be one public key line')
    .optional()
    .describe(
      'Public key of the queue runner; on builders it may run nix-store --serve --write and nothing else; default that of `deploy.hydraHost`, else it is needed',
    ),
  notify: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/, 'must be a mail address')
    .optional()
    .describe('Where alarms are mailed to; default nowhere'),
  logRetentionDays: z
    .union(
      ([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731] as const).map((days) =>
        z.literal(days),
      ),
      {
        error: 'must be a number of days CloudWatch knows, such as 7, 30, 90 or 365',
      },
    )
    .optional()
    .describe('How long the journal is kept; default 30'),
  reservedConcurrency: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .describe(
      'Invocations at once; new accounts have too few to reserve any, and the lease keeps ticks apart anyway; default not reserved',
    ),
  launchesPerHour: z
    .int()
    .min(1)
    .optional()
    .describe('More launches in an hour raise an alarm; default twice `maxTotalMachines`'),
  templateRoles: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of a role'))
    .max(20)
    .optional()
    .describe('Roles in launch templates of your own, which the function has to pass on'),
  tags: z
    .record(
      z
        .string()
        .regex(
          /^(?!aws:|hydra-autoscaler:)[A-Za-z0-9 _.:/=+@-]{1,128}$/,
          'must be a tag key, and not one of AWS’s (aws:…) or ours (hydra-autoscaler:…)',
        ),
      z.string().regex(/^[A-Za-z0-9 _.:/=+@-]{0,256}$/, 'must be a tag value'),
    )
    .optional()
    .describe('Further tags of machines, volumes and everything in the stack, for the bill'),
  builder: builderSchema.optional().describe('Settings of all builders'),
  builders: z
    .record(z.string(), builderSchema)
    .optional()
    .describe('Settings of the builders of one machine type, keyed as in `systemTypes`; they beat `builder`'),
});

export type WrittenDeploy = z.output<typeof deploySchema>;
export type WrittenBuilder = z.output<typeof builderSchema>;
export type Upload = z.output<typeof uploadSchema>;

/** The keys known at a place within `deploy`, for suggestions. `path` starts after `deploy`. */
export function knownDeployKeys(path: readonly PropertyKey[]): string[] {
  const [place, ...rest] = path;
  if (place === undefined) return Object.keys(deploySchema.shape);
  if (place === 'hydraHost') return Object.keys(hydraHostSchema.shape);
  const below = place === 'builders' ? rest.slice(1) : rest;
  return Object.keys(below[0] === 'upload' ? uploadSchema.shape : builderSchema.shape);
}
