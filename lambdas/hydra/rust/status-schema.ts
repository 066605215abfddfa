/**
 * The shape of what the Rust queue runner answers to `/status`, whole or reduced on its host. Fields nobody here needs are
 * ignored; fields that are needed and wrong are refused, all at once, by path.
 */
import * as z from 'zod';
import { readStatus } from '../printed.ts';
import type { Printed } from '../printed.ts';

const count = z.int().min(0);
const epochSeconds = z.number().min(0);
const words = z.array(z.string());

const machineSchema = z.object({
  hostname: z.string(),
  systems: words,
  supportedFeatures: words,
  mandatoryFeatures: words,
  maxJobs: count,
  /** Since it joined, in seconds. */
  uptime: z.number().min(0),
  /** It takes no steps while less than this is free, in percent. */
  buildDirAvailThreshold: z.number(),
  storeAvailThreshold: z.number(),
  hasCapacity: z.boolean().default(true),
  stats: z.object({
    currentJobs: count,
    /** 0 while busy, and now and then while idle. */
    idleSince: epochSeconds.default(0),
    /** 0 for never; stays in the past after recovery. */
    lastFailure: epochSeconds.default(0),
    /** Back to 0 at each success. */
    consecutiveFailures: count.default(0),
    succeededBuilds: count.default(0),
    failedBuilds: count.default(0),
    /** Of the steps that succeeded or failed, what was fetched before and sent back after included: so long they held a slot. */
    totalStepTimeMs: count.default(0),
    /** Of all its steps, good and bad ones, without what is fetched before and sent back after. */
    totalStepBuildTimeMs: count.exactOptional(),
    /** 0 until the first ping; the free percents are 0 until then, too. */
    lastPing: epochSeconds,
    sinceLastPing: z.number().min(0),
    buildDirFreePercent: z.number(),
    storeFreePercent: z.number(),
  }),
});

/** The systems there are steps of, with what of them is scheduled somewhere. */
const systemSchema = z.object({ activeRunnable: count, totalRunnable: count });

const upSchema = z.object({
  queueRunner: z.object({
    status: z.literal('up', { error: 'must be "up"' }),
    time: z
      .string()
      .transform((text) => Date.parse(text) / 1000)
      .pipe(epochSeconds),
    uptime: z.number().min(0),
    queueStats: z.record(z.string(), systemSchema),
    queueChecksFinished: count,
    nrBuildsUnfinished: count,
    machinesTotal: count,
  }),
  machines: z.record(z.string(), machineSchema),
});

/** A status of a running queue runner. */
export type PrintedStatus = z.output<typeof upSchema>;
export type PrintedMachine = z.output<typeof machineSchema>;

/** Reads the body of an answer to `/status`. Never throws. */
export const readPrinted = (text: string): Printed<PrintedStatus> => readStatus(text, upSchema);
