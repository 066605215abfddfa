/** What is remembered of the farm as a whole, and everything remembered. */
import * as z from 'zod';
import { backOffSchema } from './back-off.ts';
import { jobsetSchema } from './evaluation.ts';
import { knownTemplateSchema } from './instance.ts';
import { launchSchema } from './launch.ts';
import { machineSchema } from './machine.ts';
import { floorSchema, orderSchema } from './order.ts';
import { pricesSchema } from './prices.ts';
import { problemFields } from './problem.ts';
import { runnerKindSchema } from './queue.ts';
import { countSchema, idSchema, noted, renamedFrom, secondsSchema } from './scalars.ts';
import { watchSchema } from './watch.ts';

export const unrecordedSchema = z
  .object({
    instanceId: idSchema,
    /** The machine type it is tagged with; absent where there is none. */
    type: idSchema.exactOptional(),
  })
  .readonly();
/** An instance that bears our tag and is left alone: it is not ours, or that is not known yet. */
export type Unrecorded = z.infer<typeof unrecordedSchema>;

export const waitingSchema = z.object({ type: idSchema, since: secondsSchema }).readonly();
/** Since when a machine type has had, at every look, runnable steps and no free slot for them. */
export type Waiting = z.infer<typeof waitingSchema>;

export const durationSchema = z.object({ type: idSchema, mean: secondsSchema }).readonly();
/** What a step takes on one slot of a machine type, on average, in seconds: learnt from what its machines have done. */
export type Duration = z.infer<typeof durationSchema>;

export const gapsSchema = z
  .object({
    type: idSchema,
    /** Machines that all steps filled at the last look. */
    need: countSchema,
    /** Since when the machines from a rank to another have not been needed, the lowest first. */
    falls: z
      .array(z.object({ from: countSchema, to: countSchema, since: secondsSchema }).readonly())
      .readonly(),
    /** How often each length of a gap was seen, by group of ranks. */
    seen: z
      .array(z.object({ group: countSchema, counts: z.array(countSchema).readonly() }).readonly())
      .readonly(),
  })
  .readonly();
/** For how long the n-th machine of a type is not needed, once it is not: what waiting for it to be needed again is worth. */
export type Gaps = z.infer<typeof gapsSchema>;

export const runnerSchema = z.object({ kind: runnerKindSchema, since: secondsSchema }).readonly();
/** Which queue runner the Hydra host has, and since when it has been seen there. */
export type Runner = z.infer<typeof runnerSchema>;

const farmRecord = z
  .object({
    /** Absent until one has answered, and in records of versions that knew the C++ one alone. */
    runner: runnerSchema.exactOptional(),
    /** The last trusted status, and since when there has been none. */
    lastTrustedAt: secondsSchema.exactOptional(),
    untrustedSince: secondsSchema.exactOptional(),
    /** When a type first had work beside a free slot without taking it: the stalled dispatcher's clock. */
    stalledSince: secondsSchema.exactOptional(),
    /** When the queue runner was last nudged, because its dispatcher had stalled. */
    lastNudgedAt: secondsSchema.exactOptional(),
    backOffs: z.array(backOffSchema).readonly(),
    lastTickAt: secondsSchema.exactOptional(),
    waiting: z.array(waitingSchema).readonly().exactOptional(),
    /** Of types that work by a target wait, once enough is known. */
    durations: z.array(durationSchema).readonly().exactOptional(),
    /** Of those that are billed by the second. */
    gaps: z.array(gapsSchema).readonly().exactOptional(),
    /** Those that machines could be launched ahead for, the latest first. */
    jobsets: z.array(jobsetSchema).readonly().exactOptional(),
    /** Of all that was offered, as it was last verified. */
    offeredDigest: z.string().exactOptional(),
    /** How often in a row, and since when, machines could not be offered or withdrawn; absent when they could. */
    offerFailures: renamedFrom(
      { reason: 'says' },
      z.object({ times: countSchema, since: secondsSchema, ...problemFields }).readonly(),
    ).exactOptional(),
    /** Whether this farm has ever offered a machine. Absent in records of older versions, see `hasEverOffered`. */
    hasOffered: z.boolean().exactOptional(),
    /** Builds the queue runner knew at the last look: a queue that grows from look to look is still being loaded. */
    buildsQueued: countSchema.exactOptional(),
    /** Instances that were seen to bear our tag and have no record: they count against the caps, also while EC2 does not show them. */
    unrecorded: z.array(unrecordedSchema).readonly().exactOptional(),
    /** Launch templates that types have, or had when they were configured: machines from them are ours. */
    templates: z.array(knownTemplateSchema).readonly().exactOptional(),
    /** What was left on the Hydra host. Absent while a tick is at work, and where none was left. */
    watch: watchSchema.exactOptional(),
  })
  .readonly();
export const farmSchema = renamedFrom(
  {
    lastRepublishedAt: 'lastNudgedAt',
    publishedSha256: 'offeredDigest',
    unpublished: 'offerFailures',
    wroteFile: 'hasOffered',
  },
  farmRecord,
);
/** What is remembered of the farm as a whole. One stored item. */
export type Farm = z.infer<typeof farmSchema>;

export const unreadableRecordSchema = z
  .object({
    /** Its key in the store. */
    key: z.string(),
    /** Set on a machine's record: that machine is not an orphan. Leave it alone and count it. */
    instanceId: z.string().exactOptional(),
    /** What is wrong with it, field by field. */
    problem: z.string(),
  })
  .readonly();
/** A stored record that cannot be read. It stays as it is until it is written anew, or a person removes it. */
export type UnreadableRecord = z.infer<typeof unreadableRecordSchema>;

export const farmStateSchema = z
  .object({
    farm: farmSchema,
    machines: z.array(machineSchema).readonly(),
    launches: z.array(launchSchema).readonly(),
    floors: z.array(floorSchema).readonly(),
    /** What AWS asks for machines. Absent until it was asked. */
    prices: pricesSchema.exactOptional(),
    /** What people have ordered and is still in force. Absent when there is nothing. */
    orders: z.array(orderSchema).readonly().exactOptional(),
    /**
     * Set where the store showed nothing at all, not even the lease of a first tick: the farm is new, or the answer is wrong.
     * Nothing may be concluded from what is missing then.
     */
    isBlank: noted,
    /** Absent when every record could be read. */
    unreadable: z.array(unreadableRecordSchema).readonly().exactOptional(),
  })
  .readonly();
/** Everything remembered, as one consistent read. */
export type FarmState = z.infer<typeof farmStateSchema>;
