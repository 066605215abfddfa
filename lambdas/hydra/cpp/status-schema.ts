/**
 * The shape of what the C++ queue runner prints for `--status`, all versions from 2015 to its end in 2026.
 * Fields nobody here needs are ignored; fields that are needed and wrong are refused, all at once, by path.
 */
import * as z from 'zod';
import { readStatus } from '../printed.ts';
import type { Printed } from '../printed.ts';

/** Far beyond any real farm: the largest known have some hundred machines and some dozen kinds of steps. */
const MAX_ENTRIES = 50_000;

const count = z.int().min(0);
const epochSeconds = z.number().min(0);

/** An object with text keys; absent, or null where the runner of early 2023 lost it. Entries named `__proto__` are dropped. */
const table = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string(), value)
    .refine((entries) => Object.keys(entries).length <= MAX_ENTRIES, {
      error: `must have at most ${MAX_ENTRIES} entries`,
    })
    .nullish();

const machineSchema = z.object({
  /** In the machines file now. Runners before 2023 only ever showed such machines. */
  enabled: z.boolean().default(true),
  currentJobs: count,
  /** Only while `currentJobs` is 0; 0 for a machine that has never built. */
  idleSince: epochSeconds.default(0),
  /** 0 for never; stays in the past after recovery. */
  disabledUntil: epochSeconds.default(0),
  lastFailure: epochSeconds.default(0),
  consecutiveFailures: count.default(0),
  /** Retried ones do not count. */
  nrStepsDone: count.default(0),
  /** In seconds, of the steps done: from the first byte copied there to the last one fetched. */
  totalStepTime: z.number().min(0).default(0),
});

const machineTypeSchema = z.object({ runnable: count, running: count });

const upSchema = z.object({
  status: z.literal('up', { error: 'must be "up" or "down"' }),
  time: epochSeconds,
  uptime: z.number().min(0),
  nrQueuedBuilds: count.optional(),
  nrRunnableSteps: count.optional(),
  nrActiveSteps: count.optional(),
  nrStepsCopyingFrom: count.optional(),
  nrUnsupportedSteps: count.optional(),
  machines: table(machineSchema),
  machineTypes: table(machineTypeSchema),
});

/** A status of a running queue runner, as printed. */
export type PrintedStatus = z.output<typeof upSchema>;
export type PrintedMachine = z.output<typeof machineSchema>;

/** Reads the text the status command printed. Never throws. */
export const readPrinted = (text: string): Printed<PrintedStatus> => readStatus(text, upSchema);
