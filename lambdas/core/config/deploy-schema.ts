/**
 * The part of the configuration for `cdk deploy`: network, builders, alarms. The function checks it with the rest, so that
 * one file has one truth, and uses nothing of it but its tags and when to tell people. Everything here ends up in templates or in shell scripts:
 * each pattern leaves out what could end a quote.
 */
import * as z from 'zod';
import { builderSchema, secretArn, uploadSchema } from './builder-schema.ts';
import { hydraHostSchema, IPV4_RANGE } from './hydra-host-schema.ts';

const KMS_KEY = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
    'must be the ARN of a KMS key, not an alias',
  );

const PUBLIC_KEY =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,2}( [A-Za-z0-9@._-]+)?$/;

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
      'must be a security group id (sg-…) or an IPv4 range such as 10.0.0.5/32; IPv6 is not supported',
    )
    .optional()
    .describe(
      'The only source that reaches builders, on port 22: the Hydra host’s security group or address; default that of `deploy.hydraHost`, else it is needed for the C++ queue runner',
    ),
  openToInternet: z
    .array(z.enum(['hydraSource', 'webSource']))
    .max(2)
    .optional()
    .describe(
      'Which of these may be a range wider than /8, such as 0.0.0.0/0, so that anybody may knock; default none',
    ),
  queueRunnerKey: z
    .string()
    .regex(PUBLIC_KEY, 'must be one public key line')
    .optional()
    .describe(
      'Public key of the queue runner; on builders it may run nix-store --serve --write and nothing else; default that of `deploy.hydraHost`, else it is needed for the C++ queue runner',
    ),
  queueRunnerToken: secretArn
    .optional()
    .describe(
      'Holds the token builders register with at the Rust queue runner, as plain text; read by the machine at its boot, never part of user data; needed with `host.queueRunnerAddr` unless every image brings everything itself; default that of `deploy.hydraHost`',
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
    .describe(
      'How long the function’s log group is kept; default 30. The journal is kept for 30 days, whatever this is',
    ),
  reservedConcurrency: z
    .int()
    .min(1)
    .max(10)
    .optional()
    .describe(
      'Invocations at once, 2 or more: with 1, events of EC2 that wait behind a long tick end in FailedInvocation; new accounts have too few to reserve any; default not reserved',
    ),
  launchesPerHour: z
    .int()
    .min(1)
    .optional()
    .describe('More launches in an hour raise an alarm; default twice `maxTotalMachines`'),
  machineHoursPerDay: z
    .int()
    .min(1)
    .optional()
    .describe('More machine-hours in 24 hours raise an alarm; 240 are 10 machines all day; default no limit'),
  dollarsPerDay: z
    .number()
    .positive()
    .optional()
    .describe(
      'More dollars for machines in 24 hours raise an alarm, as far as their prices are known; default no limit',
    ),
  templateRoles: z
    .array(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of a role'))
    .max(20)
    .optional()
    .describe('Roles in launch templates of your own, which the function has to pass on'),
  kmsKeys: z
    .array(KMS_KEY)
    .max(20)
    .optional()
    .describe(
      'ARNs of keys of your own that disks, images, upload secrets or caches are encrypted with; the account’s default EBS key among them',
    ),
  encryptionKey: KMS_KEY.optional().describe(
    'ARN of a key of your own for state table, alarm mail and log groups, whose policy lets these services use it; default AWS’s own keys',
  ),
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
    .describe(
      'Further tags of fleets, machines, volumes and everything in the stack, for the bill and for policies that demand them',
    ),
  builder: builderSchema.optional().describe('Settings of all builders'),
  builders: z
    .record(z.string(), builderSchema)
    .optional()
    .describe('Settings of the builders of one machine type, keyed as in `systemTypes`; they beat `builder`'),
});

export type WrittenDeploy = z.output<typeof deploySchema>;

/** The keys known at a place within `deploy`, for suggestions. `path` starts after `deploy`. */
export function knownDeployKeys(path: readonly PropertyKey[]): string[] {
  const [place, ...rest] = path;
  if (place === undefined) return Object.keys(deploySchema.shape);
  if (place === 'hydraHost') return Object.keys(hydraHostSchema.shape);
  const below = place === 'builders' ? rest.slice(1) : rest;
  return Object.keys(below[0] === 'upload' ? uploadSchema.shape : builderSchema.shape);
}
