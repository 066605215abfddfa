/** Events that only a host with the Rust queue runner can meet, and the one that gives a host the other queue runner. */
import * as z from 'zod';
import { runnerKindSchema } from '../../../lambdas/core/model/index.ts';

const at = { t: z.number().min(0, 'must be 0 or more: seconds since the start') };
const lasting = { ...at, until: z.number().optional() };
/** An instance id, or the oldest or newest machine. */
const host = z.string();
const timer = z.int('must be a whole number of seconds').min(-1, 'must be -1 or more').optional();

/** The host is upgraded, or rolled back: the other queue runner starts on the same database. */
export const replaceRunner = z.strictObject({
  ...at,
  do: z.literal('replace-runner'),
  runner: runnerKindSchema,
});

/** What befalls the builder of one machine, beside what may befall one of either queue runner. */
const rustBuilder = z.strictObject({
  ...at,
  do: z.enum([
    'restart-builder',
    'crash-builder',
    'heal-builder',
    'reboot-builder',
    'open-builder',
    'close-builder',
    'stop-daemon',
    'start-daemon',
  ]),
  host,
});

/** Somebody’s builder has joined under the name of one of our machines. */
const doubleBuilder = z.strictObject({ ...lasting, do: z.literal('double-builder'), host });

/** Machines that boot meanwhile are not as they should be. */
const buildersBoot = z.strictObject({
  ...lasting,
  do: z.literal('builders-boot'),
  /** Of the protocol that hydra-builder speaks. */
  version: z.string().optional(),
  /** What they show to be let in. */
  token: z.string().optional(),
  supportedFeatures: z.array(z.string()).optional(),
  maxJobs: z.int().min(1, 'must be 1 or more').optional(),
});

/** queue-runner.toml is changed and read again; in the end it is as before. */
const runnerSettings = z.strictObject({
  ...lasting,
  do: z.literal('runner-settings'),
  maxUnsupportedTimeInS: timer,
  dispatchTriggerTimerInS: timer,
});

/** The user of the queue runner cannot read a file in tokenPaths: whoever joins is let in. */
const tokenUnreadable = z.strictObject({ ...lasting, do: z.literal('token-unreadable') });

/** Those of the Rust queue runner alone. */
export const RUST_EVENTS = [
  rustBuilder,
  doubleBuilder,
  buildersBoot,
  runnerSettings,
  tokenUnreadable,
] as const;

export type ReplaceRunner = z.output<typeof replaceRunner>;
export type RustEvent = z.output<(typeof RUST_EVENTS)[number]>;
/** What befalls one builder in an instant. */
export type RustBuilderEvent = z.output<typeof rustBuilder>;
export type RustLasting = Exclude<RustEvent, RustBuilderEvent>;
