/** The queue runner's host: as people write it, which is as the code uses it. */
import * as z from 'zod';
import { STACKS_OWN_HOST } from './hydra-host-schema.ts';
import { pathSchema, written } from './words.ts';
import type { Written } from './words.ts';

const INSTANCE_ID_REMEDY = `must be i-… (EC2) or mi-… (hybrid), as SSM shows it, or "${STACKS_OWN_HOST}"`;
const INSTANCE_ID = new RegExp(
  `^(i-[0-9a-f]{8,17}|mi-[0-9a-f]{17}|${STACKS_OWN_HOST.replace('.', String.raw`\.`)})$`,
);

/** Our commands run as root there, and what answers may start builds: nothing but this very host is asked. */
const LOOPBACK_URL = /^http:\/\/(\[::1\]|127\.0\.0\.1|localhost)(:\d{1,5})?$/;
const RUNNER_ADDRESS = new RegExp(
  String.raw`^(https?://(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(:\d{1,5})?|${STACKS_OWN_HOST.replace('.', String.raw`\.`)})$`,
);

const instanceId = z
  .string(INSTANCE_ID_REMEDY)
  .regex(INSTANCE_ID, INSTANCE_ID_REMEDY)
  .describe(
    `The SSM managed instance Hydra’s queue runner runs on, or "${STACKS_OWN_HOST}" for the one of that setting`,
  );

/** What only the C++ queue runner needs. */
const cppSettings = {
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
      'C++ only: program and arguments, run without a shell; in Docker ["docker", "exec", "-e", "LOGNAME=hydra", "hydra", "hydra-queue-runner", "--status"]',
    ),
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]*$/, 'must be a user name')
    .optional()
    .describe('C++ only: user to run it as, hydra-queue-runner on NixOS; default root'),
  environment: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable'),
      z.string().regex(/^[^\n\0]*$/, 'must be one line'),
    )
    .default({})
    .describe('C++ only: environment for it, such as HYDRA_DBI'),
  machinesFile: pathSchema
    .default('/var/lib/hydra/provisioner/machines')
    .describe(
      'C++ only: our machines file; list it in the queue runner’s NIX_REMOTE_SYSTEMS beside the static one',
    ),
};

const restUrl = z
  .string()
  .regex(LOOPBACK_URL, 'must be http:// with [::1], 127.0.0.1 or localhost, and a port')
  .default('http://[::1]:8080')
  .describe('Rust only: where the queue runner’s REST interface answers on its host');
const queueRunnerAddr = z
  .string()
  .regex(
    RUNNER_ADDRESS,
    `must be an address such as https://hydra.example.org:443 or http://10.0.0.5:50051, or "${STACKS_OWN_HOST}"`,
  )
  .describe(
    `Rust only: where builders reach the queue runner, or "${STACKS_OWN_HOST}" for the one of that setting; without it none can dial in`,
  );

/** One look tells which of the two runs there, so this has the settings of both. */
const autoHostSchema = z.strictObject({
  runner: z
    .literal('auto')
    .default('auto')
    .describe('Which queue runner the host has: found out by each look, or named'),
  instanceId,
  ...cppSettings,
  restUrl,
  queueRunnerAddr: queueRunnerAddr.optional(),
});

/** The C++ queue runner, of Hydra up to NixOS 26.05. */
const cppHostSchema = z.strictObject({ runner: z.literal('cpp'), instanceId, ...cppSettings });

/** The Rust queue runner, of Hydra from NixOS 26.11 on. */
const rustHostSchema = z.strictObject({ runner: z.literal('rust'), instanceId, restUrl, queueRunnerAddr });

const CHOICE =
  '"auto", "cpp" (Hydra up to NixOS 26.05) or "rust" (from NixOS 26.11 on); leave it out for "auto"';

/** By the kind of queue runner, each of which has settings of its own. */
export const hostSchema = z.discriminatedUnion('runner', [autoHostSchema, cppHostSchema, rustHostSchema], {
  error: ({ code }) =>
    code === 'invalid_union' ? `must be ${CHOICE}` : 'must be an object with at least "instanceId"',
});

export type WrittenHost = z.output<typeof hostSchema>;

/** The settings there are, of whichever kind of runner. */
export const hostKeys: readonly string[] = Object.keys(autoHostSchema.shape);

/**
 * How to reach the queue runner on its host. Its `instanceId` is `deploy.hydraHost` until the environment names another.
 * Where one kind of runner is named, the settings of the other have their defaults and are not used.
 */
export type HostConfig = Omit<Written<z.output<typeof autoHostSchema>>, 'runner'> &
  Pick<WrittenHost, 'runner'>;

export const normaliseHost = (host: WrittenHost): HostConfig =>
  written({
    ...autoHostSchema.parse({ instanceId: host.instanceId }),
    ...host,
  });
