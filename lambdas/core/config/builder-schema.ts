/** `deploy.builder` and `deploy.builders`: how the machines of all types, or of one, are set up. */
import * as z from 'zod';

/** What Nix accepts as a store, without anything a shell or nix.conf could misread. */
const storeUrl = z
  .string()
  .regex(
    /^((https?|s3):\/\/|file:\/\/\/)[A-Za-z0-9._~:/?&=%+@-]+$/,
    'must be an https://, http://, s3:// or file:/// store address',
  );

/** Where something is kept that nobody but those who need it may read. */
export const secretArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter\/)[A-Za-z0-9/_+=.@-]+$/,
    'must be the ARN of a Secrets Manager secret or an SSM parameter',
  );

export const uploadSchema = z.strictObject({
  to: z
    .string()
    .regex(
      /^(s3:\/\/[a-z0-9.-]{3,63}(\?[A-Za-z0-9._~:/&=%+-]+)?|cachix:[a-z0-9-]+)$/,
      'must be s3://BUCKET?region=REGION or cachix:CACHE',
    )
    .describe('Binary cache every output is copied to after its build'),
  secret: secretArn
    .optional()
    .describe(
      'Holds the Nix signing key (S3) or the auth token (Cachix) as plain text, not as key and value; read by the machine, never part of user data',
    ),
  signingKey: secretArn
    .optional()
    .describe(
      'Holds the signing key of a Cachix cache that is signed with a key of its own, in the same way; beside the token, or instead of it; Cachix only',
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
    .describe('Operations per second; more than 3000 cost extra; default 3000'),
  diskThroughput: z
    .int()
    .min(125)
    .max(1000)
    .optional()
    .describe('MiB per second; more than 125 cost extra; default 125'),
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
    .describe(
      'Where builders fetch what is built already, before cache.nixos.org; their role may read s3://BUCKET?region=REGION; file:///PATH is a directory of the image; with trusted=1 an unsigned cache is believed',
    ),
  nixosCache: z
    .boolean()
    .optional()
    .describe('Whether builders also fetch from https://cache.nixos.org; default true'),
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

export type Upload = z.output<typeof uploadSchema>;
