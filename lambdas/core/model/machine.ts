/** What is remembered of a machine. */
import * as z from 'zod';
import { poolSchema } from './pool.ts';
import { countSchema, idSchema, noted, secondsSchema, sightingSchema } from './scalars.ts';

export const phaseSchema = z.enum([
  'booting',
  'ready',
  'draining',
  'stopping',
  'stopped',
  'terminating',
  'failed',
]);
/** Life of a machine, from launch to gone. A launch that has not answered yet is the phase `requested`. */
export type Phase = z.infer<typeof phaseSchema>;

export const billingSchema = z.enum(['hourly', 'per-second']);
/** How AWS charges a machine: `hourly` buys whole hours from each start on, `per-second` buys seconds. */
export type Billing = z.infer<typeof billingSchema>;

export const drainSchema = z
  .object({
    since: secondsSchema,
    reason: z.string(),
    /** The machines file without its line was written and read back. */
    unlisted: sightingSchema.exactOptional(),
    /** A trusted status taken after `unlisted` no longer lists it. */
    acknowledged: sightingSchema.exactOptional(),
    /** First of the unbroken run of trusted statuses, after the acknowledgement, that show no job on it. */
    quiet: sightingSchema.exactOptional(),
    /** First of the unbroken run of trusted statuses, from `quiet` on, without a copy of any machine: the next one is proof. */
    uncopied: sightingSchema.exactOptional(),
    /** A proof that nothing is being copied back from it, taken at or after `quiet`. */
    copiedBack: sightingSchema.exactOptional(),
  })
  .readonly();
/** How far a drain has come; each field is evidence for one part of rule 2. */
export type Drain = z.infer<typeof drainSchema>;

export const startsSchema = z
  .object({
    /** Accepted by AWS, and stopped again before it was ready. */
    undone: countSchema,
    /** Refused for a reason of its own. */
    refused: countSchema,
    /** Not tried again before then. */
    until: secondsSchema.exactOptional(),
    /** EC2's start of it that was undone last. */
    startedAt: secondsSchema.exactOptional(),
  })
  .readonly();
/** Starts of a stopped machine that came to nothing. */
export type Starts = z.infer<typeof startsSchema>;

export const machineSchema = z
  .object({
    instanceId: idSchema,
    type: idSchema,
    /** The launch it came from; absent when it was adopted without one. */
    launchId: idSchema.exactOptional(),
    phase: phaseSchema,
    phaseSince: secondsSchema,
    /** Why it is in its phase, for people. */
    reason: z.string(),
    billing: billingSchema,
    address: z.string().exactOptional(),
    /** Public host key line `ssh-ed25519 AAAA…`, once known. */
    hostKey: z.string().exactOptional(),
    /** When the file with its line was written and read back, this time round. Absent while not listed. */
    listed: sightingSchema.exactOptional(),
    /** The first trusted status since `listed` that shows the machine. Only then can a drain be told from a line never read. */
    seenListed: sightingSchema.exactOptional(),
    /**
     * It was not ready yet, and the last trusted status showed none listed or at work at its address. A predecessor there
     * may have left a line that the queue runner still goes by, and then what was never ready may be at work all the same.
     */
    unknownToRunner: noted,
    /** Since when it has been more than the type needs: the grace timer. */
    surplusSince: secondsSchema.exactOptional(),
    /** Since when it is to be asked whether it still answers, because the queue runner failed there once. It is capacity meanwhile. */
    doubtedSince: secondsSchema.exactOptional(),
    /** Since when there is reason to believe that it does not answer, although it was listed. */
    unreachableSince: secondsSchema.exactOptional(),
    /** When such a doubt was last dispelled: failures before that do not count again. */
    reached: sightingSchema.exactOptional(),
    /** EC2's start of it that it got ready after: another one means a restart behind our back. */
    startedAt: secondsSchema.exactOptional(),
    /** AWS has announced, since its last start, that it will take it: that stays true when AWS cannot be asked again. */
    interrupted: noted,
    /** Since when EC2 has shown it stopping or shutting down, whoever wanted it. Absent while it does not. */
    goingDownSince: secondsSchema.exactOptional(),
    /** It no longer bears our tag. */
    untagged: noted,
    drain: drainSchema.exactOptional(),
    /** Where it was launched, as EC2 answered. */
    pool: poolSchema.exactOptional(),
    /** Since when, and in how many looks, EC2 has not shown it. Absent while it does. */
    missing: z.object({ since: secondsSchema, looks: countSchema }).readonly().exactOptional(),
    /** What became of starts of it since it was last ready; absent while they went well. */
    starts: startsSchema.exactOptional(),
  })
  .readonly();
/** What is remembered of one machine. One stored item. */
export type Machine = z.infer<typeof machineSchema>;
