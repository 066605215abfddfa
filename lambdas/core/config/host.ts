/** The queue runner's host: as people write it, which is as the code uses it. */
import * as z from 'zod';
import { STACKS_OWN_HOST } from './hydra-host-schema.ts';
import { pathSchema, written } from './words.ts';
import type { Written } from './words.ts';

const INSTANCE_ID_REMEDY = `must be i-… (EC2) or mi-… (hybrid), as SSM shows it, or "${STACKS_OWN_HOST}"`;
const INSTANCE_ID = new RegExp(
  `^(i-[0-9a-f]{8,17}|mi-[0-9a-f]{17}|${STACKS_OWN_HOST.replace('.', String.raw`\.`)})$`,
);

/** The C++ queue runner, of Hydra up to NixOS 26.05. */
export const cppHostSchema = z.strictObject({
  runner: z
    .literal('cpp')
    .default('cpp')
    .describe('The kind of queue runner: C++, of Hydra up to NixOS 26.05'),
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
  machinesFile: pathSchema
    .default('/var/lib/hydra/provisioner/machines')
    .describe('Our machines file; list it in the queue runner’s NIX_REMOTE_SYSTEMS beside the static one'),
});

const CPP = '"cpp", the queue runner of Hydra up to NixOS 26.05';

/** By the kind of queue runner, each of which has settings of its own. */
export const hostSchema = z.discriminatedUnion('runner', [cppHostSchema], {
  error: ({ code }) =>
    code === 'invalid_union' ? `must be ${CPP}` : 'must be an object with at least "instanceId"',
});

export type WrittenHost = z.output<typeof hostSchema>;

/** How to reach the queue runner on its host. Its `instanceId` is `deploy.hydraHost` until the environment names another. */
export type HostConfig = Written<WrittenHost>;

export const normaliseHost = (host: WrittenHost): HostConfig => written(host);
